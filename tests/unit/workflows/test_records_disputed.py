"""A record that is disputed: only the supervisor amends it, and the ruling settles it, whatever silence did before."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.stories import C1, deadline, disputed, draft, incidents, sent, statuses, step
from workflows.model import Matter
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import Status, Workflow

AMENDED = {"discussed_on": date(2025, 3, 3), "sections": {"personal_discussion": "As both remember it now."}}


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil(cases=[C1])


def decided(council: FakeCouncil, dispute: Matter, outcome: str) -> None:
    """The line manager's decision, after either party took it there."""
    council.move("wkr", dispute, "escalate")
    council.move("lm", dispute, "decide", outcome=outcome, reasons="Heard both.")


def live(record: Matter) -> list[str]:
    return [d.name for d in record.deadlines if d.live]


# -- disputing in time and too late (E6, E7)
@pytest.mark.clause("CBC-42", "CBC-43", "CBC-44")
def test_a_dispute_in_the_last_minute_is_in_time_and_the_amended_record_has_a_new_window(council: FakeCouncil) -> None:
    record = sent(council, "case")
    council.until("2025-03-10T23:59:59")
    record = council.move(
        "wkr", record, "dispute", statement="Not what was said.", passages=["The third.", "The fifth."]
    )
    assert (record.state, record.holder, live(record)) == ("disputed", None, [])
    assert statuses(council, record, "sign_by") == [Status.superseded]
    assert step(council, record, "dispute")["clause"] == "CBC-44, CBC-79"
    assert set(step(council, record, "dispute")["commitments"]) == {"statement", "passages"}
    council.until("2025-03-12T10:00")
    assert council.offered("wkr", record) == set()
    with pytest.raises(NotYourMove):
        council.move("wkr", record, "amend", discussed_on=date(2025, 3, 11), sections={})
    record = council.move("sup", record, "amend", discussed_on=date(2025, 3, 11), sections={"actions": "Weekly."})
    assert (record.state, record.data["revision"], set(record.data["signed"])) == (
        "awaiting_signature",
        2,
        {"supervisor"},
    )
    assert council.due(record, "sign_by") == date(2025, 3, 19)
    assert step(council, record, "amend")["clause"] == "CBC-44, CBC-79"
    council.move("wkr", record, "sign")
    assert council.matter(record).state == "agreed"
    assert council.only(Workflow.dispute).state == "agreed"
    council.verify()


@pytest.mark.clause("CBC-43", "CBC-58", "CBC-79")
@pytest.mark.parametrize("kind", ["case", "personal"])
def test_a_second_after_midnight_the_record_stays_deemed_and_the_objection_is_an_addendum(
    council: FakeCouncil, kind: str
) -> None:
    record = sent(council, kind)
    council.until("2025-03-11T00:00:01")
    with pytest.raises(Refused, match="accepted by silence; you can still object"):
        council.move("wkr", record, "dispute", statement="I did not agree.")
    record = council.move("wkr", record, "object_late", statement="I did not agree.")
    assert record.state == "deemed_accepted"
    assert step(council, record, "object_late")["data"]["addendum"] is True
    dispute = council.only(Workflow.dispute)
    assert (dispute.state, dispute.parent) == ("in_discussion", record.id)
    decided(council, dispute, "amend_record")
    record = council.matter(record)
    assert (record.state, record.data["outcome"]) == ("deemed_accepted", "amend_record")
    council.move("wkr", record, "object_late", statement="Still not.")
    assert len(council.find(Workflow.dispute)) == 2
    council.verify()


@pytest.mark.parametrize("policy", ["north-somerset", "leeds", "darlington", "haringey"])
@pytest.mark.clause("NS-17", "DAR-34", "HAR-31", "LDS-46")
def test_elsewhere_a_record_is_disputed_however_late(policy: str) -> None:
    council = FakeCouncil(policy)
    record = sent(council)
    council.until("2025-06-30T09:00")
    assert council.move("wkr", record, "dispute", statement="No.").state == "disputed"
    council.verify()


