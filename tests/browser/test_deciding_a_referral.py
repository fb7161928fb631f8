"""HR gets a referral, sees what it needs and nothing else, and takes it on, gives it back or closes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.browser.visitors import Visitor
    from tests.fixtures.served import Story

Visit = Callable[["Story", str], "Visitor"]


@pytest.fixture
def with_hr(story: Story) -> Story:
    """A referral has been talked over, submitted and passed to HR."""
    facts = "Four visits are not on file."
    referral = story.open(
        "sup", "referrals", supervisee="wkr", about="record keeping", facts=facts, discussed_on="2025-03-03"
    )
    story.move("sup", referral, "submit")
    story.move("lm", referral, "forward", reason="Beyond what supervision can mend.")
    return story


@pytest.mark.clause("HAR-37", "NS-51")
def test_hr_takes_a_referral_on_in_five_clicks_from_the_start(with_hr: Story, visit: Visit) -> None:
    adviser = visit(with_hr, "hr1")

    adviser.follow("Referral to HR: Person wkr")
    assert adviser.sees("Four visits are not on file.")
    adviser.follow("Take it on")
    adviser.choose("Capability")
    adviser.fill("HR’s own reference", "HR-17")
    adviser.press("Continue")
    assert adviser.sees("HR has taken a referral on")
    adviser.press("Take it on")

    assert adviser.sees("HR has taken it on.")
    assert adviser.sees("HR-17")
    assert len(adviser.clicks) <= 5


def test_hr_gives_a_referral_back_with_the_keyboard_alone(with_hr: Story, visit: Visit) -> None:
    adviser = visit(with_hr, "hr1")

    adviser.press_by_key("Referral to HR: Person wkr")
    adviser.press_by_key("Give it back with a plan of support")
    adviser.tab_to("The support plan")
    adviser.page.keyboard.type("A session a week, and a look at the file before each.")
    for part, value in (("Day", "7"), ("Month", "4"), ("Year", "2025")):
        adviser.tab_to(part)
        adviser.page.keyboard.type(value)
    adviser.press_by_key("Continue")
    adviser.press_by_key("Give it back")

    assert adviser.sees("HR has given it back with a plan of support.")


def test_a_manager_begins_a_referral_and_records_the_talk(story: Story, visit: Visit) -> None:
    supervisor = visit(story, "sup")
    supervisor.follow("Overview")
    supervisor.follow("Referrals")
    supervisor.follow("Refer a concern")
    supervisor.follow("Person wkr")
    supervisor.fill("What the concern is, in a few words", "Record keeping")
    supervisor.press("Refer a concern about somebody’s work to HR")
    assert supervisor.sees("There is a problem")
    supervisor.fill("The facts", "Four visits are not on file.")
    supervisor.press("Refer a concern about somebody’s work to HR")

    supervisor.follow("Record the talk with the supervisee")
    for part, value in (("Day", "3"), ("Month", "3"), ("Year", "2025")):
        supervisor.page.get_by_label(part, exact=True).fill(value)
    supervisor.press("Record the talk with the supervisee")
    assert supervisor.sees("Talked over on")
    supervisor.follow("Pass it to the line manager")
    assert supervisor.sees("Person lm")
    supervisor.press("Pass it to the line manager")

    assert supervisor.sees("The line manager is to pass it on.")


def test_pages_of_referrals_fit_a_narrow_phone(with_hr: Story, visit: Visit) -> None:
    adviser = visit(with_hr, "hr1")
    referral = with_hr.inbox("hr1")[0]

    for path in ("/referrals", "/start", f"/matters/{referral}", f"/matters/{referral}/moves/accept"):
        adviser.go(path)
        assert adviser.is_as_wide_as(320)
