"""What an audit teaches lands in the record of the next session that is held on its case, and in no other (CBC-53)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.audit_stories import LEARNING, audits, council, reported, taken
from tests.unit.workflows.stories import held, step
from workflows.directory import Case
from workflows.model import Matter
from workflows.refusals import Refused
from workflows.vocabulary import SessionKind, Workflow


def session_on(found: FakeCouncil, ended: str, *cases: str, kind: SessionKind = SessionKind.case) -> Matter:
    """A session with the worker of odd cases that is held."""
    return held(found, kind, ended, cases=list(cases))


def records(found: FakeCouncil, case: str = "c1") -> list[Matter]:
    return found.find(Workflow.record, case=case)


# -- landing
@pytest.mark.clause("CBC-53", "CBC-84")
def test_the_next_sessions_record_carries_the_learning_and_asks_for_its_section() -> None:
    found = council()
    audit = reported(found)
    assert (audit.state, audit.holder) == ("learning_due", "sup")

    session_on(found, "2025-03-05T11:00", "c1", "c3")

    [record] = records(found)
    assert record.data["audit_learning"] == [str(audit.id)]
    assert {"name": "case_audit", "clause": "CBC-53"} in record.data["empty_sections"]
    assert "audit_learning" not in records(found, "c3")[0].data
    assert (found.matter(audit).state, found.matter(audit).data["landed_in"]) == ("closed", str(record.id))
    assert step(found, audit, "learned")["clause"] == "CBC-53"
    assert found.told("aud", audit) == ["learning_landed"]


@pytest.mark.clause("CBC-53")
def test_the_section_is_no_longer_missing_once_it_is_written() -> None:
    found = council()
    reported(found)
    session_on(found, "2025-03-05T11:00", "c1")
    record = found.move("sup", records(found)[0], "write", sections={"case_audit": "Each action has its reason now."})

    assert "case_audit" not in {section["name"] for section in record.data["empty_sections"]}


@pytest.mark.clause("CBC-53")
@pytest.mark.parametrize("cause", ["diary", "sickness", "emergency"])
def test_a_cancelled_session_changes_nothing_and_the_next_one_held_carries_it(cause: str) -> None:
    found = council()
    audit = reported(found)
    start = at("2025-03-05T10:00")
    booking = {"supervisee": "wkr", "kind": "case", "starts_at": start, "minutes": 60, "cases": ["c1"]}
    cancelled = found.open("sup", Workflow.session, **booking)
    found.move("sup", cancelled, "cancel", cause=cause, whose="wkr", reason="Not today.")
    found.until("2025-03-06T09:00")
    assert (found.matter(audit).state, records(found)) == ("learning_due", [])

    if cause == "sickness":
        found.move("hr1", found.only(Workflow.absence), "return", last_day=date(2025, 3, 5))
    session_on(found, "2025-03-07T11:00", "c1")

    assert found.matter(audit).state == "closed"
    assert records(found)[0].data["audit_learning"] == [str(audit.id)]


@pytest.mark.clause("CBC-53")
def test_a_missed_session_changes_nothing_until_it_is_reported_late_as_held() -> None:
    found = council()
    audit = reported(found)
    booking = {"supervisee": "wkr", "kind": "case", "starts_at": at("2025-03-05T10:00"), "minutes": 60, "cases": ["c1"]}
    missed = found.open("sup", Workflow.session, **booking)
    found.until("2025-03-07T09:00")
    assert (found.matter(missed).state, found.matter(audit).state) == ("missed", "learning_due")

    found.move("sup", missed, "hold", held_at=at("2025-03-05T11:00"), minutes=60, reason="Forgot to report it.")

    assert found.matter(audit).state == "closed"


@pytest.mark.clause("CBC-53")
@pytest.mark.parametrize(
    ("minutes", "state"), [(60, "learning_due"), (30, "closed")], ids=["began before the report", "began after it"]
)
def test_a_session_that_began_before_the_report_cannot_have_taken_it_up(minutes: int, state: str) -> None:
    found = council()
    booking = {"supervisee": "wkr", "kind": "case", "starts_at": at("2025-03-05T10:00"), "minutes": 60, "cases": ["c1"]}
    session = found.open("sup", Workflow.session, **booking)
    found.until("2025-03-05T10:15")
    audit = reported(found)
    found.until("2025-03-05T11:00")

    found.move("sup", session, "hold", held_at=at("2025-03-05T11:00"), minutes=minutes)

    assert found.matter(audit).state == state


@pytest.mark.clause("CBC-53")
@pytest.mark.parametrize("kind", [SessionKind.group, SessionKind.unplanned])
def test_a_session_that_is_no_case_supervision_does_not_carry_it(kind: SessionKind) -> None:
    found = council()
    audit = reported(found)

    session_on(found, "2025-03-05T11:00", "c1", kind=kind)

    assert found.matter(audit).state == "learning_due"
    assert "audit_learning" not in records(found)[0].data


@pytest.mark.clause("CBC-53")
def test_only_a_session_on_the_audited_case_carries_it_and_two_audits_land_together() -> None:
    found = council()
    both = [reported(found), reported(found)]
    session_on(found, "2025-03-05T11:00", "c3")
    assert {found.matter(audit).state for audit in both} == {"learning_due"}

    session_on(found, "2025-03-06T11:00", "c1")

    assert {found.matter(audit).state for audit in both} == {"closed"}
    assert records(found)[0].data["audit_learning"] == [str(audit.id) for audit in both]


@pytest.mark.clause("CBC-53")
def test_which_cases_were_discussed_counts_and_not_which_were_booked() -> None:
    found = council()
    audit = reported(found)
    booking = {"supervisee": "wkr", "kind": "case", "starts_at": at("2025-03-05T10:00"), "minutes": 60}
    session = found.open("sup", Workflow.session, **booking, cases=["c3"])
    found.until("2025-03-05T11:00")
    found.move("sup", session, "hold", held_at=found.now, minutes=60, cases=["c1"])

    assert found.matter(audit).state == "closed"


@pytest.mark.clause("NS-73")
def test_without_a_section_of_its_own_the_learning_is_linked_all_the_same() -> None:
    found = council("north-somerset")
    audit = reported(found)

    session_on(found, "2025-03-05T11:00", "c1")

    assert records(found)[0].data["audit_learning"] == [str(audit.id)]
    assert step(found, audit, "learned")["clause"] == "product default"


# -- the record goes
@pytest.mark.clause("CBC-53")
def test_when_the_record_is_withdrawn_the_learning_waits_for_the_next_session_again() -> None:
    found = council()
    audit = reported(found)
    session_on(found, "2025-03-05T11:00", "c1")
    found.move("sup", records(found)[0], "withdraw", reason="Written twice.")
    assert (found.matter(audit).state, found.matter(audit).closed_at) == ("learning_due", None)

    session_on(found, "2025-03-06T11:00", "c1")

    assert found.matter(audit).data["landed_in"] == str(records(found)[1].id)
    assert found.history(audit)[-3:] == ["learned", "unlearned", "learned"]
    found.verify()


def test_a_record_that_carries_nothing_changes_no_audit_when_it_is_withdrawn() -> None:
    found = council()
    audit = reported(found)
    session_on(found, "2025-03-05T11:00", "c3")
    found.move("sup", records(found, "c3")[0], "withdraw", reason="Written twice.")

    assert found.history(audit) == ["open", "take", "report"]


def test_another_record_cannot_take_the_learning_back() -> None:
    found = council()
    audit = reported(found)
    session_on(found, "2025-03-05T11:00", "c1")
    with pytest.raises(Refused, match="Another record"):
        found.tell(audit, "unlearned", record=audit.id)


# -- while it waits
def test_the_supervisor_is_reminded_each_month_and_nobody_above_is_told() -> None:
    found = council()
    audit = reported(found)
    found.until("2025-05-06T09:00")

    assert found.told("sup", audit) == ["audit_reported", "reminder", "reminder"]
    assert found.told("lm", audit) == []


def test_a_new_worker_and_their_supervisor_take_the_learning_over_with_the_case() -> None:
    found = council(wkr2={"supervisor": "sup2"})
    audit = reported(found)
    found.cases["c1"] = Case("c1", "wkr2", "family-support")
    found.tell(found.only(Workflow.frequency, case="c1"), "transfer", worker="wkr2")

    audit = found.matter(audit)
    assert (audit.supervisee, audit.supervisor, audit.holder) == ("wkr2", "sup2", "sup2")
    assert "audit_transferred" in found.told("wkr2", audit)
    start = found.now + timedelta(days=1)
    booking = {"supervisee": "wkr2", "kind": "case", "starts_at": start, "minutes": 60, "cases": ["c1"]}
    session = found.open("sup2", Workflow.session, **booking)
    found.until(start + timedelta(hours=1))
    found.move("sup2", session, "hold", held_at=found.now, minutes=60)
    assert found.matter(audit).state == "closed"


def test_a_new_worker_of_the_same_supervisor_takes_it_over_alone() -> None:
    found = council()
    audit = reported(found)
    frequency = found.only(Workflow.frequency, case="c1")
    for _ in range(2):
        found.tell(frequency, "transfer", worker="wkr2")

    assert (found.matter(audit).supervisee, found.matter(audit).holder) == ("wkr2", "sup")
    assert found.history(audit).count("transfer") == 1


def test_a_new_supervisor_takes_the_learning_over() -> None:
    found = council()
    audit = reported(found)
    found.relist("wkr", supervisor="sup2")

    assert (found.matter(audit).supervisor, found.matter(audit).holder) == ("sup2", "sup2")


def test_an_audit_that_is_not_reported_yet_keeps_out_of_a_change_of_hands() -> None:
    found = council()
    found.until("2025-04-01T09:00")
    [audit] = audits(found)
    found.relist("wkr", supervisor="sup2")
    found.relist("wkr2", supervisor="sup2")

    assert (found.matter(audit).supervisor, found.history(audit)) == (None, ["open"])


def test_when_the_case_closes_the_auditor_follows_up() -> None:
    found = council()
    audit = reported(found)
    found.tell(found.only(Workflow.frequency, case="c1"), "end", why="closed")

    assert (found.matter(audit).state, found.matter(audit).holder) == ("reported", "aud")
    assert found.told("aud", audit) == ["learning_left"]
    assert found.move("aud", audit, "follow_up", done="Told the team.").state == "closed"


def test_the_instant_of_the_report_is_kept_with_its_offset() -> None:
    audit = reported(council(), learning=LEARNING)

    assert datetime.fromisoformat(audit.data["reported_at"]) == at("2025-03-03T09:00")


# -- becoming actions
def marks(found: FakeCouncil, record: Matter) -> list[str]:
    """How the record marks what audits of its case have set."""
    return [row["mark"] for row in found.matter(record).data["case_audit"]["actions"]]


def actions(found: FakeCouncil, audit: Matter) -> list[Matter]:
    """What an audit has set, point by point."""
    return sorted(found.find(Workflow.action, parent=audit.id), key=lambda m: m.data["point"])


@pytest.mark.clause("CBC-84")
def test_each_point_becomes_an_action_that_the_record_marks_under_its_own_heading() -> None:
    found = council()
    audit = reported(found, learning=["Say why.", "Ask the child."])
    why, ask = actions(found, audit)
    assert (why.kind, why.case, why.holder, why.supervisor) == ("case_audit", "c1", "wkr", "sup")
    assert (why.data["due"], found.said(why, "open")["what"]) == ("2025-06-03", "Say why.")
    assert "(CBC-84)" in found.said(why, "open")["why"]
    found.move("wkr", why, "complete")

    session_on(found, "2025-03-05T11:00", "c1")

    [record] = records(found)
    kept = record.data["case_audit"]
    assert (kept["heading"], kept["clause"], marks(found, record)) == ("Case audit", "CBC-84", ["done", "outstanding"])
    assert [row["action"] for row in kept["actions"]] == [str(why.id), str(ask.id)]
    found.verify()


@pytest.mark.clause("CBC-84")
def test_later_records_mark_them_as_they_stand_when_each_is_sent() -> None:
    found = council()
    audit = reported(found, learning=["Say why.", "Ask the child."])
    session_on(found, "2025-03-05T11:00", "c1")
    first = found.move("sup", records(found)[0], "circulate", sections={"case_audit": "Both by Easter."})
    why, ask = actions(found, audit)
    found.move("sup", found.move("wkr", why, "complete"), "sign_off")
    found.move("sup", ask, "drop", reason="It was done before.")
    session_on(found, "2025-03-12T11:00", "c1")
    second = records(found)[1]
    assert "case_audit" not in second.data
    found.move("sup", second, "circulate")
    assert (marks(found, first), marks(found, second)) == (["outstanding", "outstanding"], ["done", "dropped"])


@pytest.mark.clause("CBC-53")
def test_the_record_is_not_sent_before_it_says_what_becomes_of_the_learning() -> None:
    found = council()
    reported(found)
    session_on(found, "2025-03-05T11:00", "c1")
    [record] = records(found)
    with pytest.raises(Refused, match=r"\(CBC-53\): write “Case audit actions”, or that there is none"):
        found.move("sup", record, "circulate")
    with pytest.raises(Refused, match="CBC-53"):
        found.move("sup", record, "circulate", sections={"case_audit": ""})
    found.move("sup", record, "write", sections={"case_audit": "None."})
    assert found.move("sup", record, "circulate").state == "awaiting_signature"


@pytest.mark.clause("CBC-84")
def test_what_an_audit_has_set_goes_with_the_case_to_another_worker() -> None:
    found = council(wkr3={"job_role": "social_worker", "line_manager": "sup2", "supervisor": "sup2"})
    reported(found)
    reported(found, "c3")
    mine, other = found.only(Workflow.action, case="c1"), found.only(Workflow.action, case="c3")
    [frequency] = [m for m in found.find(Workflow.frequency, case="c1") if m.closed_at is None]
    found.tell(frequency, "transfer", worker="wkr2")
    moved = found.matter(mine)
    assert (moved.supervisee, moved.supervisor, moved.holder) == ("wkr2", "sup", "wkr2")
    found.move("wkr2", mine, "complete")
    found.tell(found.matter(frequency), "transfer", worker="wkr3")
    moved = found.matter(mine)
    assert (moved.supervisee, moved.supervisor, moved.holder) == ("wkr3", "sup2", "sup2")
    assert found.matter(other).holder == "wkr"
    assert found.move("sup2", mine, "sign_off").state == "signed_off"
    found.verify()


def test_what_a_leaver_s_supervisor_has_taken_on_stays_theirs_when_the_case_moves_on() -> None:
    found = council()
    reported(found)
    action = found.only(Workflow.action)
    found.relist("wkr", end_date=date(2025, 3, 4))
    found.until("2025-03-05T09:00")
    assert found.matter(action).holder == "sup"
    [frequency] = [m for m in found.find(Workflow.frequency, case="c1") if m.closed_at is None]
    found.tell(frequency, "transfer", worker="wkr2")
    moved = found.matter(action)
    assert (moved.supervisee, moved.holder, moved.data["owner"]) == ("wkr2", "sup", "sup")


def test_where_the_policy_has_no_such_actions_there_are_none() -> None:
    found = council("north-somerset", cases=[Case("c1", "wkr", "child-in-need", allocated_on=date(2025, 1, 6))])
    reported(found)
    assert found.find(Workflow.action) == []


def test_learning_about_a_closed_case_sets_no_action() -> None:
    found = council()
    audit = taken(found, "c5")
    found.cases["c5"] = replace(found.cases["c5"], closed_on=date(2025, 3, 3))
    found.until("2025-03-05T09:00")
    question = found.policy.audit.questions[0].name
    done = found.move("aud", audit, "report", findings={question: "Yes."}, learning=["Say why."])
    assert (done.state, found.find(Workflow.action)) == ("reported", [])
