"""When people are told: at once of what somebody did, in the next working hour of what a deadline did."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, at, standard_team
from workflows.vocabulary import Workflow


def test_a_dispute_that_somebody_raises_at_night_is_told_at_once() -> None:
    council = FakeCouncil("darlington", now="2025-03-07T22:00")

    dispute = council.open("wkr", Workflow.dispute, supervisee="wkr", about="casework", statement="Not agreed.")

    assert "dispute_opened" in council.told("sup", dispute)


def test_what_follows_from_an_act_at_night_is_told_at_once_as_well() -> None:
    council = FakeCouncil("darlington", now="2025-03-07T21:00")
    session = council.open(
        "sup", Workflow.session, supervisee="wkr", kind="personal", starts_at=at("2025-03-07T20:30"), minutes=30
    )
    council.move("sup", session, "hold", held_at=at("2025-03-07T21:00"), minutes=30)
    record = council.move("sup", council.only(Workflow.record), "circulate")

    council.move("wkr", record, "dispute", statement="This is not what was said.")

    assert "dispute_opened" in council.told("sup", council.only(Workflow.dispute))


def test_what_a_deadline_does_at_midnight_is_told_at_nine_of_the_next_working_day() -> None:
    council = FakeCouncil("north-somerset", now="2025-03-07T09:00")
    duty = council.only(Workflow.entitlement, supervisee="wkr")
    assert council.due(duty, "supervise_by") == date(2025, 4, 4)

    council.until("2025-04-07T08:59")
    assert council.told("wkr", duty) == []

    council.until("2025-04-07T09:00")
    assert council.told("wkr", duty) == ["overdue"]


def test_a_duty_that_passes_as_its_worker_leaves_is_no_breach() -> None:
    people = standard_team()
    people["wkr"] = replace(people["wkr"], end_date=date(2025, 3, 31))
    council = FakeCouncil("north-somerset", now="2025-03-03T09:00", people=people)
    duty = council.only(Workflow.entitlement, supervisee="wkr")
    assert council.due(duty, "supervise_by") == date(2025, 3, 31)

    council.until("2025-04-01T12:00")

    assert council.matter(duty).state == "ended"
    assert "expire" not in council.history(duty)
    council.verify()
