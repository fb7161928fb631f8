"""A record is signed in its window, or silence is taken for acceptance, but only where a clause says so."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import pytest

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.stories import C1, away, deadline, draft, held, incidents, sent, step
from workflows.policy_reader import shipped
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import PRODUCT_DEFAULT, SessionKind, Status, Workflow

ELSEWHERE = ("darlington", "haringey", "leeds", "north-somerset")


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil(cases=[C1])


# -- the window
@pytest.mark.clause("CBC-42", "LDS-24", "DAR-32", "HAR-23", "HAR-26", "NS-43", "NS-45")
@pytest.mark.parametrize("policy", [*ELSEWHERE, "central-bedfordshire"])
def test_what_the_supervisor_sends_the_supervisee_signs(policy: str) -> None:
    council = FakeCouncil(policy)
    held(council, SessionKind.personal, "2025-03-03T11:00")
    record = council.move("sup", council.only(Workflow.record), "circulate")
    assert (record.state, record.holder) == ("awaiting_signature", "wkr")
    assert council.told("wkr", record) == ["signature_asked"]
    assert [n["urgent"] for n in council.notices if n["kind"] == "signature_asked"] == [True]
    council.until("2025-03-04T10:00")
    with pytest.raises(NotYourMove):
        council.move("sup", record, "sign")
    record = council.move("wkr", record, "sign")
    assert (record.state, record.holder, record.closed_at) == ("agreed", None, council.now)
    assert step(council, record, "sign")["clause"] == council.policy.record.personal.signature_clause
    assert set(record.data["signed"]) == {"supervisor", "supervisee"}
    assert council.told("sup", record)[-1] == "signed"
    assert not any(d.live for d in record.deadlines)
    council.verify()


@pytest.mark.clause("CBC-42", "CBC-58")
@pytest.mark.parametrize(
    ("kind", "clause", "event"),
    [("case", "CBC-42", "sent to the supervisee"), ("personal", "CBC-58", "received by the supervisee")],
)
def test_the_window_is_five_working_days_from_tasking_or_from_receipt(
    council: FakeCouncil, kind: str, clause: str, event: str
) -> None:
    sign_by = deadline(council, sent(council, kind), "sign_by")
    assert sign_by.due == at("2025-03-10T23:59:59")
    assert (sign_by.receipt["clause"], sign_by.receipt["anchors"][0]["event"]) == (clause, event)
    assert sign_by.receipt["counted"] == "5 working days"


@pytest.mark.clause("CBC-42", "CBC-43")
def test_bank_holidays_do_not_count_in_the_window_and_the_first_second_after_it_deems() -> None:
    council = FakeCouncil(now="2025-04-17T09:00", cases=[C1])
    record = sent(council, "case")
    sign_by = deadline(council, record, "sign_by")
    assert sign_by.due == at("2025-04-28T23:59:59")
    assert [row["date"] for row in sign_by.receipt["skipped"]] == ["2025-04-18", "2025-04-21"]
    council.until("2025-04-28T23:59:59")
    assert council.matter(record).state == "awaiting_signature"
    council.until("2025-04-29T00:00:00")
    record = council.matter(record)
    assert record.state == "deemed_accepted"
    assert datetime.fromisoformat(record.data["deemed_at"]) == at("2025-04-29T00:00")
    assert step(council, record, "deem")["clause"] == "CBC-43"
    assert council.offered("wkr", record) == {"object_late"}
    council.verify()


@pytest.mark.clause("NS-43", "LDS-24", "DAR-32", "HAR-23")
@pytest.mark.parametrize("policy", ELSEWHERE)
def test_elsewhere_silence_is_never_a_signature_but_reminded_every_five_working_days_and_told_above(
    policy: str,
) -> None:
    council = FakeCouncil(policy, now="2025-04-17T09:00", cases=[C1])
    record = sent(council)
    assert council.matter(record).live("sign_by") is None
    assert deadline(council, record, "remind_by").receipt["clause"] == PRODUCT_DEFAULT
    council.until("2025-04-29T09:00")
    assert council.told("wkr", record) == ["signature_asked", "reminder"]
    assert council.told("sup", record) == ["reminder"]
    council.until("2025-05-07T09:00")
    assert council.told("wkr", record) == ["signature_asked", "reminder", "escalated"]
    assert council.told("lm", record) == ["escalated"]
    council.until("2025-05-08T09:00")
    assert council.told("wkr", record)[-1] == "reminder"
    council.until("2025-12-31T09:00")
    assert (council.matter(record).state, council.matter(record).holder) == ("awaiting_signature", "wkr")
    assert "deem" not in council.history(record)
    council.verify()


def test_nobody_is_deemed_under_a_policy_whose_silence_is_never() -> None:
    for policy in shipped().values():
        for rules in (policy.record.personal, policy.record.case, policy.record.decision):
            assert (rules.silence == "never") is (rules.sign_by is None)


# -- after a deeming
@pytest.mark.clause("CBC-43")
def test_the_supervisor_owes_a_closing_note_on_a_deemed_case_record(council: FakeCouncil) -> None:
    record = sent(council, "case")
    council.until("2025-03-11T09:00")
    record = council.matter(record)
    assert (record.holder, record.data["note_owed"]) == ("sup", True)
    assert council.due(record, "remind_by") == date(2025, 3, 18)
    council.until("2025-03-19T09:00")
    assert council.told("sup", record) == ["deemed_accepted", "reminder"]
    council.until("2025-03-26T09:00")
    assert council.told("lm", record) == ["escalated"]
    record = council.move("sup", record, "note_closure", note="Not signed in five working days.")
    assert (record.state, record.holder) == ("deemed_accepted", None)
    assert step(council, record, "note_closure")["clause"] == "CBC-43"
    assert not any(d.live for d in record.deadlines)
    with pytest.raises(Refused, match="No closing note is owed"):
        council.move("sup", record, "note_closure", note="Again.")
    council.verify()


@pytest.mark.clause("CBC-58")
def test_a_deemed_personal_record_needs_no_note(council: FakeCouncil) -> None:
    record = sent(council)
    council.until("2025-03-11T09:00")
    record = council.matter(record)
    assert (record.state, record.holder) == ("deemed_accepted", None)
    assert council.told("wkr", record) == ["signature_asked", "deemed_accepted"]
    assert "note_closure" not in council.offered("sup", record)
    assert not any(d.live for d in record.deadlines)
    council.verify()


# -- absences of the supervisee (E8)
@pytest.mark.clause("CBC-42", "CBC-43")
def test_an_absence_pauses_the_window_and_what_is_left_runs_on_from_the_return(council: FakeCouncil) -> None:
    record = sent(council, "case")
    council.until("2025-03-04T09:00")
    absence = away(council, "wkr", date(2025, 3, 4))
    paused = deadline(council, record, "sign_by")
    assert (paused.status, paused.due, paused.receipt["left"]) == (Status.paused, None, "5 working days")
    assert paused.receipt["pauses"] == [{"from": "2025-03-04", "to": None, "because": "absent"}]
    council.until("2025-03-18T09:00")
    assert council.matter(record).state == "awaiting_signature"
    council.move("hr1", absence, "return", last_day=date(2025, 3, 17))
    assert council.due(record, "sign_by") == date(2025, 3, 24)
    council.until("2025-03-25T00:00")
    assert council.matter(record).state == "deemed_accepted"
    council.verify()


def test_days_before_the_absence_have_counted_and_a_weekend_return_starts_on_its_monday(council: FakeCouncil) -> None:
    record = sent(council)
    council.until("2025-03-06T09:00")
    absence = away(council, "wkr", date(2025, 3, 6))
    assert deadline(council, record, "sign_by").receipt["left"] == "3 working days"
    council.until("2025-03-17T09:00")
    council.move("hr1", absence, "return", last_day=date(2025, 3, 14))
    assert council.due(record, "sign_by") == date(2025, 3, 19)
    council.verify()


def test_the_pause_counts_from_the_first_day_absent_whenever_it_is_written_down(council: FakeCouncil) -> None:
    record = sent(council)
    council.until("2025-03-07T09:00")
    away(council, "wkr", date(2025, 3, 4))
    assert deadline(council, record, "sign_by").receipt["left"] == "5 working days"
    council.verify()


def test_a_record_that_is_sent_during_an_absence_has_its_whole_window_after_the_return(council: FakeCouncil) -> None:
    absence = away(council, "wkr", date(2025, 2, 24))
    record = sent(council)
    assert deadline(council, record, "sign_by").receipt["left"] == "5 working days"
    council.until("2025-03-10T09:00")
    council.move("hr1", absence, "return", last_day=date(2025, 3, 9))
    assert council.due(record, "sign_by") == date(2025, 3, 14)
    council.verify()


def test_an_absence_that_is_over_before_the_record_is_sent_pauses_nothing(council: FakeCouncil) -> None:
    absence = away(council, "wkr", date(2025, 2, 24))
    council.move("hr1", absence, "return", last_day=date(2025, 2, 28))
    sign_by = deadline(council, sent(council), "sign_by")
    assert (sign_by.status, sign_by.receipt["pauses"]) == (Status.running, [])


@pytest.mark.clause("CBC-43")
def test_an_absence_that_is_written_down_after_the_deeming_undoes_nothing(council: FakeCouncil) -> None:
    record = sent(council)
    council.until("2025-03-12T09:00")
    away(council, "wkr", date(2025, 3, 4))
    assert council.matter(record).state == "deemed_accepted"
    assert council.history(record)[-1] == "deem"
    council.verify()


def test_a_pause_that_is_shown_false_leaves_the_rest_of_today(council: FakeCouncil) -> None:
    record = sent(council)
    council.until("2025-03-04T09:00")
    absence = away(council, "wkr", date(2025, 3, 4))
    council.until("2025-03-20T09:00")
    council.move("hr1", absence, "cancel", reason="Somebody else was meant.")
    sign_by = deadline(council, record, "sign_by")
    assert sign_by.due == at("2025-03-20T23:59:59")
    assert [candidate["because"] for candidate in sign_by.receipt["candidates"]] == [
        "the window without the pause",
        "never in the past",
    ]
    council.verify()


@pytest.mark.parametrize("policy", ["darlington", "north-somerset"])
def test_without_a_window_reminders_wait_for_the_return(policy: str) -> None:
    council = FakeCouncil(policy)
    record = sent(council)
    council.until("2025-03-04T09:00")
    absence = away(council, "wkr", date(2025, 3, 4))
    assert not any(d.live for d in council.matter(record).deadlines)
    council.until("2025-03-25T09:00")
    assert council.told("wkr", record) == ["signature_asked"]
    council.move("hr1", absence, "return", last_day=date(2025, 3, 24))
    assert (council.due(record, "remind_by"), council.due(record, "climb_by")) == (date(2025, 4, 1), date(2025, 4, 8))
    assert deadline(council, record, "remind_by").receipt["anchors"][0]["event"] == "return to work"
    council.verify()


def test_a_record_that_is_sent_to_somebody_away_reminds_from_their_return() -> None:
    council = FakeCouncil("leeds")
    absence = away(council, "wkr", date(2025, 3, 3))
    record = sent(council)
    assert not any(d.live for d in record.deadlines)
    council.until("2025-03-10T09:00")
    council.move("hr1", absence, "return", last_day=date(2025, 3, 9))
    assert council.due(record, "remind_by") == date(2025, 3, 17)
    council.verify()


def test_on_the_last_day_of_an_absence_whose_end_is_known_reminders_run() -> None:
    council = FakeCouncil("leeds")
    absence = away(council, "wkr", date(2025, 3, 3))
    council.move("hr1", absence, "return", last_day=date(2025, 3, 3))
    assert council.due(sent(council), "remind_by") == date(2025, 3, 10)


def test_a_return_long_ago_that_is_written_down_today_reminds_from_today() -> None:
    council = FakeCouncil("darlington")
    record = sent(council)
    council.until("2025-03-04T09:00")
    absence = away(council, "wkr", date(2025, 3, 4))
    council.until("2025-03-25T09:00")
    council.move("hr1", absence, "return", last_day=date(2025, 3, 5))
    assert council.due(record, "remind_by") == date(2025, 4, 1)
    assert "climb" not in council.history(record)
    council.verify()


def test_a_policy_may_switch_the_pause_off(council: FakeCouncil) -> None:
    rules = council.policy.record
    switch = rules.absence_pauses_signing.model_copy(update={"value": False})
    literal = rules.model_copy(update={"absence_pauses_signing": switch})
    council = FakeCouncil(council.policy.model_copy(update={"record": literal}))
    record = sent(council)
    away(council, "wkr", date(2025, 3, 3))
    assert council.due(record, "sign_by") == date(2025, 3, 10)
    council.until("2025-03-11T00:00")
    assert council.matter(record).state == "deemed_accepted"
    council.verify()


def test_with_the_pause_switched_off_reminders_go_on_during_an_absence() -> None:
    council = FakeCouncil("darlington")
    rules = council.policy.record
    switch = rules.absence_pauses_signing.model_copy(update={"value": False})
    literal = rules.model_copy(update={"absence_pauses_signing": switch})
    council = FakeCouncil(council.policy.model_copy(update={"record": literal}))
    record = sent(council)
    away(council, "wkr", date(2025, 3, 3))
    assert council.due(record, "remind_by") == date(2025, 3, 10)
    council.verify()


# -- somebody leaves: E9
@pytest.mark.clause("CBC-42", "CBC-43")
def test_a_leaver_is_never_taken_to_accept_not_even_when_the_window_ends_on_their_last_day(
    council: FakeCouncil,
) -> None:
    record = sent(council, "case")
    council.relist("wkr", end_date=date(2025, 3, 10))
    assert council.due(record, "sign_by") == date(2025, 3, 10)
    council.until("2025-03-11T00:00")
    record = council.matter(record)
    assert (record.state, record.data["reason"]) == ("settled", "left")
    assert (record.holder, council.offered("sup", record)) == ("sup", {"note_closure"})
    closed = council.move("sup", record, "note_closure", note="She left before she could sign.")
    assert (closed.state, closed.holder, [d for d in closed.deadlines if d.live]) == ("settled", None, [])
    council.verify()


@pytest.mark.clause("CBC-42", "CBC-43")
@pytest.mark.parametrize("end", [date(2025, 3, 6), date(2025, 3, 10)])
def test_a_leaver_is_not_taken_to_accept_where_the_record_is_touched_before_their_leaving_is_enforced(
    council: FakeCouncil, end: date
) -> None:
    """Nothing was enforced for some days, and somebody else's move on the record comes first."""
    record = sent(council, "case")
    council.relist("wkr", end_date=end)
    council.now = at("2025-03-11T08:00")
    council.tell(record, "freeze", by=UUID(int=5), clause="LDS-45")
    settled = council.matter(record)
    assert (settled.state, settled.data["reason"], settled.closed_at) == ("settled", "left", at("2025-03-11T00:00"))
    assert (settled.holder, council.told("wkr", record)) == ("sup", ["signature_asked"])
    assert step(council, record, "deem")["data"]["reason"] == "left"
    council.until("2025-03-11T09:00")
    assert council.matter(record).state == "settled"
    assert council.only(Workflow.employment, person="wkr").state == "left"
    council.verify()


