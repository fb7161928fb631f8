"""What is not written down as an opening shows nothing that anybody wrote, to those whose own it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from tests.acceptance.beginnings import CASE
from tests.acceptance.test_no_plain_text import HR2, SAID, WORD, write_everything
from tests.acceptance.test_pages import become

if TYPE_CHECKING:
    from tests.fixtures.served import Sandbox, Story

#: Who reads by an office or from above.
READERS = ("lm", "hos", "ad", "hr2", "aud")
LISTS = ("/exceptions", "/incidents", "/me/views", "/people/wkr/actions")
PAGES = ("/overview?show=open", "/overview.csv?show=open", "/find?person=wkr", "/find?case=c1", "/people/wkr",
         "/schedule?person=wkr", "/matters?party=wkr", "/my-people")  # fmt: skip


@pytest.fixture(scope="module")
def told(sandbox: Sandbox) -> Story:
    """A council in which everything that can be written was written."""
    story = sandbox.story(people=[HR2], cases=[CASE])
    write_everything(story, SAID)
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
