"""A session that took place: its records, the duties that it meets, and what is reported late."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fakes.council import FakeCouncil, at, standard_team
from tests.unit.workflows.stories import C1, agreed, deadline, held, statuses, step
from workflows.directory import Case
from workflows.model import Matter
from workflows.refusals import Refused
from workflows.vocabulary import SessionKind, Status, Workflow

C2 = Case("c2", "wkr2", "family-support", allocated_on=date(2025, 1, 6))
C3 = Case("c3", "wkr", "family-support", allocated_on=date(2025, 1, 6))
COUNCILS = ("central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset")


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil(cases=[C1, C2, C3])


def booked(council: FakeCouncil, kind: str = "personal", starts_at: str = "2025-03-04T10:00", **more: Any) -> Matter:
    """A session of an hour with the social worker."""
    booking = {"supervisee": "wkr", "kind": kind, "starts_at": at(starts_at), "minutes": 60, **more}
    return council.open("sup", Workflow.session, **booking)


def renewed(council: FakeCouncil, **named: Any) -> bool:
    """Whether the one entitlement or frequency with these fields was met by a session."""
    workflow = Workflow.frequency if "case" in named else Workflow.entitlement
    return "supervised" in council.history(council.only(workflow, **named))


# -- what it opens
@pytest.mark.clause("NS-06", "DAR-35")
def test_a_combined_session_opens_a_personal_record_and_one_for_each_case_that_was_discussed(
    council: FakeCouncil,
) -> None:
    session = held(council, SessionKind.combined, "2025-03-04T11:00", cases=["c1", "c3", "c1"])
    records = council.find(Workflow.record, parent=session.id)
    assert {(r.kind, r.case, r.supervisee, r.state) for r in records} == {
        ("case", "c1", "wkr", "draft"),
        ("case", "c3", "wkr", "draft"),
        ("personal", None, "wkr", "draft"),
    }
    assert len(records) == 3
    told = step(council, session, "hold")["data"]
    assert (told["minutes"], told["held_at"], told["cases"]) == (60, "2025-03-04T11:00:00+00:00", ["c1", "c3"])
    assert statuses(council, session, "hold_or_cancel") == [Status.met]
    council.verify()


def test_only_what_was_discussed_is_recorded_and_renewed(council: FakeCouncil) -> None:
    session = booked(council, "case", cases=["c1", "c3"])
    council.until("2025-03-04T11:00")
    council.move("sup", session, "hold", held_at=council.now, minutes=50, cases=["c3"])
    assert [r.case for r in council.find(Workflow.record)] == ["c3"]
    assert renewed(council, case="c3")
    assert not renewed(council, case="c1")


@pytest.mark.parametrize(
    ("kind", "cases", "records"),
    [
        ("personal", [], ["personal"]),
        ("case", ["c1"], ["case"]),
        ("unplanned", [], ["personal"]),
        ("unplanned", ["c1"], ["case"]),
        ("group", ["c1"], ["group", "case"]),
        ("group", [], ["group"]),
    ],
)
def test_each_kind_of_session_has_its_records(
    council: FakeCouncil, kind: str, cases: list[str], records: list[str]
) -> None:
    session = booked(council, kind, cases=cases)
    council.until("2025-03-04T11:00")
    council.move("sup", session, "hold", held_at=council.now, minutes=60)
    assert sorted(r.kind or "" for r in council.find(Workflow.record)) == sorted(records)
    council.verify()


@pytest.mark.clause("LDS-17")
def test_the_record_of_a_group_says_that_it_was_one_and_is_each_workers_own(council: FakeCouncil) -> None:
    session = booked(council, "group", cases=["c1", "c2"], participants=["wkr2"])
    council.until("2025-03-04T11:00")
    council.move("sup", session, "hold", held_at=council.now, minutes=60)
    records = council.find(Workflow.record)
    assert {(r.supervisee, r.case, r.data["session_kind"]) for r in records} == {
        (None, None, "group"),
        ("wkr", "c1", "group"),
        ("wkr2", "c2", "group"),
    }


# -- what it renews
@pytest.mark.clause("NS-03", "NS-08", "LDS-01", "DAR-04", "HAR-15")
@pytest.mark.parametrize("policy", COUNCILS)
@pytest.mark.parametrize(
    ("kind", "counts"),
    [("personal", True), ("combined", True), ("case", False), ("group", False), ("unplanned", False)],
)
def test_the_workers_own_supervision_is_met_by_a_personal_or_combined_session_alone(
    policy: str, kind: str, *, counts: bool
) -> None:
    council = FakeCouncil(policy)
    session = booked(council, kind)
    council.until("2025-03-04T11:00")
    council.move("sup", session, "hold", held_at=council.now, minutes=60, **agreed(kind))
    assert renewed(council, supervisee="wkr") is counts
    assert not renewed(council, supervisee="wkr2")


@pytest.mark.clause("DAR-05")
@pytest.mark.parametrize(
    ("policy", "kind", "counts"),
    [
        ("central-bedfordshire", "case", True),
        ("central-bedfordshire", "combined", True),
        ("central-bedfordshire", "unplanned", False),
        ("central-bedfordshire", "group", False),
        ("darlington", "group", True),
    ],
)
def test_a_cases_supervision_is_met_where_the_policy_counts_the_kind(policy: str, kind: str, *, counts: bool) -> None:
    category = {"central-bedfordshire": "family-support", "darlington": "assessment"}[policy]
    council = FakeCouncil(policy, cases=[Case("c1", "wkr", category, allocated_on=date(2025, 1, 6))])
    session = booked(council, kind, cases=["c1"])
    council.until("2025-03-04T11:00")
    council.move("sup", session, "hold", held_at=council.now, minutes=60)
    assert renewed(council, case="c1") is counts


@pytest.mark.clause("CBC-74")
def test_an_extra_session_moves_no_slot(council: FakeCouncil) -> None:
    held(council, SessionKind.personal, "2025-03-04T11:00")
    held(council, SessionKind.personal, "2025-03-14T11:00")
    assert council.due(council.only(Workflow.entitlement, supervisee="wkr"), "supervise_by") == date(2025, 4, 30)


# -- what may be reported
@pytest.mark.parametrize(
    ("report", "why"),
    [
        ({"held_at": at("2025-03-04T12:00")}, "not ended yet"),
        ({"held_at": at("2025-03-03T11:00")}, "before the day"),
        ({"held_at": at("2025-03-04T11:00"), "cases": ["c2"]}, "Case c2 is not with anybody"),
    ],
)
def test_a_report_that_cannot_be_true_is_refused(council: FakeCouncil, report: dict[str, Any], why: str) -> None:
    session = booked(council, "combined", cases=["c1"])
    council.until("2025-03-04T11:00")
    with pytest.raises(Refused, match=why):
        council.move("sup", session, "hold", minutes=60, **report)


def test_a_personal_session_discusses_no_cases(council: FakeCouncil) -> None:
    session = booked(council)
    council.until("2025-03-04T11:00")
    with pytest.raises(Refused, match="no cases"):
        council.move("sup", session, "hold", held_at=council.now, minutes=60, cases=["c1"])


def test_a_case_that_went_to_somebody_else_meanwhile_was_discussed_with_who_was_there(council: FakeCouncil) -> None:
    session = booked(council, "case", cases=["c1"])
    council.until("2025-03-04T11:00")
    council.cases["c1"] = Case("c1", "wkr2", "family-support", allocated_on=date(2025, 1, 6))
    council.move("sup", session, "hold", held_at=council.now, minutes=60)
    assert [(r.supervisee, r.case) for r in council.find(Workflow.record)] == [("wkr", "c1")]
    assert renewed(council, case="c1")


# -- nobody reports it
def test_nobody_says_what_happened(council: FakeCouncil) -> None:
    session = booked(council)
    council.until("2025-03-05T23:59:59")
    assert council.matter(session).state == "scheduled"
    council.until("2025-03-06T00:00")
    assert (council.matter(session).state, council.matter(session).holder) == ("missed", None)
    assert council.only(Workflow.cancellation).data["cause"] == "missed"
    assert "session_missed" not in council.told("wkr", session)
    council.until("2025-03-06T09:00")
    for who in ("wkr", "sup"):
        assert council.told(who, session)[-1] == "session_missed"
    council.verify()


def test_a_missed_session_that_took_place_is_reported_late_with_the_reason(council: FakeCouncil) -> None:
    session = booked(council)
    council.until("2025-03-07T10:00")
    with pytest.raises(Refused, match="Say why"):
        council.move("sup", session, "hold", held_at=at("2025-03-04T11:00"), minutes=60)
    reported = council.move("sup", session, "hold", held_at=at("2025-03-04T11:00"), minutes=60, reason="I was ill.")
    assert (reported.state, council.history(session)) == ("held", ["open", "lapse", "hold"])
    assert statuses(council, session, "hold_or_cancel") == [Status.corrected]
    assert step(council, session, "hold")["data"]["corrected"] is True
    assert council.only(Workflow.cancellation).state == "replaced"
    assert renewed(council, supervisee="wkr")
    assert council.only(Workflow.record).state == "draft"
    council.verify()


def test_a_late_report_is_possible_for_ten_working_days_from_the_day_on_which_it_counted_as_missed(
    council: FakeCouncil,
) -> None:
    session = booked(council)  # missed on 6 March; the tenth working day after is 20 March
    council.until("2025-03-20T23:59:59")
    assert "hold" in council.offered("sup", session)
    council.until("2025-03-21T00:00")
    assert "hold" not in council.offered("sup", session)
    with pytest.raises(Refused, match="10 working days; that time is over"):
        council.move("sup", session, "hold", held_at=at("2025-03-04T11:00"), minutes=60, reason="I forgot.")


def test_a_meeting_after_it_counted_as_missed_is_another_session(council: FakeCouncil) -> None:
    session = booked(council)
    council.until("2025-03-07T10:00")
    with pytest.raises(Refused, match="book the session that was held instead"):
        council.move("sup", session, "hold", held_at=at("2025-03-06T00:00"), minutes=60, reason="We met today.")


def test_a_late_report_counts_although_somebody_else_supervises_by_now(council: FakeCouncil) -> None:
    session = booked(council)
    council.until("2025-03-06T09:00")
    council.relist("wkr", supervisor="sup2")
    council.move("sup", session, "hold", held_at=at("2025-03-04T11:00"), minutes=60, reason="I was ill.")
    entitlement = council.only(Workflow.entitlement, supervisee="wkr")
    assert (entitlement.supervisor, entitlement.data["last_supervised_on"]) == ("sup2", "2025-03-04")
    assert council.only(Workflow.cancellation).state == "replaced"
    council.verify()


# -- a duty waits for the report
def test_a_duty_waits_while_the_session_that_would_meet_it_can_still_be_reported() -> None:
    council = FakeCouncil("darlington", now="2025-01-31T09:00")
    held(council, SessionKind.personal, "2025-01-31T10:00")
    entitlement = council.only(Workflow.entitlement, supervisee="wkr")
    assert council.due(entitlement, "supervise_by") == date(2025, 2, 28)
    session = booked(council, starts_at="2025-02-28T15:00")
    council.until("2025-03-03T10:00")
    waiting = deadline(council, entitlement, "supervise_by")
    assert (waiting.status, waiting.due) == (Status.awaiting_report, at("2025-02-28T23:59:59"))
    assert council.matter(entitlement).state == "on_track"
    council.move("sup", session, "hold", held_at=at("2025-02-28T16:00"), minutes=60)
    assert council.history(entitlement) == ["open", "supervised", "await_report", "supervised"]
    assert statuses(council, entitlement, "supervise_by")[1:] == [Status.met, Status.running]
    council.verify()


def test_without_a_report_the_duty_is_missed_when_reporting_closes() -> None:
    council = FakeCouncil("darlington", now="2025-01-31T09:00")
    held(council, SessionKind.personal, "2025-01-31T10:00")
    entitlement = council.only(Workflow.entitlement, supervisee="wkr")
    session = booked(council, starts_at="2025-02-28T15:00")
    council.until("2025-03-03T23:59:59")
    assert council.matter(entitlement).state == "on_track"
    council.until("2025-03-04T00:00")
    assert (council.matter(entitlement).state, council.matter(session).state) == ("overdue", "missed")
    at_midnight = [s["trigger"] for s in council.steps if s["at"] == at("2025-03-04T00:00")]
    assert at_midnight == ["expire", "lapse", "open"]  # an expiry comes before a lapse of the same instant
    council.verify()


def test_the_session_of_another_worker_makes_no_duty_wait() -> None:
    council = FakeCouncil("darlington", now="2025-01-31T09:00")
    held(council, SessionKind.personal, "2025-01-31T10:00")
    booked(council, starts_at="2025-02-28T15:00", supervisee="wkr2")
    council.until("2025-03-01T00:00")
    assert council.only(Workflow.entitlement, supervisee="wkr").state == "overdue"


# -- whom it is held with
def test_a_session_of_somebody_who_left_is_over_and_owed_to_nobody(council: FakeCouncil) -> None:
    session = booked(council, starts_at="2025-03-14T10:00")
    council.relist("wkr", end_date=date(2025, 3, 5))
    council.until("2025-03-06T00:00")
    assert (council.matter(session).state, council.history(session)) == ("cancelled", ["open", "end"])
    assert step(council, session, "end")["data"]["why"] == "left"
    assert council.find(Workflow.cancellation) == []
    council.verify()


def test_a_group_without_a_named_supervisee_is_told_and_counts_for_its_members() -> None:
    council = FakeCouncil(people=standard_team())
    session = booked(council, "group", supervisee=None, participants=["wkr", "wkr2"])
    council.until("2025-03-06T09:00")
    assert council.told("wkr2", session) == ["session_booked", "session_missed"]
    assert council.only(Workflow.cancellation).data["participants"] == ["wkr", "wkr2"]
    council.move("sup", session, "hold", held_at=at("2025-03-04T11:00"), minutes=60, reason="The list was lost.")
    assert council.only(Workflow.cancellation).state == "replaced"
    council.verify()