def test_a_second_objection_to_a_deemed_record_joins_the_dispute_that_is_open(council: FakeCouncil) -> None:
    record = sent(council)
    council.until("2025-03-11T09:00")
    council.move("wkr", record, "object_late", statement="I did not agree.")
    council.move("wkr", record, "object_late", statement="And another thing.")
    dispute = council.only(Workflow.dispute)
    assert step(council, record, "object_late")["data"]["dispute"] == str(dispute.id)
    council.verify()


def test_a_withdrawn_objection_leaves_a_deemed_record_as_it_is(council: FakeCouncil) -> None:
    record = sent(council)
    council.until("2025-03-11T09:00")
    council.move("wkr", record, "object_late", statement="I did not agree.")
    council.move("wkr", council.only(Workflow.dispute), "withdraw")
    record = council.matter(record)
    assert (record.state, record.data["dispute"]) == ("deemed_accepted", None)
    council.verify()


# -- amending
@pytest.mark.clause("CBC-44")
@pytest.mark.parametrize("discussed_on", [date(2025, 3, 4), date(2025, 3, 7)])
def test_an_amendment_says_when_it_was_talked_over_since_the_record_was_sent(
    council: FakeCouncil, discussed_on: date
) -> None:
    record = draft(council)
    council.until("2025-03-05T09:00")
    council.move("sup", record, "circulate")
    council.move("wkr", record, "dispute", statement="No.")
    council.until("2025-03-06T09:00")
    with pytest.raises(Refused, match="since the record was sent"):
        council.move("sup", record, "amend", discussed_on=discussed_on, sections={})


@pytest.mark.parametrize("discussed_on", [date(2025, 3, 3), date(2025, 3, 4)])
def test_the_talk_about_an_amendment_may_have_been_on_any_day_from_the_sending_to_today(
    council: FakeCouncil, discussed_on: date
) -> None:
    record, _ = disputed(council)
    council.until("2025-03-04T09:00")
    record = council.move("sup", record, "amend", discussed_on=discussed_on, sections={})
    assert step(council, record, "amend")["data"]["discussed_on"] == discussed_on.isoformat()


def test_both_texts_of_an_amended_section_are_kept(council: FakeCouncil) -> None:
    record = council.open("sup", Workflow.record, supervisee="wkr", kind="personal", sections={"equality": "One."})
    council.move("sup", record, "circulate")
    council.move("wkr", record, "dispute", statement="No.")
    council.move("sup", record, "amend", discussed_on=date(2025, 3, 3), sections={"equality": "Two."})
    kept = [
        row["commitments"]["sections.equality"] for row in council.steps if "sections.equality" in row["commitments"]
    ]
    assert len(set(kept)) == 2
    council.verify()


def test_a_dispute_of_the_new_revision_joins_the_one_that_is_open(council: FakeCouncil) -> None:
    record, dispute = disputed(council)
    council.move("sup", record, "amend", **AMENDED)
    record = council.move("wkr", record, "dispute", statement="Still not.")
    assert record.state == "disputed"
    assert step(council, record, "dispute")["data"]["dispute"] == str(dispute.id)
    assert len(council.find(Workflow.dispute)) == 1
    council.verify()


@pytest.mark.clause("CBC-43", "CBC-44")
def test_an_amended_record_that_is_deemed_ends_its_dispute_and_a_late_objection_opens_another(
    council: FakeCouncil,
) -> None:
    record, dispute = disputed(council)
    council.move("sup", record, "amend", **AMENDED)
    council.until("2025-03-11T00:00")
    assert (council.matter(record).state, council.matter(dispute).state) == ("deemed_accepted", "agreed")
    council.move("wkr", record, "object_late", statement="No.")
    assert [d.state for d in council.find(Workflow.dispute)] == ["agreed", "in_discussion"]
    council.verify()


