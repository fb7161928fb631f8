"""Records are written, sent, signed and kept as the councils' clauses say."""

from __future__ import annotations

import pytest

from tests.unit.workflows.councils import COUNCILS, by, of, sections, term
from workflows.policy_reader import shipped
from workflows.vocabulary import PRODUCT_DEFAULT, RecordKind


@pytest.mark.parametrize(
    ("clause", "kind", "within"),
    by(
        ("NS-42", RecordKind.case, "48 hours"),
        ("NS-45", RecordKind.personal, "48 hours"),
        ("CBC-40", RecordKind.case, "5 working_days"),
    ),
)
def test_a_record_is_sent_as_soon_as_the_policy_says(clause: str, kind: RecordKind, within: str) -> None:
    assert of(clause).record.of(kind).circulate_by.term == term(within, clause)


@pytest.mark.parametrize(
    ("clause", "kind", "within"),
    by(
        ("NS-11", RecordKind.decision, "48 hours"),
        ("LDS-23", RecordKind.personal, "5 working_days"),
        ("LDS-26", RecordKind.case, "5 working_days"),
        ("LDS-35", RecordKind.decision, "5 working_days"),
        ("DAR-11", RecordKind.personal, "5 working_days"),
        ("DAR-12", RecordKind.case, "5 working_days"),
        ("DAR-12", RecordKind.decision, "5 working_days"),
        ("HAR-30", RecordKind.personal, "5 working_days"),
        ("HAR-30", RecordKind.case, "5 working_days"),
        ("HAR-50", RecordKind.decision, "5 working_days"),
        ("CBC-58", RecordKind.personal, "5 working_days"),
        ("CBC-48", RecordKind.decision, "5 working_days"),
    ),
)
def test_where_the_clause_gives_no_limit_a_product_default_runs(clause: str, kind: RecordKind, within: str) -> None:
    assert of(clause).record.of(kind).circulate_by.term == term(within, PRODUCT_DEFAULT)


@pytest.mark.parametrize(
    ("clause", "kind", "silence_clause", "closure_note"),
    [
        pytest.param("CBC-42", RecordKind.case, "CBC-43", "CBC-43", marks=pytest.mark.clause("CBC-42", "CBC-43")),
        pytest.param("CBC-58", RecordKind.personal, "CBC-58", None, marks=pytest.mark.clause("CBC-58")),
    ],
)
def test_central_bedfordshire_takes_five_working_days_of_silence_for_agreement(
    clause: str, kind: RecordKind, silence_clause: str, closure_note: str | None
) -> None:
    rules = of(clause).record.of(kind)
    assert rules.sign_by is not None
    assert rules.sign_by.term == term("5 working_days", clause)
    assert (rules.silence, rules.silence_clause, rules.closure_note) == ("deemed", silence_clause, closure_note)


@pytest.mark.clause("NS-43", "LDS-24", "DAR-32", "HAR-23")
@pytest.mark.parametrize("council", COUNCILS)
@pytest.mark.parametrize("kind", RecordKind)
def test_everywhere_else_silence_is_never_a_signature(council: str, kind: RecordKind) -> None:
    rules = shipped()[council].record.of(kind)
    if council != "central-bedfordshire" or kind is RecordKind.decision:
        assert (rules.sign_by, rules.silence, rules.silence_clause) == (None, "never", PRODUCT_DEFAULT)


@pytest.mark.parametrize(
    ("clause", "kind"),
    by(
        ("NS-43, NS-45", RecordKind.personal),
        ("NS-45", RecordKind.case),
        ("LDS-24", RecordKind.personal),
        ("LDS-24", RecordKind.case),
        ("DAR-32", RecordKind.personal),
        ("HAR-23, HAR-26", RecordKind.personal),
        ("HAR-23", RecordKind.case),
        ("CBC-42", RecordKind.case),
        ("CBC-58", RecordKind.personal),
    ),
)
def test_both_sign_under_the_clause_that_asks_for_it(clause: str, kind: RecordKind) -> None:
    assert of(clause).record.of(kind).signature_clause == clause


@pytest.mark.parametrize(
    ("clause", "kind"),
    by(
        ("NS-16", RecordKind.personal),
        ("NS-16", RecordKind.case),
        ("NS-11", RecordKind.decision),
        ("LDS-07, LDS-23", RecordKind.personal),
        ("LDS-35", RecordKind.decision),
        ("DAR-11", RecordKind.personal),
        ("HAR-37", RecordKind.personal),
        ("HAR-37, HAR-50", RecordKind.decision),
        ("CBC-39", RecordKind.case),
    ),
)
def test_the_supervisor_writes_it_under_the_clause_that_says_so(clause: str, kind: RecordKind) -> None:
    assert of(clause).record.of(kind).author_clause == clause


