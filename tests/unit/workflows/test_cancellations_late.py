"""A replacement is late: who is asked, what they may direct, and how a lateness is not shaken off."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fakes.council import FakeCouncil, at, standard_team
from tests.unit.workflows.stories import C1, away, deadline, incidents, statuses, step
from workflows.lateness import overdue_since
from workflows.model import Matter
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import Status, Workflow

LATE = "2025-03-11T00:00"


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil(cases=[C1])


def booked(council: FakeCouncil, starts_at: str, who: str = "sup", **more: Any) -> Matter:
    """A case session with the social worker."""
    booking = {"supervisee": "wkr", "kind": "case", "starts_at": at(starts_at), "minutes": 90, "cases": ["c1"], **more}
    return council.open(who, Workflow.session, **booking)


def cancelled(council: FakeCouncil, session: Matter, who: str = "sup", **more: Any) -> Matter:
    """The cancellation that cancelling a session opens."""
    council.move(who, session, "cancel", **{"cause": "diary", "reason": "A hearing.", **more})
    return council.only(Workflow.cancellation, parent=session.id)


@pytest.fixture
def late(council: FakeCouncil) -> Matter:
    """A replacement that was owed by 10 March."""
    owed = cancelled(council, booked(council, "2025-03-04T14:00"))
    council.until(LATE)
    return council.matter(owed)


# -- going up
@pytest.mark.clause("CBC-45")
def test_at_the_end_of_the_window_the_line_manager_is_asked_then_the_next_one(
    council: FakeCouncil, late: Matter
) -> None:
    assert (late.state, late.holder) == ("with_line_manager", "lm")
    assert statuses(council, late, "rebook_by") == [Status.missed]
    council.until("2025-03-11T09:00")
    assert council.told("lm", late) == ["escalated"]
    assert council.told("wkr", late) == ["escalated_for_information", "replacement_late"]
    council.until("2025-03-19T09:00")
    assert council.told("lm", late)[-1] == "reminder"
    council.until("2025-03-26T00:00")
    assert (council.matter(late).state, council.matter(late).holder) == ("with_senior_manager", "hos")
    council.until("2025-04-10T00:00")
    assert council.matter(late).holder == "ad"
    council.verify()


def test_where_nobody_is_above_the_matter_is_stranded_and_looks_again() -> None:
    people = {ref: p for ref, p in standard_team().items() if ref not in ("ad", "hos", "lm")}
    council = FakeCouncil(people=people, cases=[C1])
    council.relist("sup", line_manager=None)
    owed = cancelled(council, booked(council, "2025-03-04T14:00"))
    council.until(LATE)
    assert (council.matter(owed).state, council.matter(owed).holder) == ("with_line_manager", None)
    assert "stranded" in incidents(council, owed)
    council.relist("sup2", line_manager=None)
    council.relist("sup", line_manager="sup2")
    council.until("2025-03-19T00:00")
    assert council.matter(owed).holder == "sup2"
    council.verify()


# -- deciding
def test_the_holder_excuses_it_with_a_reason(council: FakeCouncil, late: Matter) -> None:
    with pytest.raises(NotYourMove):
        council.move("sup", late, "excuse", reason="We are busy.")
    excused = council.move("lm", late, "excuse", reason="I saw them both myself.")
    assert (excused.state, excused.holder) == ("excused", None)
    assert council.told("wkr", late)[-1] == "excused"
    council.verify()


def test_the_holder_directs_a_date_and_the_session_is_booked_by_the_order(council: FakeCouncil, late: Matter) -> None:
    directed = council.move("lm", late, "direct", starts_at=at("2025-03-13T10:00"), reason="It cannot wait.")
    session = council.only(Workflow.session, state="scheduled")
    assert (directed.state, directed.holder, directed.data["replacement"]) == ("rebooked", "sup", str(session.id))
    assert (session.supervisor, session.data["minutes"], session.data["cases"]) == ("sup", 90, ["c1"])
    assert session.data["opened_by"] == "lm"
    assert {"directed", "session_booked"} <= {*council.told("wkr")}
    council.until("2025-03-13T11:30")
    council.move("sup", session, "hold", held_at=council.now, minutes=90)
    assert council.matter(late).state == "replaced"
    assert "supervised" in council.history(council.only(Workflow.frequency))
    council.verify()


def test_a_directed_supervisors_session_is_the_workers_supervision() -> None:
    council = FakeCouncil()
    owed = cancelled(council, booked(council, "2025-03-04T14:00", kind="personal", cases=[]))
    council.until(LATE)
    order = {"starts_at": at("2025-03-13T10:00"), "supervisor": "sup2", "reason": "Somebody else, then."}
    directed = council.move("lm", owed, "direct", **order)
    assert (directed.supervisor, directed.holder) == ("sup2", "sup2")
    session = council.only(Workflow.session, state="scheduled")
    assert session.supervisor == "sup2"
    council.until("2025-03-13T11:00")
    council.move("sup2", session, "hold", held_at=council.now, minutes=60)
    assert council.matter(owed).state == "replaced"
    assert council.only(Workflow.record).supervisor == "sup2"
    entitlement = council.only(Workflow.entitlement, supervisee="wkr")
    assert (entitlement.supervisor, entitlement.data["last_supervised_on"]) == ("sup", "2025-03-13")
    council.verify()


def test_a_directed_supervisor_without_a_date_books_it_and_is_reminded_until_then(
    council: FakeCouncil, late: Matter
) -> None:
    council.relist("wkr2", supervisor="sup2")
    directed = council.move("lm", late, "direct", supervisor="sup2", reason="Somebody else, then.")
    assert (directed.state, directed.holder, directed.data["replacement"]) == ("rebooked", "sup2", None)
    assert "rebook" in council.offered("sup2", directed)
    council.until("2025-03-19T09:00")
    assert council.told("sup2", directed) == ["directed", "reminder"]
    council.until("2025-03-26T00:00")
    assert (council.matter(late).state, council.matter(late).holder) == ("with_senior_manager", "hos")
    council.verify()


def test_a_directed_supervisor_names_the_session_that_they_have_booked(council: FakeCouncil, late: Matter) -> None:
    directed = council.move("lm", late, "direct", supervisor="lm", reason="I do it myself.")
    council.relist("wkr", supervisor="lm")
    session = booked(council, "2025-03-13T10:00", "lm")
    rebooked = council.move("lm", directed, "rebook", session=session.id, reason="The first day that suits.")
    assert (rebooked.state, rebooked.data["replacement"]) == ("rebooked", str(session.id))
    assert rebooked.live("remind_by") is None
    assert "rebook" not in council.offered("lm", rebooked)
    council.until("2025-03-13T11:30")
    council.move("lm", session, "hold", held_at=council.now, minutes=90)
    assert council.matter(late).state == "replaced"
    council.verify()


def test_an_order_takes_the_place_of_the_date_that_was_named(council: FakeCouncil, late: Matter) -> None:
    named = booked(council, "2025-04-01T10:00")
    council.move("sup", late, "rebook", session=named.id, reason="Nothing is free before.")
    assert council.told("lm", late)[-1] == "rebooked"
    assert council.matter(late).holder == "sup"
    council.move("sup", named, "cancel", cause="diary", reason="Nothing is free then, either.")
    second = council.only(Workflow.cancellation, parent=named.id)
    other = booked(council, "2025-05-01T10:00")
    council.move("sup", second, "rebook", session=other.id, reason="In May.")
    council.move("sup", other, "cancel", cause="diary", reason="Not in May.")
    third = council.only(Workflow.cancellation, parent=other.id)
    assert (third.state, third.holder, third.data["times"]) == ("with_line_manager", "lm", 3)
    council.verify()


def test_a_date_named_before_the_breach_ends_when_another_is_directed(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council, "2025-03-04T14:00"))
    named = booked(council, "2025-04-01T10:00")
    council.move("sup", owed, "rebook", session=named.id, reason="Nothing is free before.")
    council.until(LATE)
    directed = council.move("lm", owed, "direct", starts_at=at("2025-03-13T10:00"), reason="Before that.")
    assert (council.matter(named).state, council.history(named)[-1]) == ("cancelled", "end")
    assert council.find(Workflow.cancellation) == [directed]
    council.verify()


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ({}, "Direct a new date"),
        ({"supervisor": "nobody"}, "nobody is not in post"),
        ({"supervisor": "sup2"}, "Person sup2 is away"),
        ({"supervisor": "wkr"}, "supervises themselves"),
        ({"starts_at": at("2025-03-10T10:00")}, "still to come"),
    ],
)
def test_an_order_that_nobody_can_follow_is_refused(
    council: FakeCouncil, late: Matter, order: dict[str, Any], why: str
) -> None:
    away(council, "sup2", date(2025, 3, 10))
    with pytest.raises(Refused, match=why):
        council.move("lm", late, "direct", reason="Now.", **order)


def test_a_group_is_directed_for_those_who_are_still_in_post(council: FakeCouncil) -> None:
    group: dict[str, Any] = {"kind": "group", "supervisee": None, "cases": [], "participants": ["wkr", "wkr2"]}
    owed = cancelled(council, booked(council, "2025-03-04T14:00", **group))
    council.relist("wkr", end_date=date(2025, 3, 5))
    council.until(LATE)
    council.move("lm", owed, "direct", starts_at=at("2025-03-13T10:00"), reason="With who is left.")
    assert council.only(Workflow.session, state="scheduled").data["participants"] == ["wkr2"]
    council.verify()


def test_a_group_of_which_nobody_is_left_is_excused(council: FakeCouncil) -> None:
    group: dict[str, Any] = {"kind": "group", "supervisee": None, "cases": [], "participants": ["wkr"]}
    owed = cancelled(council, booked(council, "2025-03-04T14:00", **group))
    council.relist("wkr", end_date=date(2025, 3, 5))
    council.until(LATE)
    with pytest.raises(Refused, match="excuse it"):
        council.move("lm", owed, "direct", starts_at=at("2025-03-13T10:00"), reason="With who is left.")
    assert council.move("lm", owed, "excuse", reason="Nobody is left.").state == "excused"


# -- a lateness is not shaken off
@pytest.mark.clause("CBC-45", "CBC-48")
def test_naming_a_date_and_cancelling_it_comes_back_to_the_same_rung_holder_and_ladder(
    council: FakeCouncil, late: Matter
) -> None:
    council.until("2025-03-26T09:00")
    assert council.matter(late).holder == "hos"
    session = booked(council, "2025-03-28T10:00")
    council.move("sup", late, "rebook", session=session.id, reason="On Friday.")
    again = cancelled(council, session)
    assert (again.state, again.holder, again.data["times"]) == ("with_senior_manager", "hos", 2)
    assert again.ladder == council.matter(late).ladder
    assert again.data["first_cancelled_at"] == late.data["first_cancelled_at"]
    missed = council.matter(late).missed("rebook_by")
    assert missed is not None
    assert overdue_since(again) == missed.due
    assert again.data["gap_note"]["clause"] == "CBC-48"
    assert council.told("hos", again) == ["cancelled_again"]
    assert {d.name for d in again.deadlines} == {"remind_by", "climb_by"}
    council.verify()


def test_a_session_that_was_cancelled_while_the_duty_was_late_stays_on_the_rung(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council, "2025-03-04T14:00"))
    session = booked(council, "2025-03-20T10:00")
    council.move("sup", owed, "rebook", session=session.id, reason="Nothing is free before.")
    council.until("2025-03-12T09:00")
    again = cancelled(council, session, cause="sickness", whose="wkr")
    assert (again.state, again.holder) == ("with_line_manager", "lm")
    assert council.matter(owed).state == "superseded"
    council.verify()


@pytest.mark.parametrize("gone", ["absent", "left"])
def test_the_rung_passes_on_where_its_holder_is_not_there_any_more(
    council: FakeCouncil, late: Matter, gone: str
) -> None:
    session = booked(council, "2025-03-20T10:00")
    council.move("sup", late, "rebook", session=session.id, reason="On Thursday week.")
    if gone == "absent":
        away(council, "lm", date(2025, 3, 11), "planned")
    else:
        council.relist("lm", end_date=date(2025, 3, 11))
        council.until("2025-03-12T00:00")
    again = cancelled(council, session)
    assert (again.state, again.holder) == ("with_line_manager", "hos")
    council.verify()


# -- somebody else supervises
def test_a_new_supervisor_takes_over_the_duty_and_its_session(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council, "2025-03-04T14:00"))
    session = booked(council, "2025-03-06T10:00")
    council.move("sup", owed, "rebook", session=session.id)
    council.relist("wkr", supervisor="sup2")
    assert (council.matter(owed).supervisor, council.matter(owed).holder) == ("sup2", "sup2")
    assert (council.matter(session).supervisor, council.matter(session).holder) == ("sup2", "sup2")
    assert council.told("sup2", owed) == ["taken_over"]
    council.until("2025-03-06T11:30")
    council.move("sup2", session, "hold", held_at=council.now, minutes=90)
    assert council.matter(owed).state == "replaced"
    council.verify()


def test_nobody_judges_their_own_lateness(council: FakeCouncil, late: Matter) -> None:
    council.relist("wkr", supervisor="lm")
    now = council.matter(late)
    assert (now.state, now.supervisor, now.holder) == ("with_line_manager", "lm", "hos")
    assert now.ladder is not None
    assert "lm" in now.ladder.parties
    council.until("2025-03-11T09:00")
    assert council.told("hos", late) == ["escalated"]
    assert "excuse" not in council.offered("lm", late)
    assert "rebook" in council.offered("lm", late)
    council.verify()


def test_a_delegate_goes_on_writing_for_the_new_supervisor(council: FakeCouncil) -> None:
    record = council.open("sup", Workflow.record, supervisee="wkr", kind="case", case="c1")
    council.move("sup", record, "delegate", person="bs")
    council.relist("wkr", supervisor="sup2")
    assert (council.matter(record).holder, council.matter(record).waiting_for) == ("sup2", ("bs",))
    assert step(council, record, "reassign")["data"]["before"] == "sup"


def test_a_rung_passes_on_when_its_holder_goes_absent(council: FakeCouncil, late: Matter) -> None:
    council.until("2025-03-14T09:00")
    away(council, "lm", date(2025, 3, 14))
    now = council.matter(late)
    assert (now.state, now.holder) == ("with_line_manager", "hos")
    assert step(council, late, "pass_on")["data"] == {
        "passed_over": "lm", "why": "absent", "asked": "hos",
        "deadlines": step(council, late, "pass_on")["data"]["deadlines"],
    }  # fmt: skip
    assert deadline(council, late, "climb_by").due == at("2025-03-28T23:59:59")
    council.verify()


def test_whoever_was_directed_to_hold_it_is_asked_about_it_no_more(council: FakeCouncil, late: Matter) -> None:
    order = {"starts_at": at("2025-03-13T10:00"), "supervisor": "lm", "reason": "I hold it myself."}
    council.move("lm", late, "direct", **order)
    council.until("2025-03-15T00:00")  # nobody says what became of it
    again = council.only(Workflow.cancellation, state="with_line_manager")
    assert (again.supervisor, again.holder, again.data["cause"]) == ("lm", "hos", "missed")
    assert again.ladder is not None
    assert "lm" in again.ladder.parties
    council.verify()


def test_a_manager_who_was_directed_is_passed_over_further_up(council: FakeCouncil, late: Matter) -> None:
    order = {"starts_at": at("2025-03-13T10:00"), "supervisor": "hos", "reason": "The head of service holds it."}
    council.move("lm", late, "direct", **order)
    council.until("2025-03-15T00:00")
    again = council.only(Workflow.cancellation, state="with_line_manager")
    assert again.holder == "lm"
    council.until("2025-04-01T00:00")
    assert (council.matter(again).state, council.matter(again).holder) == ("with_senior_manager", "ad")
    council.verify()


# -- the date passes while a report is awaited
@pytest.mark.clause("CBC-45")
def test_cancelling_the_morning_after_the_last_day_erases_no_date_that_has_passed(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council, "2025-03-04T14:00"))
    on_the_last_day = booked(council, "2025-03-10T16:00")
    council.move("sup", owed, "rebook", session=on_the_last_day.id)
    council.until("2025-03-11T10:00")
    assert deadline(council, owed, "rebook_by").status is Status.awaiting_report
    again = cancelled(council, on_the_last_day)
    assert (council.matter(owed).state, statuses(council, owed, "rebook_by")) == ("superseded", [Status.missed])
    assert (again.state, again.holder, again.data["times"]) == ("with_line_manager", "lm", 2)
    assert overdue_since(again) == at("2025-03-10T23:59:59")
    assert council.told("lm", again) == ["escalated"]
    assert "replacement_late" in council.told("wkr", again)
    next_one = booked(council, "2025-03-18T16:00")
    council.move("sup", again, "rebook", session=next_one.id, reason="A week later.")
    council.until("2025-03-19T10:00")
    third = cancelled(council, next_one)
    assert (third.state, third.holder, overdue_since(third)) == ("with_line_manager", "lm", at("2025-03-10T23:59:59"))
    council.verify()


@pytest.mark.clause("CBC-45")
def test_cancelling_on_the_last_day_itself_is_in_time_and_a_new_window_runs(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council, "2025-03-04T14:00"))
    on_the_last_day = booked(council, "2025-03-10T16:00")
    council.move("sup", owed, "rebook", session=on_the_last_day.id)
    council.until("2025-03-10T15:00")
    again = cancelled(council, on_the_last_day)
    assert statuses(council, owed, "rebook_by") == [Status.superseded]
    assert (again.state, council.due(again, "rebook_by")) == ("awaiting_rebooking", date(2025, 3, 17))
    council.verify()


@pytest.mark.clause("CBC-46")
def test_a_replacement_that_fell_out_for_sickness_on_its_last_day_waits_for_the_return(council: FakeCouncil) -> None:
    owed = cancelled(council, booked(council, "2025-03-04T14:00"))
    on_the_last_day = booked(council, "2025-03-10T16:00")
    council.move("sup", owed, "rebook", session=on_the_last_day.id)
    council.until("2025-03-11T10:00")
    again = cancelled(council, on_the_last_day, cause="sickness", whose="wkr")
    assert statuses(council, owed, "rebook_by") == [Status.superseded]
    assert (again.state, again.data["waits_on"], council.told("lm", again)) == ("awaiting_return", ["wkr"], [])
    council.verify()
