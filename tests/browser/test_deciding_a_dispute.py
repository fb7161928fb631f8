"""A manager is asked to settle what two people disagree about, sees what each decision brings about, and decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.beginnings import sent

if TYPE_CHECKING:
    from tests.browser.visitors import Visitor
    from tests.fixtures.served import Story

Visit = Callable[["Story", str], "Visitor"]
_REASONS = "Reasons for your decision"


@pytest.fixture
def taken_up(story: Story) -> Story:
    """A worker contests a passage of a record, and takes it to the manager above."""
    record = sent(
        story, personal_discussion="The caseload was talked over. We agreed to close the case. Leave is booked."
    )
    story.move("wkr", record, "dispute", statement="We agreed to wait.", passages=["We agreed to close the case."])
    story.move("wkr", story.one("wkr", workflow="dispute"), "escalate")
    return story


@pytest.mark.clause("CBC-79", "CBC-83")
def test_a_manager_settles_a_dispute_in_five_clicks_from_the_start(taken_up: Story, visit: Visit) -> None:
    manager = visit(taken_up, "lm")

    manager.follow("Disagreement: Person wkr")
    assert manager.sees("We agreed to wait.")
    assert manager.page.locator("mark").inner_text() == "We agreed to close the case."
    manager.follow("Decide")
    manager.choose("The record is to be amended")
    manager.fill(_REASONS, "Both remember it so.")
    manager.press("Continue")
    assert manager.sees("A record is to be amended")
    assert manager.sees("Answer to what is disputed")
    manager.press("Decide")

    assert manager.sees("It was decided.")
    assert len(manager.clicks) <= 5
    assert taken_up.one("lm", workflow="dispute")["data"]["outcome"] == "amend_record"


def test_whoever_decides_sees_beforehand_what_each_decision_brings_about(taken_up: Story, visit: Visit) -> None:
    manager = visit(taken_up, "lm")
    manager.follow("Disagreement: Person wkr")

    for outcome in ("The record stands as it is", "The record is to be amended", "There is to be another supervisor"):
        manager.page.locator("summary", has_text=outcome).click()

    assert manager.sees("A disputed record is settled")
    assert manager.sees("A record is to be amended")
    assert manager.sees("Cover is to be found.")


def test_nothing_typed_is_lost_on_the_way_back_from_the_check(taken_up: Story, visit: Visit) -> None:
    manager = visit(taken_up, "lm")
    manager.follow("Disagreement: Person wkr")
    manager.follow("Decide")
    manager.choose("The record stands as it is")
    manager.press("Continue")
    assert manager.sees("There is a problem")
    manager.fill(_REASONS, "It is what was said.")
    manager.press("Continue")

    manager.press("Change something")

    assert manager.page.get_by_label(_REASONS).input_value() == "It is what was said."
    assert manager.page.get_by_label("The record stands as it is").is_checked()
    assert taken_up.one("lm", workflow="dispute")["state"] == "with_line_manager"


def test_a_manager_decides_with_the_keyboard_alone(taken_up: Story, visit: Visit) -> None:
    manager = visit(taken_up, "lm")

    manager.press_by_key("Disagreement: Person wkr")
    manager.press_by_key("Decide")
    manager.tab_to("The record stands as it is")
    manager.page.keyboard.press("Space")
    manager.tab_to(_REASONS)
    manager.page.keyboard.type("It is what was said.")
    manager.press_by_key("Continue")
    manager.press_by_key("Decide")

    assert manager.sees("It was decided.")


@pytest.mark.parametrize("path", ["", "/moves/decide", "/moves/meet"])
def test_the_desk_fits_a_narrow_phone(taken_up: Story, visit: Visit, path: str) -> None:
    manager = visit(taken_up, "lm")

    manager.go(f"/matters/{taken_up.inbox('lm')[0]}{path}")

    assert manager.is_as_wide_as(320)
