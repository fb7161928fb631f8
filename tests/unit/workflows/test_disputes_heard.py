"""A disagreement is settled by the two, or decided by somebody above who is no party to it."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.dispute_stories import about, escalated
from tests.unit.workflows.stories import disputed, step
from workflows.machine import decide
from workflows.model import Actor
from workflows.payloads import Decide
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import Outcome, Workflow

ALL = ("central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset")
RULING = {"outcome": "record_stands", "reasons": "Heard both."}


# -- opening
@pytest.mark.parametrize(("who", "told"), [("wkr", "sup"), ("sup", "wkr")])
def test_either_of_the_two_raises_it_and_the_other_is_told(who: str, told: str) -> None:
    council = FakeCouncil()
    dispute = about(council, who=who)
    assert (dispute.state, dispute.holder, dispute.waiting_for) == ("in_discussion", None, ("wkr", "sup"))
    assert (council.told(told, dispute), council.told(who, dispute)) == (["dispute_opened"], [])
    council.verify()


def test_a_disagreement_about_a_record_is_told_to_the_supervisor_alone() -> None:
    council = FakeCouncil()
    _, dispute = disputed(council)
    assert (council.told("sup", dispute), council.told("wkr", dispute)) == (["dispute_opened"], [])


@pytest.mark.parametrize("who", ["lm", "wkr2", "hr1"])
def test_nobody_else_raises_it(who: str) -> None:
    with pytest.raises(NotYourMove):
        about(FakeCouncil(), who=who)


@pytest.mark.parametrize(
    ("supervisee", "what", "why"),
    [
        ("wkr", "record", "A record is disputed on the record itself"),
        ("ad", "casework", "There is nobody on the other side"),
    ],
)
def test_what_cannot_be_a_dispute_is_refused(supervisee: str, what: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        about(FakeCouncil(), what, supervisee, supervisee)


# -- between the two
@pytest.mark.clause("NS-50", "DAR-30", "CBC-79", "NS-80")
@pytest.mark.parametrize("policy", ALL)
def test_what_one_proposes_and_the_other_confirms_is_agreed(policy: str) -> None:
    council = FakeCouncil(policy)
    dispute = about(council)
    with pytest.raises(NotYourMove):
        council.move("lm", dispute, "agree")
    dispute = council.move("wkr", dispute, "agree", proposal="Twice a week.")
    assert (dispute.state, council.told("sup", dispute)) == ("in_discussion", ["dispute_opened", "proposal"])
    dispute = council.move("wkr", dispute, "agree", proposal="Three times.")
    assert dispute.state == "in_discussion"
    dispute = council.move("sup", dispute, "agree")
    assert (dispute.state, dispute.closed_at) == ("agreed", council.now)
    assert council.told("wkr", dispute) == ["dispute_agreed"]
    council.verify()


@pytest.mark.clause("LDS-46", "DAR-30", "HAR-24")
@pytest.mark.parametrize("policy", ALL)
def test_whoever_answers_a_proposal_with_another_one_has_not_agreed(policy: str) -> None:
    council = FakeCouncil(policy)
    dispute = about(council, "relationship")
    council.move("wkr", dispute, "agree", proposal="Twice a week.")

    dispute = council.move("sup", dispute, "agree", proposal="As it was.")
    assert (dispute.state, council.told("wkr", dispute)[-1]) == ("in_discussion", "proposal")

    dispute = council.move("wkr", dispute, "agree")
    assert dispute.state == "agreed"
    council.verify()


def test_the_two_may_still_agree_when_a_manager_has_it() -> None:
    council = FakeCouncil()
    dispute = escalated(council)
    council.move("sup", dispute, "agree", proposal="Twice a week.")
    dispute = council.move("wkr", dispute, "agree")
    assert (dispute.state, council.told("lm", dispute)[-1]) == ("agreed", "dispute_agreed")
    council.verify()


def test_the_supervisee_alone_withdraws_it() -> None:
    council = FakeCouncil()
    dispute = escalated(council)
    with pytest.raises(NotYourMove):
        council.move("sup", dispute, "withdraw")
    assert council.move("wkr", dispute, "withdraw").state == "withdrawn"
    assert council.told("lm", dispute)[-1] == "dispute_withdrawn"
    council.verify()


def test_both_are_reminded_and_it_climbs_by_itself() -> None:
    council = FakeCouncil()
    dispute = about(council)
    council.until("2025-03-11T09:00")
    assert (council.told("wkr", dispute)[-1], council.told("sup", dispute)[-1]) == ("reminder", "reminder")
    council.until("2025-03-17T23:59:59")
    assert council.matter(dispute).state == "in_discussion"
    council.until("2025-03-18T00:00")
    assert (council.matter(dispute).state, council.matter(dispute).holder) == ("with_line_manager", "lm")
    council.verify()


# -- meeting and deciding
@pytest.mark.clause("DAR-31", "CBC-79", "HAR-24")
@pytest.mark.parametrize("policy", ["central-bedfordshire", "darlington", "haringey"])
def test_the_holder_decides_with_reasons_and_everybody_asked_is_told(policy: str) -> None:
    council = FakeCouncil(policy)
    dispute = council.move("wkr", escalated(council), "escalate")
    for who in ("wkr", "sup", "lm"):
        with pytest.raises(NotYourMove):
            council.move(who, dispute, "decide", **RULING)
    dispute = council.move("hos", dispute, "decide", **RULING)
    assert (dispute.state, dispute.holder, dispute.data["decided_by"]) == ("determined", None, "hos")
    for who in ("wkr", "sup", "lm"):
        assert council.told(who, dispute)[-1] == "dispute_decided"
    assert set(step(council, dispute, "decide")["commitments"]) == {"reasons"}
    council.verify()


@pytest.mark.parametrize("party", ["wkr", "sup"])
def test_a_party_that_would_hold_it_is_refused_all_the_same(party: str) -> None:
    council = FakeCouncil()
    held = replace(council.matter(escalated(council)), holder=party)
    ruling = Decide(outcome=Outcome.record_stands, reasons="Mine.")
    with pytest.raises(Refused, match="Nobody decides a disagreement to which they are a party"):
        decide(held, "decide", ruling, Actor(party), council.facts(held), council.now)


def test_nobody_decides_while_the_two_are_talking() -> None:
    council = FakeCouncil()
    with pytest.raises(Refused, match="is not possible now: The two are talking it over"):
        council.move("wkr", about(council), "decide", **RULING)


def test_without_a_record_there_is_nothing_to_amend() -> None:
    council = FakeCouncil()
    dispute = escalated(council)
    with pytest.raises(Refused, match="There is no record here that could be amended"):
        council.move("lm", dispute, "decide", outcome="amend_record", reasons="Amend it.")
    assert council.move("lm", dispute, "decide", outcome="attach_comments", reasons="Both views.").state == "determined"


def test_a_change_of_supervisor_opens_the_reallocation_of_this_one_supervisee() -> None:
    council = FakeCouncil()
    dispute = escalated(council, "relationship")
    council.move("lm", dispute, "decide", outcome="change_supervisor", reasons="Trust is gone.")
    plan = council.only(Workflow.absence, parent=dispute.id)
    assert (plan.kind, plan.person, plan.data["only"]) == ("reallocation", "sup", ["wkr"])
    council.verify()


MEETING: dict[str, Any] = {"at": "2025-03-06T10:00:00Z", "told": ["wkr", "sup"]}


@pytest.mark.parametrize("policy", ["central-bedfordshire", "leeds"])
def test_the_holder_logs_a_meeting_of_the_three(policy: str) -> None:
    council = FakeCouncil(policy)
    dispute = escalated(council)
    dispute = council.move("lm", dispute, "meet", **MEETING)
    assert (dispute.state, [m["told"] for m in dispute.data["meetings"]]) == ("with_line_manager", [["wkr", "sup"]])
    assert (council.told("wkr", dispute)[-1], council.told("sup", dispute)[-1]) == ("meeting", "meeting")
    dispute = council.move("lm", dispute, "meet", **MEETING)
    assert len(dispute.data["meetings"]) == 2
    council.verify()


@pytest.mark.clause("LDS-46")
def test_in_leeds_both_must_know_of_the_meeting_beforehand() -> None:
    council = FakeCouncil("leeds")
    dispute = escalated(council)
    with pytest.raises(Refused, match="Both parties must have been told"):
        council.move("lm", dispute, "meet", at="2025-03-06T10:00:00Z", told=["wkr"])
    elsewhere = FakeCouncil("darlington")
    elsewhere.move("lm", escalated(elsewhere), "meet", at="2025-03-06T10:00:00Z", told=["wkr"])


def test_a_meeting_is_told_to_people_on_the_list() -> None:
    council = FakeCouncil()
    with pytest.raises(Refused, match="Nobody on the list has the ref 'stranger'"):
        council.move("lm", escalated(council), "meet", at="2025-03-06T10:00:00Z", told=["wkr", "stranger"])
