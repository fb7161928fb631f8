"""Nobody is taken to accept what never reached them: a notice that comes back stops the window, whichever it is."""

from __future__ import annotations

from datetime import date

import pytest

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.stories import C1, away, bounces, deadline, draft, incidents, sent, statuses
from workflows.model import Matter
from workflows.refusals import Refused
from workflows.vocabulary import Status, Workflow

BOTH = pytest.mark.parametrize("kind", ["case", "personal"])


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil(cases=[C1])


def deemed(council: FakeCouncil, kind: str = "personal") -> Matter:
    """A record that silence accepted on 11 March."""
    record = sent(council, kind)
    council.until("2025-03-11T09:00")
    assert council.matter(record).state == "deemed_accepted"
    return record


@BOTH
@pytest.mark.clause("CBC-42", "CBC-58")
def test_the_window_stands_still_until_the_notice_is_delivered_and_starts_then(council: FakeCouncil, kind: str) -> None:
    bounces(council, "wkr")
    record = sent(council, kind)
    paused = deadline(council, record, "sign_by")
    assert (paused.status, paused.receipt["left"]) == (Status.paused, "5 working days")
    assert paused.receipt["pauses"][0]["because"] == "the notice has not been delivered"
    assert council.told("sup", record) == ["undelivered"]
    council.until("2025-03-20T10:00")
    assert council.matter(record).state == "awaiting_signature"
    bounces(council, "wkr", from_now_on=False)
    council.tell(record, "delivered", person="wkr")
    sign_by = deadline(council, record, "sign_by")
    assert sign_by.due == at("2025-03-27T23:59:59")
    assert sign_by.receipt["anchors"][0]["event"] == "delivered to the supervisee"
    council.until("2025-03-28T00:00")
    assert council.matter(record).state == "deemed_accepted"
    council.verify()


def test_a_record_that_cannot_be_delivered_does_not_wait_unseen(council: FakeCouncil) -> None:
    bounces(council, "wkr")
    record = sent(council)
    assert (council.due(record, "remind_by"), council.due(record, "climb_by")) == (date(2025, 3, 10), date(2025, 3, 17))
    council.until("2025-03-18T09:00")
    assert council.told("sup", record) == ["undelivered", "reminder"]
    assert council.told("lm", record) == ["escalated"]
    bounces(council, "wkr", from_now_on=False)
    council.tell(record, "delivered", person="wkr")
    assert [d.name for d in council.matter(record).deadlines if d.live] == ["sign_by"]
    council.verify()


@BOTH
def test_a_bounce_that_is_learned_later_stops_a_window_that_had_begun(council: FakeCouncil, kind: str) -> None:
    record = sent(council, kind)
    council.until("2025-03-06T09:00")
    council.tell(record, "bounced", person="wkr", why="mailbox unknown")
    assert deadline(council, record, "sign_by").status is Status.paused
    assert council.due(record, "remind_by") == date(2025, 3, 13)
    council.until("2025-03-12T09:00")
    council.tell(record, "bounced", person="wkr", why="mailbox unknown")
    assert council.due(record, "remind_by") == date(2025, 3, 13)
    council.tell(record, "delivered", person="wkr")
    assert council.due(record, "sign_by") == date(2025, 3, 19)
    council.verify()


@pytest.mark.parametrize("trigger", ["bounced", "delivered"])
@pytest.mark.parametrize("state", ["awaiting_signature", "deemed_accepted"])
def test_notices_to_others_touch_nobodys_window(council: FakeCouncil, trigger: str, state: str) -> None:
    record = sent(council) if state == "awaiting_signature" else deemed(council)
    before = council.matter(record)
    with pytest.raises(Refused, match=r"starts no window|had been delivered"):
        council.tell(record, trigger, person="sup", why="mailbox full")
    assert council.matter(record) == before


@pytest.mark.parametrize("state", ["awaiting_signature", "deemed_accepted"])
def test_a_second_delivery_starts_nothing_anew(council: FakeCouncil, state: str) -> None:
    record = sent(council) if state == "awaiting_signature" else deemed(council)
    with pytest.raises(Refused, match="The notice had been delivered"):
        council.tell(record, "delivered", person="wkr")
    council.verify()


