"""What people are called and what they write stands on pages and in drawings as text, whatever is in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.acceptance.beginnings import CASE, booked, disputed
from tests.acceptance.test_pages import become

if TYPE_CHECKING:
    from tests.fixtures.served import Sandbox, Story

#: What would be an element, an attribute's end, and a value to fill in.
ODD = "<script>alert(1)</script>\"'><img src=x onerror=y> 100% %(name)s {{ 7 * 7 }}"
PAGES = ("/", "/matters", "/overview?show=open", "/find?person=wkr", "/schedule?person=wkr", "/people/wkr", "/notices",
         "/my-people", "/me", "/start", "/start/sessions?supervisee=wkr", "/start/concerns", "/your-sign-ins",
         "/start/actions", "/start/referrals?supervisee=wkr", "/start/disputes?supervisee=wkr", "/absences",
         "/disputes", "/disclosures", "/start/disclosures?supervisee=wkr", "/calendar-feed")  # fmt: skip
OF_A_MATTER = ("", "/picture", "/moves/dispute", "/moves/write", "/moves/move", "/moves/complete", "/moves/rebook")
TYPED = ('/sign-in?back=/"><script>alert(1)</script>', "/matters/<script>alert(1)", "/find?person=<script>alert(1)",
         "/overview?team=<script>alert(1)</script>", "/policies/compare?before=<script>alert(1)&after=x",
         "/workflows/<script>alert(1)", "/start/<script>alert(1)")  # fmt: skip


@pytest.fixture(scope="module")
def told(sandbox: Sandbox) -> Story:
    """A council whose people have odd names, and write oddly."""
    story = sandbox.story(people=[{"ref": ref, "name": ODD} for ref in ("wkr", "sup", "lm")], cases=[CASE])
    disputed(story, ODD)
    booked(story, place=ODD)
    story.open("sup", "actions", what=ODD, why=ODD, owner="wkr", due="2025-04-01")
    story.open("wkr", "concerns", about="quality", statement=ODD)
    return story


@pytest.fixture
def browser(told: Story) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=told.client.base_url.copy_with(path="/"), follow_redirects=True) as client:
        yield client


def is_text(answer: httpx.Response) -> bool:
    assert answer.status_code < 500, answer.text
    return "<script>alert" not in answer.text and "<img src=x" not in answer.text


@pytest.mark.parametrize("who", ["wkr", "sup", "hr1"])
def test_on_every_page(told: Story, browser: httpx.Client, who: str) -> None:
    become(browser, told, who)

    assert [path for path in PAGES if not is_text(browser.get(path))] == []


@pytest.mark.parametrize("who", ["wkr", "sup"])
def test_on_every_page_of_a_matter(told: Story, browser: httpx.Client, who: str) -> None:
    become(browser, told, who)
    paths = [f"/matters/{matter['id']}{part}" for matter in told.items(who, "/matters") for part in OF_A_MATTER]

    assert [path for path in paths if not is_text(browser.get(path))] == []


def test_in_every_drawing(told: Story) -> None:
    drawn = [told.send("sup", "GET", f"/matters/{m['id']}/diagram.svg") for m in told.items("sup", "/matters")]

    assert [answer.url for answer in drawn if not is_text(answer)] == []


@pytest.mark.parametrize("path", TYPED)
def test_and_so_does_what_is_typed_into_an_address(told: Story, browser: httpx.Client, path: str) -> None:
    become(browser, told, "sup")

    assert is_text(browser.get(path))


def test_a_name_is_shown_as_it_is(told: Story, browser: httpx.Client) -> None:
    become(browser, told, "wkr")

    page = browser.get("/start/concerns").text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "100% %(name)s {{ 7 * 7 }}" in page
