"""Workers are supervised as often as the councils' clauses say."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.workflows.councils import COUNCILS, by, of, term
from workflows.policy import Policy
from workflows.policy_parts import Period
from workflows.policy_reader import shipped
from workflows.vocabulary import PRODUCT_DEFAULT, SessionKind


def for_role(policy: Policy, job_role: str) -> Period:
    """How often somebody of a job role is supervised after their first year."""
    rows = policy.entitlement.rows
    return next((row.every for row in rows if job_role in row.job_roles), policy.entitlement.everyone_else)


@pytest.mark.parametrize(
    ("clause", "job_roles", "every"),
    by(
        ("NS-25", "social_worker family_support_worker personal_adviser", "4 weeks"),
        ("NS-26", "senior_social_worker team_manager", "4 weeks"),
        ("NS-27", "service_manager head_of_service assistant_director", "4 weeks"),
        ("NS-28", "student", "1 weeks"),
        ("NS-64", "independent_reviewing_officer business_support", "1 months"),
        ("LDS-38, LDS-39", "head_teacher designated_safeguarding_lead learning_mentor cluster_lead", "4 weeks"),
        ("LDS-38", "administrator", "4 weeks"),
        (
            "DAR-08",
            "service_manager team_manager practice_supervisor social_worker non_qualified residential_worker",
            "1 months",
        ),
        ("HAR-22", "social_worker administrator assistant_director student", "1 months"),
        (
            "CBC-07",
            "social_worker senior_social_worker practice_supervisor occupational_therapist",
            "1 calendar_months",
        ),
        ("CBC-09", "team_manager", "1 calendar_months"),
        ("CBC-10", "head_of_service", "1 calendar_months"),
        ("CBC-08, CBC-73", "student", "1 weeks"),
        ("CBC-73", "personal_adviser family_support_worker", "1 calendar_months"),
    ),
)
def test_a_worker_is_supervised_as_often_as_the_policy_says(clause: str, job_roles: str, every: str) -> None:
    for job_role in job_roles.split():
        assert for_role(of(clause), job_role).term == term(every, clause), job_role


@pytest.mark.clause("DAR-02", "DAR-08")
@pytest.mark.parametrize("job_role", ["head_of_service", "assistant_director", "student", "administrator"])
def test_darlingtons_unlisted_staff_have_a_product_default(job_role: str) -> None:
    assert for_role(shipped()["darlington"], job_role).term == term("1 months", PRODUCT_DEFAULT)


@pytest.mark.clause("CBC-10")
@pytest.mark.parametrize("job_role", ["assistant_director", "service_manager", "quality_officer"])
def test_central_bedfordshires_unlisted_staff_have_a_product_default(job_role: str) -> None:
    assert for_role(shipped()["central-bedfordshire"], job_role).term == term("1 calendar_months", PRODUCT_DEFAULT)


@pytest.mark.parametrize(
    ("clause", "first_year"),
    by(
        ("NS-24", [("6 weeks", "1 weeks"), ("6 months", "2 weeks"), (None, "4 weeks")]),
        ("DAR-09", [("6 weeks", "1 weeks"), ("6 months", "2 weeks"), (None, "1 months")]),
        ("CBC-06", [("6 weeks", "1 weeks"), ("6 months", "2 weeks"), ("1 years", "1 months")]),
    ),
)
def test_a_newly_qualified_workers_phases_are_those_of_the_policy(
    clause: str, first_year: list[tuple[str | None, str]]
) -> None:
    found = [(phase.until and phase.until.term, phase.every.term) for phase in of(clause).entitlement.nqsw]
    assert found == [(until and term(until, clause), term(every, clause)) for until, every in first_year]


@pytest.mark.parametrize("clause", by(("LDS-21",), ("HAR-35",)))
def test_where_a_first_year_is_named_without_an_interval_no_other_councils_table_is_taken(clause: str) -> None:
    policy = of(clause).entitlement
    assert policy.nqsw == ()
    assert policy.nqsw_clause == clause


@pytest.mark.clause("CBC-06", "CBC-07")
def test_after_the_first_year_the_roles_own_interval_runs() -> None:
    policy = shipped()["central-bedfordshire"].entitlement
    phases = policy.phases(date(2025, 1, 6), None, for_role(shipped()["central-bedfordshire"], "social_worker").term)
    assert [phase.until for phase in phases] == [date(2025, 2, 17), date(2025, 7, 6), date(2026, 1, 6), None]
    assert phases[-1].term == term("1 calendar_months", "CBC-07")


@pytest.mark.parametrize(("clause", "every"), by(("NS-24", "4 weeks"), ("DAR-09", "1 months")))
def test_a_first_years_own_last_phase_goes_on(clause: str, every: str) -> None:
    phases = of(clause).entitlement.phases(date(2025, 8, 31), None, of(clause).entitlement.everyone_else.term)
    assert [phase.until for phase in phases] == [date(2025, 10, 12), date(2026, 2, 28), None]
    assert phases[-1].term == term(every, clause)


@pytest.mark.parametrize(
    ("clause", "minutes"),
    by(("NS-25", 90), ("NS-76", 60), ("LDS-38", 60), ("HAR-22", 90)),
)
def test_a_session_lasts_as_long_as_the_policy_says(clause: str, minutes: int) -> None:
    policy = of(clause).entitlement
    lengths = [policy.everyone_else_length, *(row.length for row in policy.rows)]
    assert {length.minutes for length in lengths if length and length.clause == clause} == {minutes}


@pytest.mark.parametrize(("clause", "minutes"), by(("NS-24", 60), ("CBC-06", 90)))
def test_only_the_weekly_phase_has_a_length_of_its_own(clause: str, minutes: int) -> None:
    lengths = [phase.length and (phase.length.minutes, phase.length.clause) for phase in of(clause).entitlement.nqsw]
    assert lengths == [(minutes, clause), None, None]


@pytest.mark.parametrize("clause", by(("NS-25",), ("LDS-21, LDS-39",), ("DAR-10",), ("HAR-48",), ("CBC-07, CBC-74",)))
def test_an_agreement_may_only_shorten(clause: str) -> None:
    assert of(clause).entitlement.shorten_clause == clause


@pytest.mark.clause("HAR-05", "HAR-13", "HAR-14")
def test_in_haringey_everybody_with_a_registration_has_professional_supervision() -> None:
    policy = shipped()["haringey"].entitlement
    assert policy.professional == "HAR-05, HAR-13, HAR-14"
    assert policy.professional_roles == frozenset()
    assert policy.professional_every is not None
    assert policy.professional_every.term == term("1 months", PRODUCT_DEFAULT)
    assert SessionKind.group in policy.professional_kinds


@pytest.mark.parametrize("council", [council for council in COUNCILS if council != "haringey"])
def test_nobody_else_has_professional_supervision(council: str) -> None:
    assert shipped()[council].entitlement.professional is None


@pytest.mark.parametrize("clause", by(("NS-03, NS-08",), ("LDS-01",), ("DAR-04",), ("HAR-15",)))
def test_group_and_unplanned_sessions_never_renew_a_workers_own_supervision(clause: str) -> None:
    rules = of(clause).session
    assert rules.renews_worker == {SessionKind.personal, SessionKind.combined}
    assert rules.renews_worker_clause == clause


def test_they_do_not_in_central_bedfordshire_either_as_a_product_default() -> None:
    rules = shipped()["central-bedfordshire"].session
    assert rules.renews_worker == {SessionKind.personal, SessionKind.combined}
    assert (rules.renews_worker_clause, rules.renews_case_clause) == (PRODUCT_DEFAULT, PRODUCT_DEFAULT)
