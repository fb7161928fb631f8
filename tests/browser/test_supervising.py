"""A supervisor looks at their people, books, reports, writes, rebooks, and says how often a case is supervised."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.beginnings import CASE, away, booked, drafted, held
from tests.browser.ways import WITH_SCRIPTS

if TYPE_CHECKING:
    from tests.browser.visitors import Visitor
    from tests.fixtures.served import Sandbox, Story

Visit = Callable[["Story", str], "Visitor"]


def test_a_supervisor_books_a_session(story: Story, visit: Visit) -> None:
    supervisor = visit(story, "sup")
    supervisor.follow("Your people")
    supervisor.follow("Book a session")
    supervisor.follow("Person wkr")

    supervisor.choose("Personal supervision")
    supervisor.enter("starts_at", "2025-03-05", "10am")
    supervisor.press("Book a session")

    assert supervisor.sees("The session is booked.")
    assert supervisor.sees("Wednesday 5 March 2025 at 10am, until 11am")
    supervisor.go("/schedule?month=2025-03&person=wkr")
    assert supervisor.sees("10am to 11am with Person wkr")


def test_a_supervisor_is_warned_before_booking_and_books_all_the_same(story: Story, visit: Visit) -> None:
    away(story, "wkr")
    supervisor = visit(story, "sup")
    supervisor.go("/start/sessions?supervisee=wkr&kind=personal")
    supervisor.enter("starts_at", "2025-03-05", "10:00")

    supervisor.press("Book a session")
    assert supervisor.sees("Person wkr is away")
    assert story.items("sup", "/matters", workflow="session") == []

    supervisor.press("Book it all the same")
    assert supervisor.sees("The session is booked.")


def test_a_supervisor_reports_a_session_writes_its_record_and_sends_it(story: Story, visit: Visit) -> None:
    session = booked(story)
    story.at("2025-03-05T11:30")
    supervisor = visit(story, "sup")
    supervisor.follow("Report that it was held")
    assert supervisor.page.locator('[name="held_at-time"]').input_value() == "11:00"
    assert not supervisor.sees("Has the group agreed")
    supervisor.press("Continue")
    supervisor.press("Report that it was held")
    assert supervisor.sees("The session took place.")

    supervisor.go("/my-people")
    supervisor.follow("Record of personal supervision")
    supervisor.fill("Personal discussion", "We talked about leave.")
    supervisor.press("Save")
    assert supervisor.sees("What you wrote is saved.")
    supervisor.press("Save and go on to sending it")
    supervisor.press("Send the record to be signed")

    assert supervisor.sees("The record waits for the signature.")
    assert story.one("sup", workflow="record", parent=session["id"])["state"] == "awaiting_signature"


def test_what_was_agreed_before_stands_beside_the_record_that_is_written(story: Story, visit: Visit) -> None:
    story.open("sup", "actions", what="Ask for training", why="It helps", owner="wkr", due="2025-03-20")
    record = drafted(story)

    supervisor = visit(story, "sup")
    supervisor.go(f"/matters/{record['id']}/moves/write")

    assert supervisor.sees("Ask for training")


def test_a_supervisor_cancels_a_session_and_books_another_in_one_go(story: Story, visit: Visit) -> None:
    session = booked(story)
    supervisor = visit(story, "sup")
    supervisor.go(f"/matters/{session['id']}")
    supervisor.follow("Cancel it and book another")

    supervisor.choose("Diaries")
    supervisor.fill("Reason", "A hearing was moved.")
    supervisor.press("Cancel it and book another")
    assert supervisor.sees("Enter the day and the time")
    assert supervisor.page.get_by_label("Reason").input_value() == "A hearing was moved."
    assert story.matter("sup", session)["state"] == "scheduled"

    supervisor.enter("starts_at", "2025-03-07", "14:00")
    supervisor.press("Cancel it and book another")

    assert supervisor.sees("Friday 7 March 2025 at 2pm")
    assert story.matter("sup", session)["state"] == "cancelled"
    assert story.one("sup", workflow="cancellation")["state"] == "rebooked"


def test_a_cancelled_session_is_replaced_from_what_waits(story: Story, visit: Visit) -> None:
    story.move("wkr", booked(story), "cancel", cause="diary", reason="A hearing")
    supervisor = visit(story, "sup")
    supervisor.follow("Name the new session")

    supervisor.fill("Reason", "It is the first day on which both can.")
    supervisor.enter("starts_at", "2025-03-06", "9:30am")
    supervisor.press("Book the session that replaces it")

    assert supervisor.sees("Thursday 6 March 2025 at 9:30am")
    assert story.one("sup", workflow="cancellation")["state"] == "rebooked"


def test_the_year_of_a_team_says_in_words_what_took_place(story: Story, visit: Visit) -> None:
    held(story, "2025-03-05T11:00")

    supervisor = visit(story, "sup")
    supervisor.follow("Your people")

    row = supervisor.page.get_by_role("row", name="Person wkr", exact=False).first
    assert "1 held" in row.inner_text()


def test_a_supervisor_says_how_often_a_case_is_supervised(sandbox: Sandbox, visit: Visit) -> None:
    case = {**CASE, "category": "rated", "criteria": "in-need"}
    story = sandbox.story(policy="darlington", cases=[case])
    supervisor = visit(story, "sup")
    supervisor.go("/start/frequencies")
    supervisor.follow("Case c1")
    assert supervisor.sees("suggests the rating Green")

    supervisor.choose("Amber")
    supervisor.fill("Why this is right for the case", "The parents have separated.")
    supervisor.press("See what the policy says")
    assert supervisor.sees("Supervised at least every")
    assert supervisor.page.get_by_label("Why this is right").input_value() == "The parents have separated."
    supervisor.press("Say how often a case is supervised")

    assert supervisor.sees("The case is supervised as often as it should be.")


@pytest.mark.parametrize("way", [WITH_SCRIPTS], indirect=True, ids=str)
def test_what_is_written_is_saved_while_somebody_writes(story: Story, visit: Visit) -> None:
    record = drafted(story)
    supervisor = visit(story, "sup")
    supervisor.page.clock.install()
    supervisor.go(f"/matters/{record['id']}/moves/write")

    supervisor.fill("Personal discussion", "We talked about leave.")
    assert supervisor.sees("Not saved yet")
    supervisor.page.clock.run_for(5_000)
    supervisor.page.get_by_text("Saved at").wait_for()

    assert story.matter("sup", record)["data"]["sections"] == {"personal_discussion": "We talked about leave."}
    supervisor.press("Save")
    assert story.triggers("sup", record) == ["open", "write"]


@pytest.mark.parametrize("way", [WITH_SCRIPTS], indirect=True, ids=str)
def test_saving_stops_and_says_so_where_somebody_else_has_changed_the_record(story: Story, visit: Visit) -> None:
    record = drafted(story)
    supervisor = visit(story, "sup")
    supervisor.page.clock.install()
    supervisor.go(f"/matters/{record['id']}/moves/write")
    story.move("sup", record, "write", sections={"personal_discussion": "From another window."})

    supervisor.fill("Personal discussion", "From this window.")
    supervisor.page.clock.run_for(5_000)
    supervisor.page.get_by_text("This could not be saved.").wait_for()

    assert supervisor.sees("Somebody else has changed this")
    assert story.matter("sup", record)["data"]["sections"] == {"personal_discussion": "From another window."}