def test_without_a_window_a_bounce_is_told_and_reminders_go_on() -> None:
    council = FakeCouncil("leeds")
    record = sent(council)
    council.until("2025-03-05T09:00")
    council.tell(record, "bounced", person="wkr", why="mailbox unknown")
    assert council.told("sup", record) == ["undelivered"]
    assert council.due(record, "remind_by") == date(2025, 3, 10)
    council.tell(record, "delivered", person="wkr")
    assert council.due(record, "remind_by") == date(2025, 3, 10)
    assert statuses(council, record, "sign_by") == []
    council.verify()


def test_reminders_about_an_undelivered_record_wait_while_the_person_is_away_too(council: FakeCouncil) -> None:
    bounces(council, "wkr")
    record = sent(council)
    council.until("2025-03-04T09:00")
    absence = away(council, "wkr", date(2025, 3, 4))
    assert [d.name for d in council.matter(record).deadlines if d.live] == ["sign_by"]
    council.tell(record, "bounced", person="wkr", why="mailbox unknown")
    assert council.matter(record).live("remind_by") is None
    council.until("2025-03-10T09:00")
    council.move("hr1", absence, "return", last_day=date(2025, 3, 9))
    assert council.due(record, "remind_by") == date(2025, 3, 17)
    assert deadline(council, record, "sign_by").status is Status.paused
    council.verify()


def test_an_amended_record_that_cannot_be_delivered_has_no_window_either(council: FakeCouncil) -> None:
    record = council.move("wkr", sent(council), "dispute", statement="No.")
    bounces(council, "wkr")
    council.move("sup", record, "amend", discussed_on=date(2025, 3, 3), sections={})
    assert deadline(council, record, "sign_by").status is Status.paused


# -- learned after the deeming
@pytest.mark.clause("CBC-43", "CBC-58")
def test_a_bounce_that_is_learned_after_the_deeming_opens_the_record_to_a_dispute(council: FakeCouncil) -> None:
    record = deemed(council)
    with pytest.raises(Refused, match="you can still object to it"):
        council.move("wkr", record, "dispute", statement="I never saw this.")
    council.tell(record, "bounced", person="wkr", why="mailbox unknown")
    assert incidents(council, record) == ["unsafe_deeming"]
    assert council.told("sup", record)[-1] == "unsafe_deeming"
    assert "dispute" in council.offered("wkr", record)
    council.until("2025-03-20T10:00")
    council.tell(record, "delivered", person="wkr")
    assert council.due(record, "dispute_by") == date(2025, 3, 27)
    council.until("2025-03-27T23:59:59")
    disputed = council.move("wkr", record, "dispute", statement="I never saw this.")
    assert (disputed.state, disputed.closed_at, disputed.data["unsafe"]) == ("disputed", None, True)
    assert council.history(record)[-4:] == ["deem", "bounced", "delivered", "dispute"]
    assert not any(d.live for d in disputed.deadlines)
    assert council.only(Workflow.dispute).state == "in_discussion"
    council.verify()


def test_a_note_that_was_owed_is_owed_no_more_when_an_unsafe_deeming_is_disputed(council: FakeCouncil) -> None:
    record = deemed(council, "case")
    council.tell(record, "bounced", person="wkr", why="mailbox unknown")
    record = council.move("wkr", record, "dispute", statement="I never saw this.")
    assert (record.holder, record.data["note_owed"], record.data["disputable"]) == (None, False, False)
    council.move("wkr", council.only(Workflow.dispute), "withdraw")
    assert council.matter(record).state == "awaiting_signature"
    council.verify()


def test_a_full_window_after_an_unsafe_deeming_only_the_late_objection_is_left(council: FakeCouncil) -> None:
    record = deemed(council)
    council.tell(record, "bounced", person="wkr", why="mailbox unknown")
    council.tell(record, "delivered", person="wkr")
    council.until("2025-03-19T00:00")
    assert statuses(council, record, "dispute_by") == [Status.met]
    assert council.offered("wkr", record) == {"object_late"}
    assert council.matter(record).data["unsafe"] is True
    council.verify()


def test_a_draft_has_no_notice_to_come_back(council: FakeCouncil) -> None:
    with pytest.raises(Refused, match="is not possible now"):
        council.tell(draft(council), "bounced", person="wkr", why="mailbox unknown")
