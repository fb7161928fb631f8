"""What differs between two policies is said value by value, with both clauses; what is the same is not said."""

from __future__ import annotations

import pytest

from tests.unit.workflows.councils import COUNCILS
from tests.unit.workflows.policy_texts import CBC, DAR, LDS, changed, text_of
from tests.unit.workflows.test_policy_text import changed as altered
from tests.unit.workflows.test_policy_text import policy_of, tables
from workflows.policy import Policy
from workflows.policy_diff import Difference, differences
from workflows.policy_reader import read_policy, shipped


def read(text: str) -> Policy:
    return read_policy(text, "our.toml")


def between(council: str, *changes: tuple[str, str]) -> list[Difference]:
    """What differs when a council's text is changed."""
    return list(differences(shipped()[council], read(changed(council, *changes))))


def sentences(council: str, *changes: tuple[str, str]) -> list[str]:
    return [difference.sentence for difference in between(council, *changes)]


@pytest.mark.parametrize("council", COUNCILS)
def test_a_policy_does_not_differ_from_itself(council: str) -> None:
    assert differences(shipped()[council], read(text_of(council))) == ()


@pytest.mark.parametrize("council", COUNCILS)
def test_no_value_can_change_without_a_difference(council: str) -> None:
    same = [path for path, data in altered(tables(council)) if not differences(shipped()[council], policy_of(data))]

    assert same == []


@pytest.mark.clause("CBC-42")
def test_a_changed_value_is_said_with_both_clauses() -> None:
    [found] = between(
        CBC,
        ('sign_by = { value = 5, unit = "working_days", clause = "CBC-42" }',
         'sign_by = { value = 10, unit = "working_days", clause = "CBC-43" }'),
    )  # fmt: skip

    assert found.kind == "changed"
    assert found.sentence == "Record, case, sign by: was 5 working days [CBC-42], is 10 working days [CBC-43]."


@pytest.mark.clause("CBC-48")
def test_a_value_that_goes_is_said_with_what_it_was() -> None:
    [found] = between(CBC, ('gap_note = { file = "case", kinds = ["case", "combined"], clause = "CBC-48" }\n', ""))

    assert found.kind == "removed"
    assert found.sentence == "Cancellation, gap note: no longer case, case and combined [CBC-48]."
    assert found.after is None


def test_a_value_that_comes_is_said_with_what_it_is() -> None:
    [found] = between(
        DAR, ("[escalation]\n", '[escalation]\nfallbacks = [{ job_role = "assistant_director", clause = "DAR-31" }]\n')
    )

    assert found.kind == "added"
    assert found.sentence == "Escalation, fallbacks (assistant director): new, yes [DAR-31]."
    assert found.before is None


def test_a_number_of_sessions_is_said_as_one() -> None:
    asked = 'challenge_after = { value = 2, clause = "product default" }'
    [said] = sentences(DAR, (asked, 'challenge_after = { value = 1, clause = "DAR-33" }'))
    before, _, after = said.partition(", is ")
    assert "challenge after 2 sessions [product default], tell manager after 3 sessions [product default]" in before
    assert "challenge after 1 session [DAR-33]" in after


def test_a_clause_alone_may_change() -> None:
    assert sentences(CBC, ('renews_worker_clause = "product default"', 'renews_worker_clause = "CBC-02"')) == [
        "Session, renews worker: was combined and personal [product default], is combined and personal [CBC-02]."
    ]
    assert sentences(CBC, ('signature_clause = "CBC-42"', 'signature_clause = "CBC-43"')) == [
        "Record, case, signatories: was both [CBC-42], is both [CBC-43]."
    ]


def test_a_note_alone_may_change() -> None:
    assert sentences(LDS, ('clause = "LDS-38", note = "About an hour."', 'clause = "LDS-38"')) == [
        "Entitlement, everyone else length: was 60 minutes (About an hour) [LDS-38], is 60 minutes [LDS-38]."
    ]


@pytest.mark.clause("CBC-17")
def test_a_row_is_known_by_what_it_is_for() -> None:
    assert sentences(
        CBC, ('every = { value = 3, unit = "months", clause = "CBC-17" }',
              'every = { value = 2, unit = "months", clause = "CBC-17" }'),
    ) == ["Frequency, rows (looked after, matched), every: was 3 months [CBC-17], is 2 months [CBC-17]."]  # fmt: skip


def test_a_row_that_is_moved_is_no_difference() -> None:
    row = '[[frequency.rows]]\ncategory = "adoption"\nevery = { value = 2, unit = "months", clause = "CBC-34" }\n'
    text = changed(CBC, (row, ""), ("[[frequency.rows]]", f"{row}\n[[frequency.rows]]"))

    assert differences(shipped()[CBC], read(text)) == ()


@pytest.mark.clause("CBC-08", "CBC-09")
def test_a_job_role_that_goes_to_another_row_is_one_difference() -> None:
    assert sentences(
        CBC, ('job_roles = ["student"]', 'job_roles = ["student", "team_manager"]'),
        ('job_roles = ["team_manager"]', 'job_roles = ["deputy"]'),
    ) == [
        "Entitlement, rows (team manager), every: was 1 calendar month [CBC-09], is 1 week [CBC-08, CBC-73].",
        "Entitlement, rows (deputy), every: new, 1 calendar month [CBC-09].",
    ]  # fmt: skip


@pytest.mark.clause("LDS-31")
def test_who_is_asked_first_is_a_difference_of_order() -> None:
    chair = '  { job_role = "cluster_chair", setting = "cluster", clause = "LDS-31" },\n'
    leader = '  { job_role = "targeted_services_leader", setting = "cluster", clause = "LDS-31" },\n'

    [found] = between(LDS, (chair + leader, leader + chair))

    assert found.where == "Escalation, fallbacks, order"
    assert found.sentence.endswith(
        "is “governor, school”, “targeted services leader, cluster”, “cluster chair, cluster” [LDS-30; LDS-31]."
    )


def test_two_rows_for_the_same_are_told_apart_by_number() -> None:
    twice = '[[contradictions]]\nclause = "DAR-20"\nsays = "A."\nchoice = "B."\nreason = "C."\n\n'

    [found] = between(DAR, ("[access]", f"{twice}[access]"))

    assert found.sentence == "Contradictions (DAR-20) (2): new, A. Here: B. Why: C [DAR-20]."


def test_differences_come_in_the_order_of_the_chapters() -> None:
    found = between(
        CBC,
        ('hr = { value = true, clause = "CBC-63" }', 'hr = { value = false, clause = "CBC-63" }'),
        ('version = "1"', 'version = "2"\nstated_from = 2025-01-31'),
    )

    assert [difference.sentence for difference in found] == [
        "Version: was 1 [CBC-01], is 2 [CBC-01].",
        "Stated from: new, 31 January 2025 [CBC-01].",
        "Access, hr: was yes [CBC-63], is no [CBC-63].",
    ]


def test_what_one_side_lacks_is_added_one_way_and_removed_the_other() -> None:
    forth = differences(shipped()[CBC], shipped()[DAR])
    back = differences(shipped()[DAR], shipped()[CBC])

    assert {d.where for d in forth if d.kind == "added"} == {d.where for d in back if d.kind == "removed"}
    assert {d.where for d in forth} == {d.where for d in back}


@pytest.mark.parametrize("council", COUNCILS)
def test_sections_of_forms_are_said_in_words(council: str) -> None:
    other = DAR if council != DAR else LDS
    forms = [one for one in differences(shipped()[council], shipped()[other]) if ", forms (" in one.where]

    assert forms
    assert not [one.sentence for one in forms if "FormSection(" in one.sentence]