# -- the ruling
@pytest.mark.parametrize("outcome", ["record_stands", "attach_comments", "change_supervisor"])
@pytest.mark.clause("NS-17", "DAR-34", "HAR-31")
@pytest.mark.parametrize("policy", ["north-somerset", "darlington", "haringey"])
def test_a_ruling_settles_the_record_and_is_attached(policy: str, outcome: str) -> None:
    council = FakeCouncil(policy)
    record, dispute = disputed(council)
    decided(council, dispute, outcome)
    record = council.matter(record)
    assert (record.state, record.data["outcome"], record.data["dispute"]) == ("settled", outcome, None)
    assert step(council, record, "settle")["data"] == {"outcome": outcome, "dispute": str(dispute.id)}
    assert record.closed_at == council.now
    council.verify()


def test_agreement_between_the_two_settles_the_record(council: FakeCouncil) -> None:
    record, dispute = disputed(council)
    council.move("sup", dispute, "agree", proposal="Both views go on the file.")
    council.move("wkr", dispute, "agree")
    assert (council.matter(record).state, council.matter(record).data["outcome"]) == ("settled", "agreed")
    council.verify()


@pytest.mark.clause("CBC-44")
def test_a_ruling_to_amend_leaves_the_record_disputed_and_with_the_supervisor(council: FakeCouncil) -> None:
    record, dispute = disputed(council)
    decided(council, dispute, "amend_record")
    record = council.matter(record)
    assert (record.state, record.holder) == ("disputed", "sup")
    assert council.told("sup", record)[-1] == "amend_asked"
    assert deadline(council, record, "amend_by").due == at("2025-03-10T23:59:59")
    council.until("2025-03-11T09:00")
    assert council.told("lm", record) == ["amend_missed"]
    assert (council.due(record, "remind_by"), council.due(record, "climb_by")) == (date(2025, 3, 18), date(2025, 3, 25))
    council.until("2025-03-26T09:00")
    assert council.told("hos", record) == ["escalated"]
    assert council.told("lm", record) == ["amend_missed", "reminder"]
    record = council.move("sup", record, "amend", discussed_on=date(2025, 3, 24), sections={})
    assert (record.state, record.ladder, live(record)) == ("awaiting_signature", None, ["sign_by"])
    assert record.data["amend_missed"] is False
    council.verify()


def test_a_record_that_was_amended_as_ruled_can_be_disputed_anew(council: FakeCouncil) -> None:
    record, first = disputed(council)
    decided(council, first, "amend_record")
    council.move("sup", record, "amend", **AMENDED)
    record = council.move("wkr", record, "dispute", statement="Still not.")
    assert (record.state, live(record)) == ("disputed", [])
    second = council.only(Workflow.dispute, state="in_discussion")
    assert second.id != first.id
    council.verify()


@pytest.mark.parametrize(
    ("outcome", "state"), [("record_stands", "settled"), ("attach_comments", "settled"), ("amend_record", "disputed")]
)
def test_a_ruling_that_comes_while_the_amended_record_waits_takes_effect_too(
    council: FakeCouncil, outcome: str, state: str
) -> None:
    record, dispute = disputed(council)
    council.move("sup", record, "amend", **AMENDED)
    decided(council, dispute, outcome)
    record = council.matter(record)
    assert (record.state, record.data["dispute"]) == (state, None)
    assert statuses(council, record, "sign_by") == [Status.superseded, Status.superseded]
    assert live(record) == (["amend_by"] if outcome == "amend_record" else [])
    assert record.holder == ("sup" if outcome == "amend_record" else None)
    council.verify()


@pytest.mark.parametrize("amended", [False, True])
def test_a_withdrawn_dispute_sends_the_record_to_be_signed_with_a_new_window(
    council: FakeCouncil,
    amended: bool,  # noqa: FBT001 - two stories
) -> None:
    record, dispute = disputed(council)
    if amended:
        council.move("sup", record, "amend", **AMENDED)
    council.until("2025-03-06T09:00")
    council.move("wkr", dispute, "withdraw")
    record = council.matter(record)
    assert (record.state, record.holder) == ("awaiting_signature", "wkr")
    assert council.due(record, "sign_by") == date(2025, 3, 13)
    council.move("wkr", record, "dispute", statement="On second thoughts.")
    assert [d.state for d in council.find(Workflow.dispute)] == ["withdrawn", "in_discussion"]
    council.verify()


