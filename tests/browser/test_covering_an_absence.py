"""A supervisor is away for long: the manager sees the plan for their people, changes it, and approves it once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.beginnings import away, booked
from tests.fixtures.served import STANDARD_TEAM

if TYPE_CHECKING:
    from tests.browser.visitors import Visitor
    from tests.fixtures.served import Story

Visit = Callable[["Story", str], "Visitor"]


@pytest.fixture
def uncovered(story: Story) -> Story:
    """A supervisor with a booked session has been ill for so long that cover is to be found."""
    booked(story, "2025-03-28T10:00")
    away(story, "sup")
    story.at("2025-03-18T09:00")
    return story


@pytest.mark.clause("CBC-47", "CBC-60")
def test_a_manager_covers_an_absence_in_five_clicks_from_the_start(uncovered: Story, visit: Visit) -> None:
    manager = visit(uncovered, "lm")

    manager.follow("Absence: Person sup")
    manager.follow("Assign cover")
    manager.press("Continue")
    assert manager.sees("Person sup2 supervises Person wkr for now.")
    manager.press("Assign cover")

    assert manager.sees("Everybody is covered.")
    assert len(manager.clicks) <= 5
    assert uncovered.get("wkr", "/people/wkr")["supervisor"] == "sup2"


def test_a_manager_chooses_somebody_else_than_the_plan_suggests(uncovered: Story, visit: Visit) -> None:
    manager = visit(uncovered, "lm")
    manager.follow("Absence: Person sup")
    manager.follow("Assign cover")

    for worker in ("wkr", "wkr2", "bs"):
        manager.select(f"Person {worker}", "lm" if worker == "wkr" else "")
    manager.press("Continue")
    manager.press("Assign cover")

    assert manager.sees("Cover is to be found.")
    assert uncovered.get("wkr", "/people/wkr")["supervisor"] == "lm"
    assert uncovered.get("wkr2", "/people/wkr2")["supervisor"] == "sup"


def test_who_is_in_a_dispute_with_somebody_cannot_be_chosen_for_them(uncovered: Story, visit: Visit) -> None:
    worker = {"ref": "wkr3", "job_role": "social_worker", "line_manager_ref": "sup", "supervisor_ref": "sup2"}
    uncovered.list_people([*STANDARD_TEAM, worker])
    uncovered.open("wkr3", "disputes", supervisee="wkr3", about="casework", statement="The visits cannot wait.")
    uncovered.list_people([*STANDARD_TEAM, {**worker, "supervisor_ref": "sup"}])
    manager = visit(uncovered, "lm")
    manager.follow("Absence: Person sup")
    manager.follow("Assign cover")

    offered = manager.page.get_by_label("Person wkr3", exact=True).locator("option").all_inner_texts()

    assert not [text for text in offered if "Person sup2" in text]
    assert manager.sees("Person sup2 cannot cover for Person wkr3 while something between the two of them is open.")


def test_choosing_nobody_says_what_to_do(uncovered: Story, visit: Visit) -> None:
    manager = visit(uncovered, "lm")
    manager.follow("Absence: Person sup")
    manager.follow("Assign cover")
    for worker in ("wkr", "wkr2", "bs"):
        manager.select(f"Person {worker}", "")

    manager.press("Continue")

    assert manager.sees("Choose who covers, for at least one person.")


def test_an_absence_is_recorded_corrected_and_ended(story: Story, visit: Visit) -> None:
    manager = visit(story, "lm")
    manager.follow("Overview")
    manager.follow("Absences")
    manager.follow("Record an absence")
    manager.page.get_by_label("Who is away").select_option("sup")
    for part, value in (("Day", "3"), ("Month", "3"), ("Year", "2025")):
        manager.page.get_by_label(part, exact=True).first.fill(value)
    manager.choose("Sickness")
    manager.press("Record an absence")
    assert manager.sees("The absence is recorded.")

    manager.follow("Report the return")
    for part, value in (("Day", "3"), ("Month", "3"), ("Year", "2025")):
        manager.page.get_by_label(part, exact=True).fill(value)
    manager.press("Continue")
    manager.press("Report the return")

    assert manager.sees("The person is back.")


def test_the_plan_fits_a_narrow_phone(uncovered: Story, visit: Visit) -> None:
    manager = visit(uncovered, "lm")
    absence = uncovered.inbox("lm")[0]

    for path in ("/absences", "/start/absences", f"/matters/{absence}", f"/matters/{absence}/moves/assign_cover"):
        manager.go(path)
        assert manager.is_as_wide_as(320)
