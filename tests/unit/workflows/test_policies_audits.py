"""The five councils' audits as their policies have them, what is told of them, and what no policy may say."""

from __future__ import annotations

import pytest

from tests.unit.workflows.councils import by, of
from tests.unit.workflows.policy_texts import CBC, changed, keys, text_of
from workflows.policy_audit import AuditPolicy
from workflows.policy_audit_text import audits
from workflows.policy_reader import read_policy, shipped
from workflows.policy_words import Line
from workflows.vocabulary import AuditKind

SLOT = "audit.programmes[1].every.unit"


@pytest.mark.parametrize(
    ("clause", "kind", "months", "per"),
    by(
        ("CBC-49", AuditKind.case_sample, 1, "team_manager"),
        ("CBC-50", AuditKind.themed, 6, "organisation"),
        ("CBC-51", AuditKind.peer_observation, 12, "supervisor"),
        ("CBC-52", AuditKind.survey, 12, "organisation"),
        ("DAR-23", AuditKind.rated, 1, "organisation"),
        ("NS-44", AuditKind.case_sample, 0, "organisation"),
        ("LDS-28", AuditKind.case_sample, 0, "organisation"),
    ),
)
def test_a_programme_is_as_its_clause_has_it(clause: str, kind: AuditKind, months: int, per: str) -> None:
    [programme] = [one for one in of(clause).audit.programmes if one.clause == clause]

    assert (programme.kind, programme.months, programme.per) == (kind, months, per)


@pytest.mark.clause("HAR-46")
def test_the_framework_has_its_eight_elements_and_no_rate() -> None:
    programmes = of("HAR-46").audit.programmes

    assert len(programmes) == 8
    assert {(one.clause, one.months) for one in programmes} == {("HAR-46", 0)}


@pytest.mark.clause("CBC-53")
def test_learning_goes_into_the_section_for_audit_actions() -> None:
    rules = of("CBC-53")

    assert (rules.audit.learning_section, rules.audit.learning_clause) == ("case_audit", "CBC-53")
    assert "case_audit" in rules.record.case.names()


def test_what_no_policy_gives_is_a_product_default() -> None:
    for policy in shipped().values():
        rules = policy.audit
        assert {rules.report_by.clause, rules.no_repeat.clause, rules.remind_learning.clause} == {"product default"}
    assert [one.clause for one in AuditPolicy().programmes] == ["product default"]


@pytest.mark.clause("CBC-49", "HAR-33")
def test_audits_are_told_in_sentences() -> None:
    told = list(audits(of("CBC-49").audit))
    assert Line("Monthly audit of cases: opened by itself every month.", "CBC-49") in told
    assert told[0].sentence.startswith("Monthly audit of cases: one case, drawn by a seed that anybody can draw with")
    assert any("Notes may also serve performance monitoring" in line.sentence for line in audits(of("HAR-33").audit))
    amber = next(audits(of("DAR-23").audit))
    assert amber.sentence.startswith("Practice review of amber cases: every case with the rating amber, once for")


# -- what cannot be carried out
@pytest.mark.parametrize(
    ("council", "change", "key"),
    [
        (CBC, ('id = "themed"', 'id = "monthly-cases"'), "audit.programmes[1].id"),
        (
            CBC,
            ('every = { value = 6, unit = "months"', 'every = { value = 6, unit = "weeks"'),
            "audit.programmes[1].every.unit",
        ),
        (CBC, ('per = "supervisor"', 'per = "organisation"'), "audit.programmes[2].per"),
        (CBC, ('per = "team_manager"', 'per = "supervisor"'), "audit.programmes[0].per"),
        (
            CBC,
            ('name = "plan_and_impact"\ntitle = "Whether', 'name = "frequency"\ntitle = "Whether'),
            "audit.questions[3].name",
        ),
        (CBC, ('learning_section = "case_audit"', 'learning_section = "weather"'), "audit.learning_section"),
        ("darlington", ('ratings = ["amber"]', "ratings = []"), "audit.programmes[0].ratings"),
        ("darlington", ('ratings = ["amber"]', 'ratings = ["violet"]'), "audit.programmes[0].ratings"),
        ("leeds", ('kind = "case_sample"', 'kind = "case_sample"\nratings = ["red"]'), "audit.programmes[0].ratings"),
    ],
)
def test_a_mistake_is_named_with_its_key(council: str, change: tuple[str, str], key: str) -> None:
    assert key in keys(changed(council, change))


def test_a_policy_may_leave_audits_out() -> None:
    text = text_of("leeds")

    assert read_policy(text[: text.index("[audit]")], "our.toml").audit == AuditPolicy()