@pytest.mark.parametrize(
    ("clause", "kind", "place"),
    by(
        ("NS-09, NS-84", RecordKind.case, "LCS"),
        ("NS-43, NS-63", RecordKind.personal, "People Space"),
        ("NS-06, NS-13", RecordKind.decision, "electronic file"),
        ("LDS-26, LDS-44", RecordKind.case, "family’s file"),
        ("LDS-25", RecordKind.personal, "supervisor"),
        ("DAR-12", RecordKind.case, "Liquid Logic"),
        ("DAR-26", RecordKind.personal, "my view"),
        ("HAR-32", RecordKind.case, "Liquid Logic"),
        ("HAR-26, HAR-43, HAR-50", RecordKind.personal, "copy for each"),
        ("CBC-39, CBC-61", RecordKind.case, "MOSAIC"),
        ("CBC-62", RecordKind.personal, "BOX"),
        ("CBC-48", RecordKind.decision, "decision case note"),
    ),
)
def test_a_record_is_kept_where_the_council_keeps_it(clause: str, kind: RecordKind, place: str) -> None:
    kept_in = of(clause).record.of(kind).kept_in
    assert kept_in is not None
    assert kept_in.clause == clause
    assert place in kept_in.place


@pytest.mark.clause("CBC-39")
@pytest.mark.parametrize("council", COUNCILS)
@pytest.mark.parametrize("kind", RecordKind)
def test_only_central_bedfordshires_case_records_may_be_delegated(council: str, kind: RecordKind) -> None:
    may = (council, kind) == ("central-bedfordshire", RecordKind.case)
    assert shipped()[council].record.of(kind).delegate == ("CBC-39" if may else None)


@pytest.mark.parametrize(
    ("clause", "kind", "names"),
    by(
        ("NS-83", RecordKind.personal, "support reflection learning_and_development review_of_actions"),
        ("NS-78", RecordKind.personal, "areas_covered discussion_points"),
        ("NS-18", RecordKind.case, "difference_made lived_experience childs_views"),
        ("NS-13", RecordKind.decision, "key_issues_discussed actions_agreed outcomes_sought"),
        ("NS-05", RecordKind.decision, "rationale"),
        ("LDS-51", RecordKind.personal, "review_of_action_points supervision_notes team_general_issues aob"),
        ("LDS-49", RecordKind.personal, "all_or_sample"),
        ("LDS-17", RecordKind.personal, "group_supervision"),
        ("LDS-50", RecordKind.case, "current_status summary_of_events actions_agreed outstanding_actions"),
        ("LDS-34", RecordKind.decision, "brief_synopsis_of_safeguarding_history concerns actions_agreed"),
        (
            "DAR-32",
            RecordKind.personal,
            "general_check_in formal_case_discussions workload_practice_and_performance training_staff_development",
        ),
        ("DAR-33", RecordKind.case, "previous_actions future_actions next_discussion_date"),
        ("DAR-34", RecordKind.personal, "areas_of_disagreement"),
        ("DAR-35", RecordKind.personal, "date_of_next_session"),
        (
            "HAR-51",
            RecordKind.personal,
            "health_and_wellbeing review_of_previous_actions case_management reflective_practice_discussion",
        ),
        ("HAR-21", RecordKind.personal, "diversity_equality_inclusion"),
        ("HAR-27", RecordKind.case, "decision reason action responsible_person timescale"),
        ("CBC-81", RecordKind.case, "previous_actions key_dates case_discussion plan_and_impact"),
        ("CBC-83", RecordKind.case, "actions"),
        ("CBC-84", RecordKind.case, "case_audit"),
        ("CBC-90", RecordKind.case, "childs_view"),
        ("CBC-92", RecordKind.personal, "personal_discussion knowledge_and_skills_statement equality"),
        ("CBC-93", RecordKind.personal, "personal_discussion toil_leave_sickness any_other_business"),
    ),
)
def test_a_form_has_the_sections_that_its_clause_lists(clause: str, kind: RecordKind, names: str) -> None:
    form = sections(of(clause), kind)
    assert set(names.split()) <= {section.name for section in form if clause in section.clause}


@pytest.mark.clause("CBC-81")
def test_key_dates_need_not_be_filled_in() -> None:
    form = sections(shipped()["central-bedfordshire"], RecordKind.case)
    required = {section.name for section in form if section.required}
    assert required == {"previous_actions", "case_discussion", "plan_and_impact", "actions"}


@pytest.mark.clause("HAR-34")
@pytest.mark.parametrize(
    ("council", "name"),
    [
        ("north-somerset", "support"),
        ("leeds", "team_general_issues"),
        ("darlington", "general_check_in"),
        ("haringey", "health_and_wellbeing"),
        ("central-bedfordshire", "personal_discussion"),
    ],
)
def test_what_is_said_about_wellbeing_is_marked(council: str, name: str) -> None:
    form = sections(shipped()[council], RecordKind.personal)
    assert name in {section.name for section in form if section.wellbeing}


@pytest.mark.clause("NS-40", "DAR-12")
@pytest.mark.parametrize("council", ["north-somerset", "darlington"])
def test_no_case_decision_has_a_place_in_the_personal_record(council: str) -> None:
    names = {section.name for section in sections(shipped()[council], RecordKind.personal)}
    assert not names & {"decision", "rationale", "outcomes_sought", "developments", "future_actions"}


@pytest.mark.clause("CBC-43")
@pytest.mark.parametrize("council", COUNCILS)
def test_an_absence_pauses_what_is_to_be_signed_as_a_product_default(council: str) -> None:
    pauses = shipped()[council].record.absence_pauses_signing
    assert (pauses.value, pauses.clause) == (True, PRODUCT_DEFAULT)
