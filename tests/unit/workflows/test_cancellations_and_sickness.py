"""Sickness and the duty to hold a session again: the window waits for the return, and runs from the later one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.stories import C1, away, deadline, statuses, step
from workflows.model import Matter
from workflows.vocabulary import Status, Workflow

ELSEWHERE = ("darlington", "haringey", "leeds", "north-somerset")
MONDAY = date(2025, 3, 3)


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil(cases=[C1])


def booked(council: FakeCouncil, starts_at: str = "2025-03-04T14:00", kind: str = "case", **more: Any) -> Matter:
    """A session with the social worker."""
    cases = ["c1"] if kind == "case" else []
    booking = {"supervisee": "wkr", "kind": kind, "starts_at": at(starts_at), "minutes": 90, "cases": cases, **more}
    return council.open("sup", Workflow.session, **booking)


def cancelled(council: FakeCouncil, session: Matter, **more: Any) -> Matter:
    """The cancellation that cancelling a session opens."""
    council.move("sup", session, "cancel", **{"cause": "diary", "reason": "A hearing.", **more})
    return council.only(Workflow.cancellation, parent=session.id)


def back(council: FakeCouncil, absence: Matter, last_day: date) -> None:
    """Report the return of somebody."""
    council.move("hr1", absence, "return", last_day=last_day)


# -- cancelled for sickness
@pytest.mark.clause("CBC-46", "CBC-59")
@pytest.mark.parametrize(("kind", "clause"), [("case", "CBC-46"), ("personal", "CBC-59")])
@pytest.mark.parametrize("whose", ["wkr", "sup"])
def test_the_window_waits_for_the_return_and_the_day_of_the_return_is_its_day_0(
    council: FakeCouncil, kind: str, clause: str, whose: str
) -> None:
    owed = cancelled(council, booked(council, kind=kind), cause="sickness", whose=whose)
    assert (owed.state, owed.holder, owed.live("rebook_by")) == ("awaiting_return", None, None)
    absence = council.only(Workflow.absence)
    assert (absence.person, absence.data["first_day"], absence.data["cause"]) == (whose, "2025-03-03", "sickness")
    council.until("2025-03-17T09:00")
    back(council, absence, date(2025, 3, 16))
    owed = council.matter(owed)
    assert (owed.state, owed.holder) == ("awaiting_rebooking", "sup")
    rebook_by = deadline(council, owed, "rebook_by")
    assert (rebook_by.due, rebook_by.receipt["clause"]) == (at("2025-03-24T23:59:59"), clause)
    assert rebook_by.receipt["anchors"] == [{"event": "return to work", "at": "2025-03-17"}]
    council.verify()


def test_an_absence_that_goes_on_already_is_waited_for_and_no_second_one_is_opened(council: FakeCouncil) -> None:
    away(council, "wkr", MONDAY, "unplanned")
    owed = cancelled(council, booked(council), cause="sickness", whose="wkr")
    assert owed.data["waits_on"] == ["wkr"]
    assert len(council.find(Workflow.absence)) == 1


def test_a_return_that_was_reported_today_is_not_waited_for_again(council: FakeCouncil) -> None:
    first = away(council, "wkr", MONDAY)
    back(council, first, MONDAY)
    owed = cancelled(council, booked(council), cause="sickness", whose="wkr")
    second = council.only(Workflow.absence, state="reported")
    assert (owed.state, second.person) == ("awaiting_return", "wkr")
    council.until("2025-03-05T09:00")
    back(council, second, date(2025, 3, 4))
    assert council.matter(owed).state == "awaiting_rebooking"
    council.verify()


@pytest.mark.clause("NS-66")
@pytest.mark.parametrize("policy", ELSEWHERE)
def test_elsewhere_sickness_changes_no_window(policy: str) -> None:
    council = FakeCouncil(policy)
    owed = cancelled(council, booked(council, kind="personal"), cause="sickness", whose="wkr")
    assert (owed.state, council.due(owed, "rebook_by")) == ("awaiting_rebooking", date(2025, 3, 10))
    running = cancelled(council, booked(council, "2025-03-06T10:00", kind="personal"))
    away(council, "sup", MONDAY)
    assert council.matter(running).state == "awaiting_rebooking"
    back(council, council.only(Workflow.absence, person="wkr"), MONDAY)
    assert council.due(owed, "rebook_by") == date(2025, 3, 10)
    council.verify()


# -- sickness in the window
@pytest.mark.clause("CBC-45", "CBC-46")
def test_sickness_in_the_window_closes_it_without_a_breach(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council))
    council.until("2025-03-05T09:00")
    absence = away(council, "wkr", date(2025, 3, 5))
    assert council.matter(owed).state == "awaiting_return"
    assert statuses(council, owed, "rebook_by") == [Status.superseded]
    council.until("2025-03-17T09:00")
    back(council, absence, date(2025, 3, 16))
    assert (council.matter(owed).state, council.due(owed, "rebook_by")) == ("awaiting_rebooking", date(2025, 3, 24))
    assert council.history(owed) == ["open", "fall_sick", "return"]
    council.verify()


@pytest.mark.clause("CBC-46", "CBC-48")
def test_a_booked_replacement_that_the_sickness_costs_is_a_second_cancellation(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council))
    session = booked(council, "2025-03-06T10:00")
    council.move("sup", owed, "rebook", session=session.id)
    council.until("2025-03-05T09:00")
    absence = away(council, "wkr", date(2025, 3, 5))
    assert council.matter(owed).state == "awaiting_return"
    second = cancelled(council, session, cause="sickness", whose="wkr")
    assert (council.matter(owed).state, second.state, second.data["times"]) == ("superseded", "awaiting_return", 2)
    assert second.data["gap_note"]["clause"] == "CBC-48"
    council.until("2025-03-17T09:00")
    back(council, absence, date(2025, 3, 16))
    assert council.due(second, "rebook_by") == date(2025, 3, 24)
    council.verify()


def test_planned_leave_in_the_window_changes_nothing(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council))
    away(council, "wkr", date(2025, 3, 3), "planned")
    assert (council.matter(owed).state, council.due(owed, "rebook_by")) == ("awaiting_rebooking", date(2025, 3, 10))


def test_sickness_after_the_window_leaves_the_breach(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council))
    council.until("2025-03-12T09:00")
    away(council, "wkr", date(2025, 3, 11))
    assert council.matter(owed).state == "with_line_manager"
    named = booked(council, "2025-04-01T10:00")
    council.move("sup", owed, "rebook", session=named.id, reason="After the sickness.")
    away(council, "sup", date(2025, 3, 12))
    assert (council.matter(owed).state, statuses(council, owed, "rebook_by")) == ("rebooked", [Status.missed])
    council.verify()


def test_sickness_that_begins_while_a_report_is_awaited_ends_no_window_that_has_passed(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council))
    booked(council, "2025-03-10T15:00")
    council.until("2025-03-11T09:00")
    away(council, "wkr", date(2025, 3, 11))
    assert deadline(council, owed, "rebook_by").status is Status.awaiting_report
    council.until("2025-03-12T00:00")
    assert council.matter(owed).state == "with_line_manager"


# -- two of them
@pytest.mark.clause("CBC-46")
def test_with_both_ill_the_window_runs_from_the_later_return(council: FakeCouncil) -> None:
    council.until("2025-03-10T08:00")
    supervisors = away(council, "sup", date(2025, 3, 10))
    owed = cancelled(council, booked(council, "2025-03-10T14:00"), cause="sickness", whose="sup")
    council.until("2025-03-11T09:00")
    supervisees = away(council, "wkr", date(2025, 3, 11))
    assert council.matter(owed).data["waits_on"] == ["sup", "wkr"]
    council.until("2025-03-17T09:00")
    back(council, supervisors, date(2025, 3, 16))
    assert council.matter(owed).state == "awaiting_return"
    council.until("2025-03-19T09:00")
    back(council, supervisees, date(2025, 3, 18))
    assert (council.matter(owed).state, council.due(owed, "rebook_by")) == ("awaiting_rebooking", date(2025, 3, 26))
    council.verify()


def test_whoever_is_ill_as_well_when_it_is_cancelled_is_waited_for(council: FakeCouncil) -> None:
    away(council, "sup", MONDAY)
    owed = cancelled(council, booked(council), cause="sickness", whose="wkr")
    assert owed.data["waits_on"] == ["sup", "wkr"]


def test_whoever_was_reported_back_today_is_not_waited_for_besides(council: FakeCouncil) -> None:
    back(council, away(council, "sup", date(2025, 2, 28)), MONDAY)
    owed = cancelled(council, booked(council), cause="sickness", whose="wkr")
    assert owed.data["waits_on"] == ["wkr"]


def test_the_earlier_of_two_returns_is_corrected_while_the_other_is_waited_for(council: FakeCouncil) -> None:
    supervisors = away(council, "sup", MONDAY)
    owed = cancelled(council, booked(council), cause="sickness", whose="wkr")
    council.until("2025-03-12T09:00")
    back(council, supervisors, date(2025, 3, 6))
    council.move("hr1", supervisors, "amend", last_day=date(2025, 3, 11), reason="The note says the 11th.")
    assert council.matter(owed).state == "awaiting_return"
    assert council.matter(owed).data["returns"] == {"sup": "2025-03-12"}
    back(council, council.only(Workflow.absence, person="wkr"), date(2025, 3, 10))
    assert council.due(owed, "rebook_by") == date(2025, 3, 19)
    council.verify()


# -- ill already when the session falls out
@pytest.mark.clause("CBC-46")
def test_a_session_that_nobody_cancels_while_its_supervisor_is_ill_waits_for_the_return(council: FakeCouncil) -> None:
    booked(council)
    absence = away(council, "sup", MONDAY)
    council.until("2025-03-06T09:00")
    owed = council.only(Workflow.cancellation)
    assert (owed.state, owed.data["cause"], owed.data["waits_on"]) == ("awaiting_return", "missed", ["sup"])
    council.until("2025-03-14T09:00")
    assert council.told("lm", owed) == []
    back(council, absence, date(2025, 3, 13))
    assert (council.matter(owed).state, council.due(owed, "rebook_by")) == ("awaiting_rebooking", date(2025, 3, 21))
    council.verify()


@pytest.mark.clause("CBC-46", "CBC-59")
@pytest.mark.parametrize(("kind", "clause"), [("case", "CBC-46"), ("personal", "CBC-59")])
def test_whoever_is_ill_already_is_waited_for_whatever_the_session_is_cancelled_for(
    council: FakeCouncil, kind: str, clause: str
) -> None:
    absence = away(council, "wkr", MONDAY)
    owed = cancelled(council, booked(council, kind=kind))
    assert (owed.state, owed.data["waits_on"], owed.live("rebook_by")) == ("awaiting_return", ["wkr"], None)
    council.until("2025-03-17T09:00")
    back(council, absence, date(2025, 3, 16))
    rebook_by = deadline(council, owed, "rebook_by")
    assert (rebook_by.due, rebook_by.receipt["clause"]) == (at("2025-03-24T23:59:59"), clause)
    council.verify()


def test_leave_that_is_known_already_changes_no_window(council: FakeCouncil) -> None:
    away(council, "wkr", MONDAY, "planned")
    owed = cancelled(council, booked(council))
    assert (owed.state, council.due(owed, "rebook_by")) == ("awaiting_rebooking", date(2025, 3, 10))


def test_sickness_that_begins_another_day_is_waited_for_from_then_on(council: FakeCouncil) -> None:
    away(council, "wkr", date(2025, 3, 5))
    owed = cancelled(council, booked(council))
    assert owed.state == "awaiting_rebooking"
    council.until("2025-03-05T09:00")
    assert council.matter(owed).state == "awaiting_return"


# -- returns that are corrected
@pytest.mark.clause("CBC-59")
def test_a_corrected_return_moves_the_window_with_both_dates_in_the_history(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council), cause="sickness", whose="wkr")
    absence = council.only(Workflow.absence)
    council.until("2025-03-17T09:00")
    back(council, absence, date(2025, 3, 16))
    council.until("2025-03-19T10:00")
    council.move("hr1", absence, "amend", last_day=date(2025, 3, 18), reason="The note says Wednesday.")
    assert (council.matter(owed).state, council.due(owed, "rebook_by")) == ("awaiting_rebooking", date(2025, 3, 26))
    correction = step(council, owed, "return")["data"]
    assert (correction["before"], correction["back_on"]) == ("2025-03-17", "2025-03-19")
    assert council.history(owed).count("return") == 2
    council.move("hr1", absence, "amend", last_day=date(2025, 3, 18), reason="As before.")
    assert council.history(owed).count("return") == 2
    council.verify()


def test_a_return_that_was_earlier_moves_the_window_to_no_day_before_today(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council), cause="sickness", whose="wkr")
    absence = council.only(Workflow.absence)
    council.until("2025-03-20T09:00")
    back(council, absence, date(2025, 3, 16))
    council.move("hr1", absence, "amend", last_day=date(2025, 3, 7), reason="Back a week earlier.")
    assert council.due(owed, "rebook_by") == date(2025, 3, 20)
    assert deadline(council, owed, "rebook_by").receipt["rule"] == "later_of"
    council.verify()


@pytest.mark.clause("CBC-46")
@pytest.mark.parametrize("rebooked", [False, True])
def test_a_later_return_shows_a_breach_false_and_everybody_who_was_told_is_told(
    council: FakeCouncil, *, rebooked: bool
) -> None:
    owed = cancelled(council, booked(council), cause="sickness", whose="wkr")
    absence = council.only(Workflow.absence)
    council.until("2025-03-10T09:00")
    back(council, absence, date(2025, 3, 9))
    council.until("2025-03-18T09:00")
    assert council.matter(owed).state == "with_line_manager"
    if rebooked:
        named = booked(council, "2025-04-01T10:00")
        council.move("sup", owed, "rebook", session=named.id, reason="In April.")
    council.move("hr1", absence, "amend", last_day=date(2025, 3, 16), reason="Ill for another week.")
    now = council.matter(owed)
    assert (now.state, now.holder, now.ladder) == ("awaiting_rebooking", "sup", None)
    assert council.due(owed, "rebook_by") == date(2025, 3, 24)
    assert statuses(council, owed, "rebook_by") == [Status.corrected, Status.running]
    assert council.history(owed)[-1] == "corrected"
    for who in ("lm", "sup", "wkr"):
        assert council.told(who, owed)[-1] == "breach_corrected"
    council.verify()


@pytest.mark.parametrize("last_day", [date(2025, 3, 6), date(2025, 3, 11)])
def test_a_return_that_would_have_been_too_late_all_the_same_leaves_the_breach(
    council: FakeCouncil, last_day: date
) -> None:
    owed = cancelled(council, booked(council), cause="sickness", whose="wkr")
    absence = council.only(Workflow.absence)
    council.until("2025-03-10T09:00")
    back(council, absence, date(2025, 3, 9))
    council.until("2025-03-25T09:00")
    council.move("hr1", absence, "amend", last_day=last_day, reason="Another day.")
    assert council.matter(owed).state == "with_line_manager"
    assert statuses(council, owed, "rebook_by") == [Status.missed]


@pytest.mark.clause("CBC-46")
@pytest.mark.parametrize("rebooked", [False, True])
def test_sickness_that_is_written_down_late_shows_a_breach_false(council: FakeCouncil, *, rebooked: bool) -> None:
    owed = cancelled(council, booked(council))
    council.until("2025-03-12T09:00")
    assert council.matter(owed).state == "with_line_manager"
    if rebooked:
        named = booked(council, "2025-04-01T10:00")
        council.move("sup", owed, "rebook", session=named.id, reason="In April.")
    absence = away(council, "wkr", date(2025, 3, 5))
    now = council.matter(owed)
    assert (now.state, now.holder, now.ladder) == ("awaiting_return", None, None)
    assert statuses(council, owed, "rebook_by") == [Status.corrected]
    assert "breach_corrected" in council.told("lm", owed)
    council.until("2025-03-17T09:00")
    back(council, absence, date(2025, 3, 16))
    assert council.due(owed, "rebook_by") == date(2025, 3, 24)
    council.verify()


def test_a_rung_that_was_taken_over_from_an_earlier_cancellation_is_shown_false_by_no_sickness(
    council: FakeCouncil,
) -> None:
    owed = cancelled(council, booked(council))
    council.until("2025-03-12T09:00")
    named = booked(council, "2025-04-01T10:00")
    council.move("sup", owed, "rebook", session=named.id, reason="In April.")
    second = cancelled(council, named)
    away(council, "wkr", date(2025, 3, 5))
    assert council.matter(second).state == "with_line_manager"


# -- other absences of the same person
def test_the_return_from_leave_is_not_the_return_that_is_waited_for(council: FakeCouncil) -> None:
    leave = away(council, "sup", MONDAY, "planned")
    owed = cancelled(council, booked(council), cause="sickness", whose="wkr")
    council.until("2025-03-06T09:00")
    back(council, leave, date(2025, 3, 5))
    assert council.matter(owed).data["waits_on"] == ["wkr"]
    assert "returns" not in council.matter(owed).data


def test_whoever_goes_from_sickness_into_leave_is_back_when_the_leave_ends(council: FakeCouncil) -> None:
    leave = away(council, "wkr", date(2025, 3, 10), "planned", expected_return=date(2025, 3, 24))
    owed = cancelled(council, booked(council), cause="sickness", whose="wkr")
    sickness = council.only(Workflow.absence, parent=owed.parent)
    council.until("2025-03-07T09:00")
    back(council, sickness, date(2025, 3, 7))
    assert council.matter(owed).state == "awaiting_return"
    council.until("2025-03-24T09:00")
    back(council, leave, date(2025, 3, 23))
    assert council.due(owed, "rebook_by") == date(2025, 3, 31)
    council.verify()


def test_correcting_an_older_absence_brings_nobody_back_who_is_ill_again(council: FakeCouncil) -> None:
    older = away(council, "wkr", date(2025, 2, 24))
    back(council, older, date(2025, 2, 28))
    owed = cancelled(council, booked(council), cause="sickness", whose="wkr")
    council.move("hr1", older, "amend", last_day=date(2025, 2, 27), reason="A day less.")
    assert council.matter(owed).state == "awaiting_return"


def test_an_absence_that_was_a_mistake_lets_the_window_run_from_today(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council))
    mistake = away(council, "wkr", MONDAY)
    council.until("2025-03-05T09:00")
    council.move("hr1", mistake, "cancel", reason="It was somebody else.")
    assert (council.matter(owed).state, council.due(owed, "rebook_by")) == ("awaiting_rebooking", date(2025, 3, 12))
    council.verify()


def test_an_amended_absence_is_waited_for_once(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council))
    absence = away(council, "wkr", MONDAY)
    council.move("hr1", absence, "amend", expected_return=date(2025, 3, 10), reason="The doctor's note.")
    assert council.history(owed) == ["open", "fall_sick"]


# -- sickness that was none
@pytest.mark.clause("CBC-45", "CBC-59")
@pytest.mark.parametrize(("kind", "clause"), [("case", "CBC-45"), ("personal", "CBC-59")])
def test_sickness_that_is_corrected_to_leave_lets_the_window_run_from_the_correction(
    council: FakeCouncil, kind: str, clause: str
) -> None:
    owed = cancelled(council, booked(council, kind=kind))
    absence = away(council, "wkr", MONDAY)
    assert council.matter(owed).state == "awaiting_return"
    leave = {"cause": "planned", "expected_return": date(2025, 4, 7)}
    council.move("hr1", absence, "amend", **leave, reason="It is her leave.")
    now = council.matter(owed)
    assert (now.state, now.holder, now.data["waits_on"]) == ("awaiting_rebooking", "sup", [])
    rebook_by = deadline(council, owed, "rebook_by")
    assert (rebook_by.due, rebook_by.receipt["clause"]) == (at("2025-03-10T23:59:59"), clause)
    assert rebook_by.receipt["anchors"][0]["event"] == "sickness shown false"
    assert council.history(owed) == ["open", "fall_sick", "corrected"]
    council.until("2025-04-03T09:00")
    assert council.matter(owed).state == "with_senior_manager"
    council.verify()


def test_sickness_that_a_session_was_cancelled_for_may_be_corrected_too(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council), cause="sickness", whose="wkr")
    council.until("2025-03-05T09:00")
    council.move("hr1", council.only(Workflow.absence), "amend", cause="other", reason="A funeral.")
    assert (council.matter(owed).state, council.due(owed, "rebook_by")) == ("awaiting_rebooking", date(2025, 3, 12))
    council.verify()


def test_with_both_ill_the_other_is_waited_for_when_one_was_on_leave(council: FakeCouncil) -> None:
    supervisors = away(council, "sup", MONDAY)
    owed = cancelled(council, booked(council), cause="sickness", whose="wkr")
    council.move("hr1", supervisors, "amend", cause="planned", reason="It is her leave.")
    assert (council.matter(owed).state, council.matter(owed).data["waits_on"]) == ("awaiting_return", ["wkr"])
    council.until("2025-03-17T09:00")
    back(council, council.only(Workflow.absence, person="wkr"), date(2025, 3, 16))
    assert council.due(owed, "rebook_by") == date(2025, 3, 24)
    council.verify()


def test_sickness_of_an_absence_that_cover_is_sought_for_may_be_corrected_too(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council), cause="sickness", whose="sup")
    council.until("2025-03-18T09:00")
    absence = council.only(Workflow.absence)
    assert absence.state == "awaiting_cover"
    council.move("hr1", absence, "amend", cause="unplanned", reason="She cares for her mother.")
    assert (council.matter(owed).state, council.due(owed, "rebook_by")) == ("awaiting_rebooking", date(2025, 3, 25))
    council.verify()


def test_sickness_that_is_over_changes_no_window_when_it_is_corrected(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council), cause="sickness", whose="wkr")
    absence = council.only(Workflow.absence)
    council.until("2025-03-17T09:00")
    back(council, absence, date(2025, 3, 16))
    council.move("hr1", absence, "amend", cause="planned", reason="It was her leave.")
    assert (council.matter(owed).state, council.due(owed, "rebook_by")) == ("awaiting_rebooking", date(2025, 3, 24))
    council.verify()


# -- somebody else supervises
@pytest.mark.clause("CBC-46", "CBC-47")
def test_cover_for_the_sick_supervisor_ends_the_waiting_and_the_window_runs_from_that_day(
    council: FakeCouncil,
) -> None:
    owed = cancelled(council, booked(council), cause="sickness", whose="sup")
    council.until("2025-03-18T09:00")
    council.move("lm", council.only(Workflow.absence), "assign_cover", cover={"wkr": "sup2"})
    now = council.matter(owed)
    assert (now.state, now.supervisor, now.holder) == ("awaiting_rebooking", "sup2", "sup2")
    rebook_by = deadline(council, owed, "rebook_by")
    assert rebook_by.receipt["anchors"] == [{"event": "cover assigned", "at": "2025-03-18"}]
    assert rebook_by.due == at("2025-03-25T23:59:59")
    council.verify()


@pytest.mark.clause("CBC-46")
@pytest.mark.parametrize(("way", "event"), [("return", "the supervisor is back"), ("list", "another supervisor")])
def test_whoever_takes_it_from_a_sick_cover_supervisor_is_named_as_what_they_are(
    council: FakeCouncil, way: str, event: str
) -> None:
    absence = away(council, "sup", date(2025, 2, 10))
    council.move("lm", absence, "assign_cover", cover={"wkr": "sup2", "wkr2": "sup2", "bs": "sup2"})
    booking = {"supervisee": "wkr", "kind": "case", "starts_at": at("2025-03-04T14:00"), "minutes": 90}
    session = council.open("sup2", Workflow.session, cases=["c1"], **booking)
    council.move("sup2", session, "cancel", cause="sickness", whose="sup2", reason="Flu.")
    owed = council.only(Workflow.cancellation)
    council.until("2025-03-06T09:00")
    if way == "return":
        back(council, absence, date(2025, 3, 5))
    else:
        council.relist("wkr", supervisor="lm")
    rebook_by = deadline(council, owed, "rebook_by")
    assert rebook_by.receipt["anchors"] == [{"event": event, "at": "2025-03-06"}]
    assert rebook_by.due == at("2025-03-13T23:59:59")
    council.verify()


def test_with_both_ill_cover_ends_the_waiting_for_the_supervisor_alone(council: FakeCouncil) -> None:
    sick = away(council, "wkr", MONDAY)
    owed = cancelled(council, booked(council), cause="sickness", whose="sup")
    council.until("2025-03-18T09:00")
    council.move("lm", council.only(Workflow.absence, person="sup"), "assign_cover", cover={"wkr": "sup2"})
    now = council.matter(owed)
    assert (now.state, now.supervisor, now.data["waits_on"]) == ("awaiting_return", "sup2", ["wkr"])
    council.until("2025-03-20T09:00")
    back(council, sick, date(2025, 3, 19))
    assert council.due(owed, "rebook_by") == date(2025, 3, 27)
    council.verify()


def test_a_session_that_is_held_all_the_same_ends_the_waiting(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council), cause="sickness", whose="wkr")
    session = booked(council, "2025-03-05T10:00")
    council.until("2025-03-05T11:30")
    council.move("sup", session, "hold", held_at=council.now, minutes=60)
    assert council.matter(owed).state == "replaced"
    council.verify()


def test_nobody_waits_for_the_return_of_a_supervisor_who_has_left(council: FakeCouncil) -> None:
    session = booked(council, "2025-03-06T10:00")
    council.relist("sup", end_date=MONDAY)
    council.until("2025-03-04T09:00")
    council.move("wkr", session, "cancel", cause="sickness", whose="sup", reason="Nobody came.")
    owed = council.only(Workflow.cancellation)
    assert (owed.state, council.due(owed, "rebook_by")) == ("awaiting_rebooking", date(2025, 3, 11))
    assert [a.data["cause"] for a in council.find(Workflow.absence)] == ["left"]
    council.verify()
