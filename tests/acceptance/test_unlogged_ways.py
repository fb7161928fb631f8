"""What is not written down as an opening shows nothing that anybody wrote, to those whose own it is not."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select

from service.storage.view_tables import content_views
from tests.acceptance.beginnings import CASE
from tests.acceptance.browsing import browsing
from tests.acceptance.route_matrix import PAGES as ROUTES
from tests.acceptance.test_no_plain_text import HR2, SAID, WORD, write_everything
from tests.acceptance.test_pages import become

if TYPE_CHECKING:
    from tests.fixtures.served import Row, Sandbox, Story

#: Who reads by an office or from above.
READERS = ("lm", "hos", "ad", "hr2", "aud")
LISTS = ("/exceptions", "/incidents", "/me/views", "/people/wkr/actions")
PAGES = ("/overview?show=open", "/overview.csv?show=open", "/find?person=wkr", "/find?case=c1", "/people/wkr",
         "/schedule?person=wkr", "/matters?party=wkr", "/my-people")  # fmt: skip
#: The pages of one matter, each with how it is asked for: a new page comes in by itself.
OF_ONE = {
    path: [route.split()[0] for route in ROUTES if route.split()[1] == path]
    for path in dict.fromkeys(route.split()[1] for route in ROUTES) if "{matter_id}" in path
}  # fmt: skip
#: A form is sent to be changed, to be checked, or to be done; of a version that is gone, so that nothing is done.
SENT = tuple({"version": "0", **stage} for stage in ({"stage": "change"}, {"stage": "check"}, {}))


@pytest.fixture(scope="module")
def told(sandbox: Sandbox) -> Story:
    """A council in which everything that can be written was written."""
    story = sandbox.story(people=[HR2], cases=[CASE])
    write_everything(story, SAID)
    story.move("wkr", story.one("wkr", workflow="dispute"), "escalate")
    written = story.open(
        "sup2", "records", supervisee="wkr", kind="case", case="c1", sections={"case_discussion": SAID}
    )
    story.move("sup2", written, "delegate", person="bs")
    request = story.open("hr1", "disclosures", kind="access_to_files", requester=SAID, about="case", case="c1")
    story.move("hr1", request, "review")
    return story


def opened(story: Story) -> int:
    """How many openings of anything about the social worker are written down."""
    return len(story.items("wkr", "/me/views"))


@pytest.mark.parametrize("who", READERS)
def test_pictures_and_forecasts_have_no_word_of_it(told: Story, who: str) -> None:
    before, shown = opened(told), []
    for matter in told.items(who, "/matters"):
        for part in ("diagram.svg", "what-if-nothing", "views"):
            answer = told.send(who, "GET", f"/matters/{matter['id']}/{part}")
            shown += [f"{matter['workflow']} {part}"] if WORD in answer.text else []

    assert shown == []
    assert opened(told) == before


@pytest.mark.parametrize("who", READERS)
def test_lists_have_none_either(told: Story, who: str) -> None:
    for path in LISTS:
        answer = told.send(who, "GET", path)
        assert answer.status_code == 403 or WORD not in answer.text, path


@pytest.mark.parametrize("who", READERS)
def test_nor_have_pages_that_list_or_count(told: Story, who: str) -> None:
    before = opened(told)
    with httpx.Client(base_url=told.client.base_url.copy_with(path="/"), follow_redirects=True) as browser:
        become(browser, told, who)
        assert [path for path in PAGES if WORD in browser.get(path).text] == []
        pictures = [f"/matters/{matter['id']}/picture" for matter in told.items(who, "/matters")]
        assert [path for path in pictures if WORD in browser.get(path).text] == []

    assert opened(told) == before


# -- pages of one matter
def looks(story: Story) -> int:
    """How many openings of anything are written down."""
    own = UUID(story.organisation)
    with story.door.database.read(own) as connection:
        query = select(func.count()).select_from(content_views).where(content_views.c.organisation_id == own)
        return connection.execute(query).scalar_one()


def addresses(path: str, matter: Row) -> Iterator[str]:
    """A page's addresses for one matter: for each move that is open, and for each record that it names."""
    given = {
        "matter_id": [matter["id"]],
        "trigger": [move["trigger"] for move in matter["moves"]],
        "record": [row["id"] for row in matter["data"].get("records", ())],
        "section": ["case_discussion"],
    }
    names = re.findall(r"{(\w+)}", path)
    for values in itertools.product(*(given[name] for name in names)):
        yield path.format_map(dict(zip(names, values, strict=True)))


def asked(browser: httpx.Client, matter: Row) -> Iterator[tuple[str, httpx.Response]]:
    """Every page of a matter that the browser's owner may see: looked at, and sent so that it comes back."""
    [proof] = set(re.findall(r'name="proof" value="(\w+)"', browser.get("/your-sign-ins").text))
    for path, methods in OF_ONE.items():
        for address in addresses(path, matter):
            looked = browser.get(address)
            yield f"GET {address}", looked
            for sent in SENT if "POST" in methods and looked.is_success else ():
                yield f"POST {address} {sent}", browser.post(address, data={"proof": proof, **sent})


def others(story: Story, who: str) -> Iterator[dict[str, object]]:
    """What somebody opens that is not their own: one matter of each workflow and state."""
    for one in {(one["workflow"], one["kind"], one["state"]): one for one in story.items(who, "/matters")}.values():
        before = looks(story)
        matter = story.matter(who, one)
        if looks(story) > before:
            yield matter


@pytest.mark.parametrize("who", [*READERS, "bs"])
def test_however_a_page_of_a_matter_is_asked_for_it_shows_nothing_unseen(told: Story, who: str) -> None:
    """A form that was sent and comes back shows what the form has shown."""
    unseen, shown = [], 0
    with browsing(told, who) as browser:
        for matter in others(told, who):
            before = looks(told)
            for way, answer in asked(browser, matter):
                now, is_shown = looks(told), WORD in answer.text
                unseen += [f"{matter['workflow']}: {way}"] if is_shown and now == before else []
                before, shown = now, shown + is_shown

    assert unseen == []
    assert shown