def test_silence_is_taken_for_acceptance_of_somebody_who_leaves_later_however_late_it_is_enforced(
    council: FakeCouncil,
) -> None:
    """Who had left is asked of the night in which the window ended."""
    record = sent(council)
    council.relist("wkr", end_date=date(2025, 3, 11))
    council.now = at("2025-03-13T08:00")
    council.tell(record, "freeze", by=UUID(int=5), clause="LDS-45")
    assert council.matter(record).state == "deemed_accepted"


@pytest.mark.parametrize("move", ["draft", "awaiting_signature", "disputed"])
def test_the_service_settles_whatever_is_open_when_the_supervisee_leaves(council: FakeCouncil, move: str) -> None:
    record = draft(council)
    if move != "draft":
        council.move("sup", record, "circulate")
    if move == "disputed":
        council.move("wkr", record, "dispute", statement="No.")
    council.relist("wkr", end_date=date(2025, 3, 5))
    council.until("2025-03-06T00:00")
    record = council.matter(record)
    assert (record.state, record.data["reason"]) == ("settled", "left")
    assert record.closed_at == at("2025-03-06T00:00")
    assert step(council, record, "end")["role"] == "system"
    assert all(d.state == "withdrawn" for d in council.find(Workflow.dispute))
    council.verify()


def test_a_lag_in_enforcement_is_said_in_the_receipt_of_what_it_starts() -> None:
    council = FakeCouncil(now="2025-03-03T09:00")
    record = draft(council)
    council.now = at("2025-03-12T14:00")
    record = council.move("sup", record, "circulate")
    missed = step(council, record, "circulation_missed")
    assert missed["at"] == at("2025-03-11T00:00")
    reminders = [row for (found, _), row in council.deadlines.items() if found == record.id]
    remind_by = next(row for row in reminders if row["name"] == "remind_by")
    assert remind_by["due"] == at("2025-03-19T23:59:59")
    assert remind_by["receipt"]["note"] == "enforced late: counted from the enforcement"
    assert incidents(council, record) == []
    council.verify()
