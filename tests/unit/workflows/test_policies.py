"""The five councils' policies are shipped whole, in the product's own words, and quote clauses that there are."""

from __future__ import annotations

import pathlib
import re
from datetime import date
from importlib import resources

import pytest

from tests.unit.workflows.councils import COUNCILS, RISKS, by, of
from workflows.policy_reader import shipped

JOB_ROLES = """social_worker senior_social_worker practice_supervisor family_support_worker personal_adviser
    team_manager service_manager head_of_service assistant_director student non_qualified residential_worker
    occupational_therapist administrator business_support hr_adviser quality_officer independent_reviewing_officer
    head_teacher deputy_head designated_safeguarding_lead learning_mentor governor cluster_lead cluster_chair
    targeted_services_leader"""


STATUSES = {
    "north-somerset": {
        "early-help": "child-protection in-care-new",
        "child-in-need": "child-protection in-care-new",
        "disability": "child-protection in-care-new",
        "child-protection": "",
        "in-care-new": "",
        "in-care-stable": "child-protection in-care-new",
        "leaving-care": "child-protection in-care-new",
        "youth-justice": "child-protection in-care-new",
    },
    "leeds": {"child": "child-protection looked-after caf family-support concern"},
    "darlington": {
        "assessment": "",
        "rated": "child-protection care-proceedings final-plan-undetermined exploitation-risk care-order-at-home "
        "in-need-assessment supervision-order family-assistance-order long-term-matched in-need "
        "disability-care-package-only",
    },
    "haringey": {"adult": "high-risk complex safeguarding"},
    "central-bedfordshire": {
        "early-help": "",
        "assessment": "",
        "ypst-fis": "",
        "family-support": "",
        "looked-after": "matched six-weekly-visits proceedings",
        "leaving-care": "settled high-need",
        "disability": "plan-reviewed parent-carer-assessment child-protection looked-after",
        "fostering": "matched friends-family-private pace-respite intensive-support being-assessed parent-and-child",
        "adoption": "",
    },
}


def test_the_five_councils_are_shipped_under_their_ids() -> None:
    assert tuple(shipped()) == COUNCILS


@pytest.mark.parametrize("council", COUNCILS)
def test_a_file_is_named_as_its_policy(council: str) -> None:
    text = resources.files("workflows").joinpath("policies", f"{council}.toml").read_text(encoding="utf-8")
    assert f'id = "{council}"' in text


@pytest.mark.parametrize(
    ("clause", "stated_from", "stated_to", "review_due"),
    by(
        ("NS-01", date(2022, 11, 1), date(2024, 11, 30), None),
        ("LDS-01", None, None, None),
        ("DAR-01", date(2024, 8, 14), None, date(2026, 8, 31)),
        ("HAR-02", None, None, None),
        ("CBC-01", None, None, None),
    ),
)
def test_the_dates_are_those_on_the_policys_face(
    clause: str, stated_from: date | None, stated_to: date | None, review_due: date | None
) -> None:
    policy = of(clause)
    assert (policy.stated_clause, policy.stated_from, policy.stated_to) == (clause, stated_from, stated_to)
    assert policy.review_due == review_due


@pytest.mark.parametrize("council", COUNCILS)
def test_a_policy_uses_the_products_own_words_for_statuses_and_people(council: str) -> None:
    policy, known = shipped()[council], STATUSES[council]
    assert {row.category for row in policy.frequency.rows} == set(known)
    risks = set(RISKS.split()) if policy.frequency.raised_by else set()
    for row in policy.frequency.rows:
        assert row.criteria <= set(known[row.category].split()) | risks
    by_rating = {criterion for rating in policy.frequency.ratings for criterion in rating.suggested_by}
    by_row = {criterion for row in policy.frequency.rows for criterion in row.criteria}
    only_noted = {criterion for noted in policy.frequency.noted for criterion in noted.criteria}
    assert by_rating | by_row | only_noted == {criterion for words in known.values() for criterion in words.split()}
    listed = {job_role for row in policy.entitlement.rows for job_role in row.job_roles}
    asked = {fallback.job_role for fallback in policy.escalation.fallbacks}
    assert listed | asked | policy.entitlement.professional_roles <= set(JOB_ROLES.split())


@pytest.mark.parametrize("council", COUNCILS)
def test_every_clause_that_a_policy_quotes_is_in_the_register(council: str) -> None:
    register = pathlib.Path(__file__).parents[4] / "shared" / "policy" / "clauses.yaml"
    if not register.exists():
        pytest.skip("the register of clauses is not beside this checkout")
    ids = set(re.findall(r"(?m)^- id: (\S+)$", register.read_text(encoding="utf-8")))
    text = resources.files("workflows").joinpath("policies", f"{council}.toml").read_text(encoding="utf-8")
    quoted = set(re.findall(r"[A-Z]{2,4}-\d{2,3}", text))
    assert quoted <= ids
