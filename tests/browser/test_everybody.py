"""Pages for everybody: by the keyboard alone, and 320 pixels wide, which is a wide screen at four times the size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import BrowserContext, ViewportSize

from tests.acceptance.beginnings import CASE, booked, drafted, sent
from tests.browser.visitors import Visitor
from tests.browser.ways import WITH_SCRIPTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.fixtures.html_validator import HtmlValidator
    from tests.fixtures.served import Sandbox, Story

Visit = Callable[["Story", str], "Visitor"]
#: More stops than any page here has.
_STOPS = 200
_NARROW: ViewportSize = {"width": 320, "height": 640}


def reach(visitor: Visitor, name: str) -> None:
    """Press Tab until what has this name has the focus."""
    for _ in range(_STOPS):
        visitor.page.keyboard.press("Tab")
        focused = visitor.page.locator(":focus")
        if focused.count() and name in (_name_of(visitor) or ""):
            return
    raise AssertionError(f"the keyboard does not come to {name!r}")


def enter(visitor: Visitor) -> None:
    """Press Enter on what leads to another page."""
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    visitor.look()


def _name_of(visitor: Visitor) -> str | None:
    """What the focused element is called: its label, or its own text."""
    name: str | None = visitor.page.evaluate(
        """() => {
            const it = document.activeElement;
            return it.labels?.length ? it.labels[0].innerText : it.innerText;
        }"""
    )
    return name


@pytest.mark.parametrize("way", [WITH_SCRIPTS], indirect=True, ids=str)
def test_a_supervisee_signs_with_the_keyboard_alone(story: Story, visit: Visit) -> None:
    record = sent(story, personal_discussion="We talked.")
    worker = visit(story, "wkr")

    for name in ("Read the record", "Sign the record", "Sign the record"):
        reach(worker, name)
        enter(worker)

    assert story.matter("wkr", record)["state"] == "agreed"


@pytest.mark.parametrize("way", [WITH_SCRIPTS], indirect=True, ids=str)
def test_a_supervisor_books_with_the_keyboard_alone(story: Story, visit: Visit) -> None:
    supervisor = visit(story, "sup")
    for name in ("Start something", "Book a session", "Person wkr"):
        reach(supervisor, name)
        enter(supervisor)

    reach(supervisor, "Personal supervision")
    supervisor.page.keyboard.press("Space")
    for name, text in (("Day", "5"), ("Month", "3"), ("Year", "2025"), ("Time", "10am")):
        reach(supervisor, name)
        supervisor.page.keyboard.type(text)
    enter(supervisor)

    assert supervisor.sees("The session is booked.")


@pytest.fixture
def narrow(browser: Browser) -> Iterator[BrowserContext]:
    """A browser on a small phone."""
    with browser.new_context(viewport=_NARROW) as opened:
        yield opened


@pytest.mark.parametrize("way", [WITH_SCRIPTS], indirect=True, ids=str)
def test_no_page_scrolls_sideways_on_a_small_phone(
    sandbox: Sandbox, narrow: BrowserContext, html_validator: HtmlValidator
) -> None:
    story = sandbox.story(cases=[CASE])
    session, record = booked(story), drafted(story)
    story.open("sup", "actions", what="Ask for training", why="It helps", owner="wkr", due="2025-03-20")
    supervisor = Visitor(narrow.new_page(), story, html_validator)
    supervisor.become("sup")
    paths = [
        "/", "/people/wkr", "/people/sup", "/my-people", "/my-people?cases=all", "/schedule?person=wkr",
        "/find?person=wkr&case=c1",
        "/matters", "/matters?workflow=record&open=yes&party=wkr&holder=sup", "/notices", "/me/looked", "/start",
        "/start/sessions", "/start/sessions?supervisee=wkr", "/start/group-sessions", "/start/records?supervisee=wkr",
        "/start/frequencies", "/start/frequencies?case=c1", "/start/actions?supervisee=wkr", "/start/absences",
        "/start/agreements?supervisee=wkr", "/start/disputes?supervisee=wkr", "/start/concerns",
        "/start/referrals?supervisee=wkr", f"/matters/{session['id']}", f"/matters/{session['id']}/moves/rebook",
        f"/matters/{session['id']}/moves/prepare", f"/matters/{session['id']}/moves/hold",
        f"/matters/{record['id']}", f"/matters/{record['id']}/moves/write", f"/matters/{record['id']}/moves/circulate",
    ]  # fmt: skip
    wide = []
    for path in paths:
        supervisor.go(path)
        root = "document.documentElement"
        if supervisor.page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"):
            wide.append(path)

    assert wide == []
