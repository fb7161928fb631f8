"""A session about several cases falls out: it is made good for each of them, or still owed for the others."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.stories import statuses
from workflows.directory import Case
from workflows.model import Matter
from workflows.refusals import Refused
from workflows.vocabulary import Status, Workflow

CASES = ("c1", "c2", "c3")


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil(cases=[Case(ref, "wkr", "family-support", allocated_on=date(2025, 1, 6)) for ref in CASES])


def booked(council: FakeCouncil, starts_at: str, *cases: str) -> Matter:
    """A session with the social worker about these cases, or about all of them."""
    booking = {"supervisee": "wkr", "kind": "case", "starts_at": at(starts_at), "minutes": 90, "cases": cases or CASES}
    return council.open("sup", Workflow.session, **booking)


def owed_for_all(council: FakeCouncil) -> Matter:
    """The cancellation of a session about all three."""
    council.move("sup", booked(council, "2025-03-04T14:00"), "cancel", cause="diary", reason="A hearing.")
    return council.only(Workflow.cancellation)


def report(council: FakeCouncil, session: Matter, ended: str, **more: Any) -> None:
    """Move the clock to the end of a session and report it."""
    council.until(max(council.now, at(ended)))
    council.move("sup", session, "hold", held_at=at(ended), minutes=90, **more)


@pytest.mark.clause("CBC-45")
def test_the_session_that_is_named_is_about_all_of_its_cases(council: FakeCouncil) -> None:
    owed = owed_for_all(council)
    with pytest.raises(Refused, match="the same cases: c2, c3 as well"):
        council.move("sup", owed, "rebook", session=booked(council, "2025-03-06T10:00", "c1").id)
    assert council.move("sup", owed, "rebook", session=booked(council, "2025-03-06T14:00").id).state == "rebooked"


@pytest.mark.clause("CBC-45")
def test_a_named_session_replaces_what_it_has_discussed_and_the_rest_is_owed_by_the_same_date(
    council: FakeCouncil,
) -> None:
    owed = owed_for_all(council)
    named = booked(council, "2025-03-06T10:00")
    council.move("sup", owed, "rebook", session=named.id)
    report(council, named, "2025-03-06T11:30", cases=["c1"])
    now = council.matter(owed)
    assert (now.state, now.holder, now.data["cases"]) == ("awaiting_rebooking", "sup", ["c2", "c3"])
    assert council.due(owed, "rebook_by") == date(2025, 3, 10)
    assert council.told("sup", owed)[-1] == "rebooking_owed"
    second = booked(council, "2025-03-07T10:00", "c2", "c3")
    council.move("sup", owed, "rebook", session=second.id)
    report(council, second, "2025-03-07T11:30")
    assert (council.matter(owed).state, statuses(council, owed, "rebook_by")) == ("replaced", [Status.met])
    council.verify()


def test_a_named_session_that_discussed_none_of_them_replaces_nothing(council: FakeCouncil) -> None:
    owed = owed_for_all(council)
    named = booked(council, "2025-03-10T10:00")
    council.move("sup", owed, "rebook", session=named.id)
    report(council, named, "2025-03-10T11:30", cases=[])
    assert (council.matter(owed).state, council.matter(owed).data["cases"]) == ("awaiting_rebooking", [*CASES])
    council.until("2025-03-11T00:00")
    assert council.matter(owed).state == "with_line_manager"
    council.verify()


@pytest.mark.parametrize("holder", ["there", "away"])
def test_what_is_left_over_of_a_late_one_goes_back_to_its_rung(council: FakeCouncil, holder: str) -> None:
    owed = owed_for_all(council)
    council.until("2025-03-12T09:00")
    named = booked(council, "2025-03-13T10:00")
    council.move("sup", owed, "rebook", session=named.id, reason="On Thursday.")
    if holder == "away":
        council.open("hr1", Workflow.absence, person="lm", first_day=date(2025, 3, 12), cause="planned")
    report(council, named, "2025-03-13T11:30", cases=["c1", "c2"])
    now = council.matter(owed)
    assert (now.state, now.data["cases"]) == ("with_line_manager", ["c3"])
    assert now.holder == ("lm" if holder == "there" else "hos")
    assert council.told(now.holder, owed)[-1] == ("left_over" if holder == "there" else "escalated")
    assert {d.name for d in now.deadlines if d.live} == {"remind_by", "climb_by"}
    council.verify()


def test_a_missed_session_that_took_place_after_all_is_owed_for_no_case_again(council: FakeCouncil) -> None:
    session = booked(council, "2025-03-03T10:00")
    council.until("2025-03-05T09:00")
    owed = council.only(Workflow.cancellation)
    report(council, session, "2025-03-03T11:00", cases=["c1"], reason="The note was lost.")
    assert council.matter(owed).state == "replaced"


def test_a_missed_replacement_that_took_place_after_all_leaves_over_what_it_did_not_discuss(
    council: FakeCouncil,
) -> None:
    first = owed_for_all(council)
    session = booked(council, "2025-03-05T10:00")
    council.move("sup", first, "rebook", session=session.id)
    council.until("2025-03-07T09:00")
    owed = council.only(Workflow.cancellation, parent=session.id)
    again = booked(council, "2025-03-11T10:00")
    council.move("sup", owed, "rebook", session=again.id)
    report(council, session, "2025-03-05T11:00", cases=["c1"], reason="The note was lost.")
    now = council.matter(owed)
    assert (now.state, now.data["cases"], now.data["replacement"]) == ("rebooked", ["c2", "c3"], str(again.id))
    report(council, again, "2025-03-11T11:30")
    assert council.matter(owed).state == "replaced"
    council.verify()


def test_a_session_that_nobody_linked_covers_all_of_its_cases(council: FakeCouncil) -> None:
    owed = owed_for_all(council)
    report(council, booked(council, "2025-03-06T10:00", "c1"), "2025-03-06T11:30")
    assert (council.matter(owed).state, council.matter(owed).data["cases"]) == ("awaiting_rebooking", [*CASES])
    report(council, booked(council, "2025-03-07T10:00"), "2025-03-07T11:30")
    assert council.matter(owed).state == "replaced"