# -- somebody leaves: E9
@pytest.mark.clause("NS-17", "DAR-31", "HAR-31")
@pytest.mark.parametrize("policy", ["north-somerset", "leeds", "darlington", "haringey", "central-bedfordshire"])
def test_a_supervisee_who_leaves_in_a_dispute_leaves_a_settled_record_with_their_comments(policy: str) -> None:
    council = FakeCouncil(policy)
    record, dispute = disputed(council)
    council.relist("wkr", end_date=date(2025, 3, 7))
    council.until("2025-03-08T00:00")
    record = council.matter(record)
    assert (record.state, record.data["reason"]) == ("settled", "left")
    assert record.closed_at == at("2025-03-08T00:00")
    assert council.matter(dispute).state == "withdrawn"
    assert step(council, dispute, "end")["data"]["why"] == "left"
    assert "deem" not in council.history(record)
    council.verify()


def test_a_supervisor_who_leaves_passes_the_amendment_on_and_stays_a_party_to_the_dispute(council: FakeCouncil) -> None:
    record, dispute = disputed(council)
    council.relist("sup", end_date=date(2025, 3, 5))
    council.until("2025-03-06T09:00")
    assert (council.matter(dispute).supervisor, council.matter(record).supervisor) == ("sup", "lm")
    assert council.offered("lm", record) == {"amend"}
    record = council.move("lm", record, "amend", discussed_on=date(2025, 3, 6), sections={})
    assert record.state == "awaiting_signature"
    council.verify()


@pytest.mark.clause("HAR-31", "DAR-31", "LDS-46", "CBC-79")
@pytest.mark.parametrize("policy", ["haringey", "darlington", "leeds", "central-bedfordshire"])
def test_a_manager_who_amends_a_leavers_record_does_not_decide_the_dispute_about_it(policy: str) -> None:
    council = FakeCouncil(policy)
    record, dispute = disputed(council)
    council.move("wkr", dispute, "escalate")
    council.relist("sup", end_date=date(2025, 3, 4))
    council.until("2025-03-05T09:00")
    author = council.matter(record).supervisor
    assert author is not None

    council.move(author, record, "amend", sections={}, discussed_on=date(2025, 3, 5))
    council.move("wkr", record, "dispute", statement="The new text is wrong too.")

    assert council.matter(dispute).holder not in (author, None)
    with pytest.raises((NotYourMove, Refused)):
        council.move(author, dispute, "decide", outcome="record_stands", reasons="My text stands.")
    council.verify()


def test_whoever_amends_a_leavers_record_is_never_asked_about_it_later(council: FakeCouncil) -> None:
    record, dispute = disputed(council)
    council.relist("sup", end_date=date(2025, 3, 4))
    council.until("2025-03-05T09:00")
    author = council.matter(record).supervisor
    assert author is not None
    council.move(author, record, "amend", sections={}, discussed_on=date(2025, 3, 5))

    dispute = council.move("wkr", dispute, "escalate")

    assert dispute.holder not in (author, None)


def test_a_ruling_to_amend_reaches_the_new_supervisor_of_one_who_left(council: FakeCouncil) -> None:
    record, dispute = disputed(council)
    decided(council, dispute, "amend_record")
    council.relist("sup", end_date=date(2025, 3, 5))
    council.until("2025-03-06T09:00")
    assert (council.matter(record).holder, council.due(record, "amend_by")) == ("lm", date(2025, 3, 10))
    assert incidents(council, record) == []
    council.verify()


@pytest.mark.parametrize(
    ("move", "data"), [("sign", {}), ("dispute", {"statement": "No."}), ("object_late", {"statement": "No."})]
)
def test_nobody_but_the_supervisee_answers_for_the_supervisee(
    council: FakeCouncil, move: str, data: dict[str, Any]
) -> None:
    record = sent(council)
    for who in ("sup", "lm", "hr1", "wkr2"):
        with pytest.raises(NotYourMove):
            council.move(who, record, move, **data)
