"""Somebody is away: who says so, when it takes effect, how one absence follows another, and which were none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.stories import away, deadline, sent, statuses
from workflows.model import Matter
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import Status, Workflow

MONDAY = date(2025, 3, 3)
NO_LENGTH = ("darlington", "haringey", "leeds")
EVERY_CAUSE = ("sickness", "unplanned", "planned", "other")


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil()


def back(council: FakeCouncil, absence: Matter, last_day: date, who: str = "hr1") -> Matter:
    """Report the return of somebody."""
    return council.move(who, absence, "return", last_day=last_day)


# -- saying so
@pytest.mark.clause("NS-81", "CBC-47")
@pytest.mark.parametrize("who", ["sup", "wkr", "lm", "hr1"])
def test_the_person_a_supervisee_the_line_manager_or_hr_reports_it_amends_it_and_reports_the_return(
    council: FakeCouncil, who: str
) -> None:
    absence = council.open(who, Workflow.absence, person="sup", first_day=MONDAY, cause="sickness")
    assert (absence.state, absence.holder, absence.data["opened_by"]) == ("reported", None, who)
    assert {"amend", "return", "cancel"} <= council.offered(who, absence)
    assert ("absence_reported" in council.told("lm", absence)) is (who != "lm")
    council.verify()


def test_whoever_covers_reports_it_as_well(council: FakeCouncil) -> None:
    first = away(council, "sup", MONDAY)
    council.until("2025-03-18T09:00")
    council.move("lm", first, "assign_cover", cover={"wkr": "sup2"})
    absence = council.open("sup2", Workflow.absence, person="wkr", first_day=date(2025, 3, 18), cause="sickness")
    assert "return" in council.offered("sup2", absence)
    assert "return" in council.offered("wkr", first)


@pytest.mark.parametrize("who", ["sup2", "hos", "wkr2", "aud"])
def test_nobody_else_does(council: FakeCouncil, who: str) -> None:
    with pytest.raises(NotYourMove):
        council.open(who, Workflow.absence, person="wkr", first_day=MONDAY, cause="sickness")
    absence = away(council, "wkr", MONDAY)
    assert not council.offered(who, absence)


def test_nobody_reports_somebody_whom_the_list_does_not_have(council: FakeCouncil) -> None:
    with pytest.raises(NotYourMove):
        away(council, "nobody", MONDAY)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"cause": "left"}, "comes from the people’s list"),
        ({"expected_return": MONDAY}, "after the first day"),
    ],
)
def test_what_cannot_be_is_refused(council: FakeCouncil, given: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        away(council, "wkr", MONDAY, **{"cause": "sickness", **given})


def test_nobody_is_away_who_is_not_in_post_then(council: FakeCouncil) -> None:
    council.relist("wkr", end_date=date(2025, 3, 5))
    with pytest.raises(Refused, match="Person wkr is not in post then"):
        away(council, "wkr", date(2025, 3, 6), "planned")
    council.relist("hr1", end_date=date(2025, 2, 28))
    with pytest.raises(NotYourMove):
        away(council, "wkr", MONDAY)


# -- one at a time
@pytest.mark.parametrize("first_day", [MONDAY, date(2025, 2, 24), date(2025, 3, 4)])
def test_an_absence_that_goes_on_is_amended_and_not_reported_twice(council: FakeCouncil, first_day: date) -> None:
    away(council, "wkr", MONDAY)
    with pytest.raises(Refused, match="amend it instead"):
        away(council, "wkr", first_day)


def test_what_overlaps_before_it_ends_is_one_absence(council: FakeCouncil) -> None:
    away(council, "wkr", MONDAY, "sickness", expected_return=date(2025, 3, 10))
    with pytest.raises(Refused, match="amend it instead"):
        away(council, "wkr", date(2025, 3, 7), "sickness")
    assert away(council, "wkr", date(2025, 3, 10), "sickness").state == "reported"


def test_several_weeks_of_leave_are_recorded_ahead(council: FakeCouncil) -> None:
    easter = away(council, "wkr", date(2025, 4, 14), "planned", expected_return=date(2025, 4, 28))
    summer = away(council, "wkr", date(2025, 8, 4), "planned", expected_return=date(2025, 8, 25))
    with pytest.raises(Refused, match="amend it instead"):
        away(council, "wkr", date(2025, 8, 4), "other")
    sickness = away(council, "wkr", MONDAY)
    assert {council.matter(m).state for m in (easter, summer, sickness)} == {"reported"}
    council.verify()


# -- known ahead
def test_an_absence_that_is_known_ahead_takes_effect_on_its_first_day(council: FakeCouncil) -> None:
    record = sent(council)
    absence = away(council, "wkr", date(2025, 3, 5), "planned", expected_return=date(2025, 3, 12))
    assert council.due(record, "sign_by") == date(2025, 3, 10)
    assert council.due(absence, "begins") == date(2025, 3, 4)
    council.until("2025-03-05T00:00")
    assert deadline(council, record, "sign_by").status is Status.paused
    assert council.history(absence) == ["open", "begin"]
    assert statuses(council, absence, "begins") == [Status.met]
    council.until("2025-03-12T09:00")
    back(council, absence, date(2025, 3, 11))
    assert council.due(record, "sign_by") == date(2025, 3, 17)
    council.verify()


def test_a_rung_passes_on_when_the_leave_of_its_holder_begins(council: FakeCouncil) -> None:
    away(council, "lm", date(2025, 3, 6), "planned", expected_return=date(2025, 3, 17))
    dispute = council.open("wkr", Workflow.dispute, supervisee="wkr", about="other", statement="Unfair.")
    council.move("wkr", dispute, "escalate")
    assert council.matter(dispute).holder == "lm"
    council.until("2025-03-06T00:00")
    assert council.matter(dispute).holder == "hos"
    council.verify()


# -- one after the other
@pytest.mark.clause("CBC-47", "NS-67")
@pytest.mark.parametrize(
    ("policy", "counted_from", "long_on"),
    [
        ("central-bedfordshire", "2025-03-24", date(2025, 4, 7)),  # planned leave is no part of the fifteen days
        ("north-somerset", "2025-03-03", date(2025, 3, 30)),  # every cause is: one absence of twenty-eight days
    ],
)
def test_sickness_straight_after_leave(policy: str, counted_from: str, long_on: date) -> None:
    council = FakeCouncil(policy)
    leave = away(council, "sup", MONDAY, "planned", expected_return=date(2025, 3, 24))
    council.until("2025-03-24T09:00")
    sickness = away(council, "sup", date(2025, 3, 24))
    leave = council.matter(leave)
    assert (leave.state, leave.data["last_day"], council.history(leave)[-1]) == ("returned", "2025-03-23", "continue")
    assert (sickness.data["counted_from"], council.due(sickness, "long_absence")) == (counted_from, long_on)
    council.verify()


@pytest.mark.clause("NS-67")
def test_a_weekend_between_two_absences_is_no_return() -> None:
    council = FakeCouncil("north-somerset")
    leave = away(council, "sup", MONDAY, "planned", expected_return=date(2025, 3, 10))
    council.until("2025-03-07T18:00")
    back(council, leave, date(2025, 3, 7))
    council.until("2025-03-10T09:00")
    assert away(council, "sup", date(2025, 3, 10)).data["counted_from"] == "2025-03-03"
    council.until("2025-03-12T09:00")
    sickness = council.only(Workflow.absence, state="reported")
    back(council, sickness, date(2025, 3, 10))
    assert away(council, "sup", date(2025, 3, 12)).data["counted_from"] == "2025-03-12"
    council.verify()


def test_leave_that_begins_in_the_sickness_takes_its_place(council: FakeCouncil) -> None:
    record = sent(council)
    leave = away(council, "wkr", date(2025, 3, 10), "planned", expected_return=date(2025, 3, 17))
    sickness = away(council, "wkr", MONDAY)
    assert council.matter(sickness).state == "reported"
    council.until("2025-03-10T00:00")
    assert (council.matter(sickness).state, council.matter(sickness).data["last_day"]) == ("returned", "2025-03-09")
    assert deadline(council, record, "sign_by").status is Status.paused
    council.until("2025-03-17T09:00")
    back(council, leave, date(2025, 3, 16))
    assert council.due(record, "sign_by") == date(2025, 3, 21)
    council.verify()


def test_leave_that_begins_while_cover_is_arranged_stands_beside_it(council: FakeCouncil) -> None:
    sickness = away(council, "sup", MONDAY)
    leave = away(council, "sup", date(2025, 4, 14), "planned", expected_return=date(2025, 4, 28))
    council.until("2025-03-18T09:00")
    council.move("lm", sickness, "assign_cover", cover={"wkr": "sup2", "wkr2": "sup2", "bs": "sup2"})
    council.until("2025-04-14T09:00")
    assert (council.matter(sickness).state, council.matter(leave).state) == ("covered", "reported")
    back(council, sickness, date(2025, 4, 13))
    assert council.picture.directory.supervisor_of("wkr") == "sup2"  # still away, on leave
    council.until("2025-04-28T09:00")
    back(council, leave, date(2025, 4, 27))
    assert council.picture.directory.supervisor_of("wkr") == "sup"
    council.verify()


# -- none at all
def test_an_absence_that_was_a_mistake_is_withdrawn_and_nothing_of_it_stays(council: FakeCouncil) -> None:
    record = sent(council)
    absence = away(council, "wkr", date(2025, 3, 3))
    assert deadline(council, record, "sign_by").status is Status.paused
    absence = council.move("hr1", absence, "cancel", reason="It was somebody else.")
    assert (absence.state, council.due(record, "sign_by")) == ("cancelled", date(2025, 3, 10))
    assert council.picture.directory.away("wkr", MONDAY) is None
    council.verify()


def test_leave_that_is_not_taken_is_withdrawn_before_it_begins(council: FakeCouncil) -> None:
    sickness = away(council, "wkr", MONDAY)
    leave = away(council, "wkr", date(2025, 3, 10), "planned", expected_return=date(2025, 3, 17))
    assert council.move("wkr", leave, "cancel", reason="Ill instead.").state == "cancelled"
    council.until("2025-03-11T09:00")
    assert council.matter(sickness).state == "reported"
    assert council.history(leave) == ["open", "cancel"]
    council.verify()


@pytest.mark.clause("CBC-47")
def test_a_long_absence_that_was_a_mistake_leaves_the_counts(council: FakeCouncil) -> None:
    absence = away(council, "sup", MONDAY)
    council.until("2025-03-18T09:00")
    absence = council.move("lm", absence, "cancel", reason="It was somebody else.")
    assert statuses(council, absence, "long_absence") == [Status.corrected]
    assert "breach_corrected" in council.told("lm", absence)
    council.verify()


def test_an_absence_with_cover_is_amended_when_the_reason_to_be_away_is_another(council: FakeCouncil) -> None:
    sickness = away(council, "sup", MONDAY)
    council.until("2025-03-18T09:00")
    council.move("lm", sickness, "assign_cover", cover={"wkr": "sup2", "wkr2": "sup2", "bs": "sup2"})
    with pytest.raises(Refused, match="amend it instead"):
        away(council, "sup", date(2025, 3, 18), "planned")


def test_one_of_two_absences_is_a_mistake_and_the_person_stays_away(council: FakeCouncil) -> None:
    sickness = away(council, "sup", MONDAY)
    council.until("2025-03-18T09:00")
    council.move("lm", sickness, "assign_cover", cover={"wkr": "sup2", "wkr2": "sup2", "bs": "sup2"})
    leave = away(council, "sup", date(2025, 3, 20), "planned", expected_return=date(2025, 3, 31))
    council.until("2025-03-20T09:00")
    council.move("hr1", leave, "cancel", reason="Ill instead.")
    assert council.picture.directory.supervisor_of("wkr") == "sup2"
    council.verify()


def test_whoever_is_back_from_one_absence_tomorrow_is_back_when_the_other_was_a_mistake(council: FakeCouncil) -> None:
    sickness = away(council, "sup", MONDAY)
    leave = away(council, "sup", date(2025, 3, 20), "planned", expected_return=date(2025, 3, 31))
    council.until("2025-03-18T09:00")
    council.move("lm", sickness, "assign_cover", cover={"wkr": "sup2", "wkr2": "sup2", "bs": "sup2"})
    session = council.open("lm", Workflow.session, supervisee="sup", kind="personal", starts_at=council.now, minutes=60)
    council.move("lm", session, "cancel", cause="sickness", whose="sup", reason="Ill.")
    owed = council.only(Workflow.cancellation)
    council.until("2025-03-20T09:00")
    back(council, sickness, date(2025, 3, 20))
    assert (council.matter(owed).state, council.picture.directory.supervisor_of("wkr")) == ("awaiting_return", "sup2")
    council.move("hr1", leave, "cancel", reason="Nobody goes anywhere.")
    assert council.picture.directory.supervisor_of("wkr") == "sup"
    assert council.matter(owed).data["returns"] == {"sup": "2025-03-21"}
    council.verify()
