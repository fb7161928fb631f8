"""Who may make a move, why one does not happen, and what is offered: the rules asked without anything being kept."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.stories import C1, draft, sent
from workflows.machine import available, begin, check_role, decide
from workflows.model import SYSTEM, Actor, Matter, Opening
from workflows.payloads import Circulate, DisputeRecord, Nothing, Reason, WriteSections
from workflows.refusals import NotYourMove, Refused, UnknownMove
from workflows.vocabulary import Role, Workflow


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil(cases=[C1])


def ask(council: FakeCouncil, matter: Matter, trigger: str, data: Any, who: str | None) -> Any:
    actor = Actor(who) if who else SYSTEM
    return decide(council.matter(matter), trigger, data, actor, council.facts(matter), council.now)


# -- refusals
def test_a_move_that_the_workflow_does_not_have_is_unknown(council: FakeCouncil) -> None:
    record = draft(council)
    with pytest.raises(UnknownMove, match="A record has no move called 'burn'") as refusal:
        ask(council, record, "burn", Nothing(), "sup")
    assert refusal.value.guard == "unknown_move"
    with pytest.raises(UnknownMove, match="A record has no move called 'burn'"):
        check_role(record, "burn", Actor("sup"), council.facts(record))


def test_a_move_of_the_service_alone_is_unknown_to_people_at_the_edge(council: FakeCouncil) -> None:
    record = sent(council)
    with pytest.raises(UnknownMove, match="no move called 'deem'"):
        check_role(record, "deem", Actor("sup"), council.facts(record))
    with pytest.raises(NotYourMove, match="This move belongs to the service itself"):
        ask(council, record, "deem", Nothing(), "sup")


@pytest.mark.parametrize(
    ("trigger", "data", "belongs_to"),
    [
        ("sign", Nothing(), "supervisee"),
        ("circulate", Circulate(), "business support or recorder or supervisor"),
        ("withdraw", Reason(reason="No."), "supervisor"),
    ],
)
def test_somebody_elses_move_says_whose_it_is(council: FakeCouncil, trigger: str, data: Any, belongs_to: str) -> None:
    record = draft(council)
    with pytest.raises(NotYourMove, match=f"This move belongs to the {belongs_to}") as refusal:
        ask(council, record, trigger, data, "wkr2")
    assert refusal.value.guard == "not_your_move"


def test_somebody_who_has_left_or_is_not_on_the_list_has_no_move(council: FakeCouncil) -> None:
    record = sent(council)
    council.relist("wkr", end_date=council.now.date())
    council.until("2025-03-04T09:00")
    for who in ("wkr", "nobody"):
        with pytest.raises(NotYourMove):
            ask(council, record, "sign", Nothing(), who)


def test_the_wrong_state_is_refused_with_what_the_matter_waits_for(council: FakeCouncil) -> None:
    record = draft(council)
    with pytest.raises(Refused, match="“Sign the record” is not possible now: The record is being written") as refusal:
        ask(council, record, "sign", Nothing(), "wkr")
    assert refusal.value.guard == "state"
    with pytest.raises(Refused, match="“Close with a note” is not possible now"):
        ask(council, record, "note_closure", Nothing(), "sup")


def test_a_guard_gives_its_name_and_its_sentence(council: FakeCouncil) -> None:
    with pytest.raises(Refused) as refusal:
        ask(council, draft(council), "delegate", Nothing(), "sup")
    assert refusal.value.guard == "may_delegate"
    assert refusal.value.why == str(refusal.value) == "The policy lets nobody but the supervisor write this record."


def test_a_check_of_what_is_sent_gives_its_name_and_its_sentence(council: FakeCouncil) -> None:
    with pytest.raises(Refused, match="no section 'weather'") as refusal:
        ask(council, draft(council), "write", WriteSections(sections={"weather": "Fine."}), "sup")
    assert refusal.value.guard == "sections_fit"


def test_an_opening_that_a_check_forbids_is_refused_with_its_name(council: FakeCouncil) -> None:
    opening = Opening(Workflow.record, kind="case", supervisee="wkr", supervisor="sup", data={"opened_by": "sup"})
    facts = council.facts(draft(council))
    with pytest.raises(Refused, match="says which case it is about") as refusal:
        begin(opening, UUID(int=7), Actor("sup"), Role.supervisor, facts, council.now)
    assert refusal.value.guard == "_case_belongs"


def test_a_refusal_changes_nothing(council: FakeCouncil) -> None:
    record = draft(council)
    before = (council.matter(record), len(council.steps), len(council.deadlines), len(council.notices))
    for move in ("sign", "delegate", "write"):
        with pytest.raises(Refused):
            council.move(
                "sup",
                record,
                move,
                **(
                    {"sections": {"weather": ""}} if move == "write" else {"person": "bs"} if move == "delegate" else {}
                ),
            )
    assert (council.matter(record), len(council.steps), len(council.deadlines), len(council.notices)) == before


def test_a_move_from_another_state_says_where_the_matter_stands(council: FakeCouncil) -> None:
    record = sent(council)
    with pytest.raises(Refused, match="“Withdraw the draft” is not possible now: The record waits for the signature"):
        council.move("sup", record, "withdraw", reason="No.")


# -- roles
def test_the_step_says_in_which_of_several_roles_it_was_taken(council: FakeCouncil) -> None:
    council.relist("sup", app_roles=frozenset({Role.hr, Role.business_support}))
    record = council.move("sup", draft(council, "case"), "delegate", person="sup")
    council.move("sup", record, "write", sections={"actions": "Weekly."})
    assert council.steps[-1]["role"] == "supervisor"


def test_the_edge_answers_with_the_row_of_the_state_and_else_with_one_of_the_role(council: FakeCouncil) -> None:
    record = draft(council)
    row = check_role(council.matter(record), "dispute", Actor("wkr"), council.facts(record))
    assert (row.source, row.payload) == (("awaiting_signature",), DisputeRecord)
    council.until("2025-03-03T10:00")
    council.move("sup", record, "circulate")
    council.until("2025-03-11T09:00")
    row = check_role(council.matter(record), "dispute", Actor("wkr"), council.facts(record))
    assert row.source == ("deemed_accepted",)


# -- what is offered
def test_what_is_offered_is_what_the_asker_could_do_now(council: FakeCouncil) -> None:
    record = draft(council, "case")
    assert council.offered("sup", record) == {"write", "delegate", "circulate", "withdraw"}
    assert council.offered("wkr", record) == council.offered("bs", record) == council.offered("nobody", record) == set()
    council.move("sup", record, "circulate")
    assert council.offered("wkr", record) == {"sign", "dispute"}
    assert council.offered("sup", record) == set()


def test_a_move_that_a_guard_forbids_is_not_offered(council: FakeCouncil) -> None:
    assert "delegate" not in council.offered("sup", draft(council))


def test_of_two_rows_of_one_move_the_one_that_holds_is_offered_once(council: FakeCouncil) -> None:
    dispute = council.open("wkr", Workflow.dispute, supervisee="wkr", about="other", statement="Too far.")

    def labels(who: str) -> list[str]:
        matter = council.matter(dispute)
        return [move.label for move in available(matter, Actor(who), council.facts(matter), council.now)]

    assert labels("sup") == ["Propose to settle", "Take it to the next manager"]
    council.move("wkr", dispute, "agree", proposal="By phone.")
    assert labels("sup") == ["Agree", "Take it to the next manager"]
    assert labels("wkr") == ["Propose to settle", "Take it to the next manager", "Withdraw"]


def test_the_service_is_offered_its_own_moves_alone(council: FakeCouncil) -> None:
    record = sent(council)
    offered = {move.trigger for move in available(record, SYSTEM, council.facts(record), council.now)}
    assert {"deem", "end", "remind", "climb"} <= offered
    assert not offered & {"sign", "dispute"}


# -- time
def test_no_step_is_dated_before_the_matters_last_one(council: FakeCouncil) -> None:
    record = draft(council)
    council.until("2025-03-20T09:00")
    council.move("sup", record, "circulate")
    moments = [row["at"] for row in council.steps if row["matter_id"] == record.id]
    assert moments == sorted(moments)


def test_what_a_person_does_is_told_at_once_and_what_a_deadline_does_in_working_hours(council: FakeCouncil) -> None:
    council.until("2025-03-07T22:00")
    record = sent(council)
    asked = next(n for n in council.notices if n["matter_id"] == record.id)
    assert asked["at"] == council.now
    council.until("2025-03-15T00:00")
    told = [n["at"].isoformat() for n in council.notices if n["kind"] == "deemed_accepted"]
    assert set(told) == {"2025-03-17T09:00:00+00:00"}


def test_a_matter_is_a_value_and_never_changes(council: FakeCouncil) -> None:
    record = draft(council)
    council.move("sup", record, "circulate")
    assert record.state == "draft"
    assert replace(record, holder=None) != record
