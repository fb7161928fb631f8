"""Administrators run the service and never read: by no route, list, page, file, picture or count of matters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.acceptance.beginnings import CASE, raised
from tests.acceptance.test_no_plain_text import HR2, SAID, WORD, write_everything
from tests.acceptance.test_pages import become

if TYPE_CHECKING:
    from tests.fixtures.served import Sandbox, Story

OF_A_MATTER = ("", "/history", "/views", "/what-if-nothing", "/diagram.svg")
LISTS = ("/matters", "/inbox", "/notices", "/incidents", "/exceptions", "/me/views", "/notices/undelivered", "/tokens",
         "/people/wkr/actions", "/people/sup/actions")  # fmt: skip
PAGES = (
    "/", "/matters", "/matters?party=wkr", "/overview", "/overview.csv", "/overview?show=open", "/find?person=wkr",
    "/find?case=c1", "/schedule?person=wkr", "/people/wkr", "/people/sup", "/notices", "/incidents", "/my-people",
    "/me", "/me/looked", "/absences", "/disclosures", "/disputes", "/referrals", "/inspection", "/service",
    "/service/notices", "/service/notices?person=wkr", "/service/tokens", "/workflows/record",
)  # fmt: skip


@pytest.fixture(scope="module")
def told(sandbox: Sandbox) -> Story:
    """A council in which everything that can be written was written."""
    story = sandbox.story(people=[HR2], cases=[CASE])
    write_everything(story, SAID)
    return story


@pytest.fixture(scope="module")
def ids(told: Story) -> list[str]:
    """Every matter that anybody sees."""
    seen = {m["id"] for who in ("wkr", "sup", "lm", "hr1", "aud", "admin") for m in told.items(who, "/matters")}
    assert WORD in str([told.items(who, "/matters") for who in ("wkr", "sup")])
    return sorted(seen)


@pytest.fixture
def browser(told: Story) -> Iterator[httpx.Client]:
    """The administrator's browser."""
    with httpx.Client(base_url=told.client.base_url.copy_with(path="/"), follow_redirects=True) as client:
        become(client, told, "admin")
        yield client


@pytest.mark.parametrize("part", OF_A_MATTER)
def test_no_route_of_a_matter_shows_them_what_was_written(told: Story, ids: list[str], part: str) -> None:
    answers = [told.send("admin", "GET", f"/matters/{matter}{part}") for matter in ids]

    assert {answer.status_code for answer in answers} <= {200, 404}
    assert not [answer.url for answer in answers if WORD in answer.text]


def test_a_drawing_names_nobody_who_was_asked_or_passed_over(sandbox: Sandbox) -> None:
    story = sandbox.story()
    dispute = story.move("wkr", raised(story), "escalate")

    for who, names in (("wkr", True), ("admin", False)):
        drawn = story.send(who, "GET", f"/matters/{dispute['id']}/diagram.svg").text
        assert ("unless away then" in drawn) is names


@pytest.mark.parametrize("part", ["/disclosures/{}/copy", "/records/{}/audit-copy", "/records/{}/portfolio-copy"])
def test_they_have_no_copies(told: Story, ids: list[str], part: str) -> None:
    assert {told.send("admin", "GET", part.format(matter)).status_code for matter in ids} <= {403, 404}


@pytest.mark.parametrize("path", LISTS)
def test_no_list_does(told: Story, path: str) -> None:
    assert WORD not in str(told.items("admin", path))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_does(browser: httpx.Client, path: str) -> None:
    answer = browser.get(path)

    assert answer.status_code in (200, 403, 404), answer.text
    assert WORD not in answer.text


@pytest.mark.parametrize(
    "part", ["", "/picture", "/copy", "/moves/dispute", "/moves/sign", "/moves/cancel", "/moves/write"]
)
def test_no_page_of_a_matter_does(browser: httpx.Client, ids: list[str], part: str) -> None:
    answers = [browser.get(f"/matters/{matter}{part}") for matter in ids]

    assert {answer.status_code for answer in answers} <= {200, 403, 404, 422}
    assert not [answer.url for answer in answers if WORD in answer.text]
