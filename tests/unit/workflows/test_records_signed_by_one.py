"""A decision record that the supervisor alone signs is final when it is sent, and the supervisee may object to it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.agreement_stories import signed as agreement_signed
from tests.unit.workflows.policy_texts import CBC, LDS, changed, keys, mistakes, only, text_of
from tests.unit.workflows.stories import C1, sent, step
from tests.unit.workflows.test_records_disputed import decided
from workflows.model import Matter
from workflows.policy_diff import differences
from workflows.policy_reader import read_policy, shipped
from workflows.policy_text import describe
from workflows.refusals import NotYourMove, Refused
from workflows.vocabulary import PRODUCT_DEFAULT, RecordKind, Workflow

ELSEWHERE = ("central-bedfordshire", "darlington", "haringey", "north-somerset")


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil("leeds", cases=[C1])


def decision(council: FakeCouncil) -> Matter:
    """A decision about a case, still to be written."""
    return council.open("sup", Workflow.record, supervisee="wkr", kind=RecordKind.decision, case="c1")


def signed(council: FakeCouncil) -> Matter:
    return council.move("sup", decision(council), "circulate", sections={"concerns": "A quiet week."})


@pytest.mark.clause("LDS-35")
def test_the_supervisor_alone_signs_and_dates_a_decision_record(council: FakeCouncil) -> None:
    record = signed(council)

    assert (record.state, record.holder, record.closed_at) == ("agreed", None, council.now)
    assert record.data["signed"] == {"supervisor": council.now.isoformat()}
    assert step(council, record, "circulate")["clause"] == "LDS-35"
    assert not any(d.live for d in record.deadlines)
    council.verify()


@pytest.mark.clause("LDS-26", "LDS-34", "LDS-35")
def test_it_goes_to_the_childs_file_at_once(council: FakeCouncil) -> None:
    record = signed(council)

    filing = council.only(Workflow.filing, parent=record.id)

    assert (filing.state, filing.case, filing.data["record_state"]) == ("to_file", "c1", "agreed")
    assert (filing.data["system"], filing.data["place"]) == ("child-file", "the child’s or family’s file")


@pytest.mark.clause("LDS-35")
def test_the_supervisee_is_told_of_it_and_asked_for_nothing(council: FakeCouncil) -> None:
    record = signed(council)

    assert council.told("wkr", record) == ["signed"]
    assert council.offered("wkr", record) == {"object_late"}
    council.until("2025-05-30T09:00")
    assert "signature_asked" not in council.told("wkr", record)
    assert council.told("lm", record) == []
    assert council.told("hos", record) == []


@pytest.mark.clause("LDS-24", "LDS-35")
@pytest.mark.parametrize("kind", ["personal", "case"])
def test_both_still_sign_the_records_of_a_session(council: FakeCouncil, kind: str) -> None:
    record = sent(council, kind)

    assert record.state == "awaiting_signature"
    assert council.move("wkr", record, "sign").state == "agreed"


@pytest.mark.parametrize("policy", ELSEWHERE)
def test_elsewhere_both_sign_a_decision_note(policy: str) -> None:
    council = FakeCouncil(policy, cases=[C1])

    record = council.move("sup", decision(council), "circulate")

    assert (record.state, record.holder) == ("awaiting_signature", "wkr")
    with pytest.raises(Refused, match="“Object to the record” is not possible now"):
        council.move("wkr", council.move("wkr", record, "sign"), "object_late", statement="No.")


# -- objecting
@pytest.mark.clause("LDS-35", "LDS-46")
def test_an_objection_stays_with_it_and_goes_the_way_of_the_contract(council: FakeCouncil) -> None:
    record = council.move("wkr", signed(council), "object_late", statement="That is not what we decided.")

    dispute = council.only(Workflow.dispute)
    assert (record.state, dispute.parent, dispute.state) == ("agreed", record.id, "in_discussion")
    assert step(council, record, "object_late")["data"]["addendum"] is True
    decided(council, dispute, "attach_comments")
    record = council.matter(record)
    assert (record.state, record.data["outcome"], record.data["dispute"]) == ("agreed", "attach_comments", None)
    council.verify()


def test_a_withdrawn_objection_leaves_it_as_it_is(council: FakeCouncil) -> None:
    record = council.move("wkr", signed(council), "object_late", statement="No.")

    council.move("wkr", council.only(Workflow.dispute), "withdraw")

    record = council.matter(record)
    assert (record.state, record.data["dispute"]) == ("agreed", None)
    council.verify()


def test_only_the_supervisee_objects(council: FakeCouncil) -> None:
    with pytest.raises(NotYourMove):
        council.move("sup", signed(council), "object_late", statement="No.")


# -- who sends it, and who has left
def written_by(delegate_or_recorder: dict[str, Any]) -> FakeCouncil:
    """Haringey as if the supervisor alone signed its decisions, and others wrote them up."""
    policy = shipped()["haringey"]
    rules = {"signatories": "supervisor", "signature_clause": "HAR-50", **delegate_or_recorder}
    kinds = policy.record.model_copy(update={"decision": policy.record.decision.model_copy(update=rules)})
    return FakeCouncil(policy.model_copy(update={"record": kinds}), cases=[replace(C1, category="adult")])


def test_business_support_writes_it_and_the_supervisor_signs() -> None:
    council = written_by({"delegate": "CBC-39"})
    record = council.move("sup", decision(council), "delegate", person="bs")

    with pytest.raises(Refused, match="The supervisor alone signs this record"):
        council.move("bs", record, "circulate")

    assert council.move("sup", record, "circulate").state == "agreed"


def test_whoever_is_named_to_record_writes_it_and_the_supervisor_signs() -> None:
    council = written_by({})
    agreement_signed(council, case_recorder="wkr2")
    record = decision(council)
    assert (record.holder, record.waiting_for) == ("sup", ("wkr2",))

    with pytest.raises(Refused, match="The supervisor alone signs this record"):
        council.move("wkr2", record, "circulate")

    assert council.move("sup", record, "circulate").state == "agreed"


def test_the_supervisor_signs_it_though_the_supervisee_has_left(council: FakeCouncil) -> None:
    record = decision(council)
    council.relist("wkr", end_date=date(2025, 3, 3))
    council.until("2025-03-03T17:00")

    assert council.move("sup", record, "circulate").state == "agreed"


# -- the policy says so
@pytest.mark.clause("LDS-24", "LDS-35")
def test_the_policy_says_who_signs_which_record() -> None:
    alone = {
        (council, str(kind)) for council, policy in shipped().items() for kind in RecordKind
        if policy.record.of(kind).signatories == "supervisor"
    }  # fmt: skip

    assert alone == {("leeds", "decision")}
    assert shipped()["leeds"].record.decision.signature_clause == "LDS-35"


def test_an_older_policy_that_does_not_say_it_has_both_sign() -> None:
    older = text_of(LDS).replace('signatories = "both"\n', "").replace('signatories = "supervisor"\n', "")

    policy = read_policy(older, "leeds.toml")

    assert [policy.record.of(kind).signatories for kind in RecordKind] == ["both"] * len(RecordKind)


def test_leaving_out_the_supervisees_signature_takes_a_clause() -> None:
    text = changed(LDS, ('signature_clause = "LDS-35"\n', ""))
    assert only(mistakes(text))[:2] == ("record.decision.signature_clause", "product default")


def test_who_is_not_asked_to_sign_has_no_window() -> None:
    text = changed(
        CBC,
        (
            'signatories = "both"\nsignature_clause = "CBC-42"',
            'signatories = "supervisor"\nsignature_clause = "CBC-42"',
        ),
    )
    assert keys(text) == ["record.case.sign_by"]


def test_the_record_of_a_group_is_signed_by_nobody() -> None:
    text = changed(
        LDS, ("[record.group]\n", '[record.group]\nsignatories = "supervisor"\nsignature_clause = "LDS-17"\n')
    )
    assert keys(text) == ["record.group.signatories"]


@pytest.mark.clause("LDS-35")
def test_the_policy_in_sentences_says_that_the_supervisor_alone_signs() -> None:
    [chapter] = [found for found in describe(shipped()["leeds"]) if found.title == "Decision notes"]
    said = {line.sentence: line.clause for line in chapter.lines}

    assert said["The supervisor alone signs it; sending it is that signature, and makes it final."] == "LDS-35"
    assert said["The supervisee is told of it, and may object to it."] == PRODUCT_DEFAULT
    assert not [sentence for sentence in said if sentence.startswith(("Both sign", "Silence is"))]


def test_a_difference_of_signatories_is_told_with_its_clause() -> None:
    other = changed(LDS, ('"supervisor"\nsignature_clause = "LDS-35"', '"both"\nsignature_clause = "LDS-24"'))

    [found] = differences(shipped()["leeds"], read_policy(other, "leeds.toml"))

    assert found.sentence == "Record, decision, signatories: was supervisor [LDS-35], is both [LDS-24]."
