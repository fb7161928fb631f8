"""The five councils' policies hold what their clauses give: each value against the clause that it is quoted for."""

from __future__ import annotations

import pathlib
import re
from datetime import date
from importlib import resources

import pytest
import yaml

from workflows.policy import FrequencyRow, Period, Policy
from workflows.policy_reader import shipped
from workflows.receipts import Term
from workflows.vocabulary import PRODUCT_DEFAULT, AbsenceCause, DisputeAbout, RecordKind, SessionKind, Unit

COUNCILS = ("central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset")
PREFIXES = {
    "NS": "north-somerset",
    "LDS": "leeds",
    "DAR": "darlington",
    "HAR": "haringey",
    "CBC": "central-bedfordshire",
}
EVERY_CAUSE = frozenset(AbsenceCause) - {AbsenceCause.left}
JOB_ROLES = """social_worker senior_social_worker practice_supervisor family_support_worker personal_adviser
    team_manager service_manager head_of_service assistant_director student non_qualified residential_worker
    occupational_therapist administrator business_support hr_adviser quality_officer independent_reviewing_officer
    head_teacher deputy_head designated_safeguarding_lead learning_mentor governor cluster_lead cluster_chair targeted_services_leader"""
RISKS = "placement-fragile missing exploitation safeguarding"
STATUSES = {
    "north-somerset": {
        "early-help": "",
        "child-in-need": "",
        "disability": "",
        "child-protection": "",
        "in-care-new": "",
        "in-care-stable": "",
        "leaving-care": "",
        "youth-justice": "",
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


def of(clause: str) -> Policy:
    """The policy that a clause belongs to."""
    return shipped()[PREFIXES[clause.partition("-")[0]]]


def by(*rows: tuple[object, ...]) -> list[object]:
    """Parameters whose first is a clause, or several, marked as shown by the test."""
    return [pytest.param(*row, marks=pytest.mark.clause(*str(row[0]).split(", "))) for row in rows]


def term(words: str, clause: str) -> Term:
    """The words "5 working_days" as the term that a clause gives."""
    value, unit = words.split()
    return Term(int(value), Unit(unit), clause)


def row_for(policy: Policy, status: str) -> FrequencyRow:
    """The one row for a status written "category", "category criterion" or "category =rating"."""
    category, _, more = status.partition(" ")
    rating = more.removeprefix("=") if more.startswith("=") else None
    criteria = {more} if more and not rating else set()
    [row] = [
        row
        for row in policy.frequency.rows
        if (row.category, row.criteria, row.rating) == (category, frozenset(criteria), rating)
    ]
    return row


def for_role(policy: Policy, job_role: str) -> Period:
    """How often somebody of a job role is supervised after their first year."""
    rows = policy.entitlement.rows
    return next((row.every for row in rows if job_role in row.job_roles), policy.entitlement.everyone_else)


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


@pytest.mark.parametrize(
    ("clause", "status", "every"),
    by(
        ("NS-29", "early-help", "8 weeks"),
        ("NS-30", "child-in-need", "8 weeks"),
        ("NS-31", "disability", "8 weeks"),
        ("NS-32", "child-protection", "4 weeks"),
        ("NS-33", "in-care-new", "4 weeks"),
        ("NS-34", "in-care-stable", "12 weeks"),
        ("DAR-14", "assessment", "1 months"),
        ("DAR-17", "rated =red", "1 months"),
        ("DAR-18", "rated =amber", "2 months"),
        ("DAR-19", "rated =green", "3 months"),
        ("DAR-20", "rated =green-cwd", "6 months"),
        ("HAR-29", "adult", "3 months"),
        ("CBC-12", "early-help", "1 months"),
        ("CBC-13", "assessment", "1 months"),
        ("CBC-14", "ypst-fis", "1 months"),
        ("CBC-15", "family-support", "1 months"),
        ("CBC-17", "looked-after matched", "3 months"),
        ("CBC-18", "looked-after six-weekly-visits", "2 months"),
        ("CBC-19", "looked-after proceedings", "1 months"),
        ("CBC-21", "leaving-care settled", "3 months"),
        ("CBC-22", "leaving-care high-need", "1 months"),
        ("CBC-24", "disability plan-reviewed", "1 months"),
        ("CBC-25", "disability parent-carer-assessment", "1 years"),
        ("CBC-15, CBC-26", "disability child-protection", "1 months"),
        ("CBC-27", "fostering matched", "3 months"),
        ("CBC-28", "fostering friends-family-private", "3 months"),
        ("CBC-29", "fostering pace-respite", "3 months"),
        ("CBC-30", "fostering intensive-support", "2 months"),
        ("CBC-31", "fostering being-assessed", "1 months"),
        ("CBC-32", "fostering parent-and-child", "1 months"),
        ("CBC-34", "adoption", "2 months"),
    ),
)
def test_a_case_is_supervised_as_often_as_its_row_says(clause: str, status: str, every: str) -> None:
    row = row_for(of(clause), status)
    assert row.every.term == term(every, clause)
    assert not row.exception


@pytest.mark.parametrize(
    ("clause", "status"),
    by(("NS-35", "leaving-care"), ("NS-36", "youth-justice")),
)
def test_an_interval_that_the_policy_leaves_blank_is_a_product_default_and_an_exception(
    clause: str, status: str
) -> None:
    row = row_for(of(clause), status)
    assert row.every.term == term("8 weeks", PRODUCT_DEFAULT)
    assert row.exception
    assert clause in row.every.note


@pytest.mark.parametrize(
    ("council", "every"),
    [
        ("leeds", "8 weeks"),
        ("central-bedfordshire", "1 months"),
        ("darlington", "1 months"),
        ("north-somerset", "4 weeks"),
    ],
)
def test_a_status_without_a_row_runs_on_a_product_default(council: str, every: str) -> None:
    assert shipped()[council].frequency.otherwise.term == term(every, PRODUCT_DEFAULT)


@pytest.mark.clause("LDS-37")
def test_a_child_in_leeds_is_discussed_at_least_once_in_two_sessions() -> None:
    policy = shipped()["leeds"]
    assert row_for(policy, "child").every.term == term("8 weeks", PRODUCT_DEFAULT)
    assert policy.entitlement.everyone_else.value * 2 == 8


@pytest.mark.clause("HAR-29")
def test_haringey_has_one_rule_for_every_case() -> None:
    assert shipped()["haringey"].frequency.otherwise.term == term("3 months", "HAR-29")


@pytest.mark.clause("DAR-20")
def test_green_cwd_is_six_months_or_twenty_six_weeks() -> None:
    other = row_for(shipped()["darlington"], "rated =green-cwd").or_every
    assert other is not None
    assert other.term == term("26 weeks", "DAR-20")


@pytest.mark.clause("DAR-22")
@pytest.mark.parametrize(
    ("rating", "approval"), [("red", None), ("amber", None), ("green", "DAR-22"), ("green-cwd", "DAR-22")]
)
def test_both_greens_need_the_head_of_service(rating: str, approval: str | None) -> None:
    assert row_for(shipped()["darlington"], f"rated ={rating}").needs_approval == approval


@pytest.mark.parametrize("council", [council for council in COUNCILS if council != "darlington"])
def test_nobody_elses_cases_need_an_approval(council: str) -> None:
    assert not any(row.needs_approval for row in shipped()[council].frequency.rows)


@pytest.mark.clause("DAR-23")
def test_only_amber_has_a_monthly_review_beside_it() -> None:
    reviewed = {row.rating: row.reviewed_every for row in shipped()["darlington"].frequency.rows if row.reviewed_every}
    assert list(reviewed) == ["amber"]
    assert reviewed["amber"].term == term("1 months", "DAR-23")


@pytest.mark.parametrize(
    ("clause", "rating", "suggested_by"),
    by(
        (
            "DAR-17",
            "red",
            "child-protection care-proceedings final-plan-undetermined exploitation-risk care-order-at-home",
        ),
        ("DAR-18", "amber", "in-need-assessment supervision-order family-assistance-order"),
        ("DAR-19", "green", "long-term-matched in-need"),
        ("DAR-20", "green-cwd", "disability-care-package-only"),
    ),
)
def test_a_rating_is_suggested_by_its_own_list(clause: str, rating: str, suggested_by: str) -> None:
    found = {row.id: row for row in of(clause).frequency.ratings}[rating]
    assert found.suggested_by == frozenset(suggested_by.split())
    assert {clause, "DAR-15", "DAR-21"} == set(found.clause.split(", "))


@pytest.mark.clause("DAR-15")
def test_a_case_that_is_still_to_be_rated_is_supervised_monthly_as_a_product_default() -> None:
    unrated = shipped()["darlington"].frequency.unrated
    assert unrated is not None
    assert unrated.term == term("1 months", PRODUCT_DEFAULT)


@pytest.mark.clause("CBC-16")
@pytest.mark.parametrize("category", ["assessment", "family-support"])
def test_a_new_case_is_seen_in_ten_working_days_and_three_to_four_weekly_then(category: str) -> None:
    row = row_for(shipped()["central-bedfordshire"], category)
    found = [period.term for period in (row.first_within, row.then_target, row.then_limit) if period]
    assert found == [term("10 working_days", "CBC-16"), term("3 weeks", "CBC-16"), term("4 weeks", "CBC-16")]


@pytest.mark.clause("CBC-16")
def test_no_other_row_has_a_first_window() -> None:
    rows = [row for council in COUNCILS for row in shipped()[council].frequency.rows if row.first_within]
    assert [row.category for row in rows] == ["assessment", "family-support"]


@pytest.mark.clause("CBC-20", "CBC-23", "CBC-33", "CBC-34")
def test_risks_raise_a_case_to_monthly_and_the_amount_is_a_product_default() -> None:
    policy = shipped()["central-bedfordshire"].frequency
    assert policy.raised_by == frozenset(RISKS.split())
    assert policy.raised_by_clause == "CBC-20, CBC-23, CBC-33, CBC-34"
    assert policy.raised_to is not None
    assert policy.raised_to.term == term("1 months", PRODUCT_DEFAULT)


@pytest.mark.clause("CBC-24")
def test_only_reviewed_plans_are_followed() -> None:
    rows = [row for council in COUNCILS for row in shipped()[council].frequency.rows if row.follows_plan_review]
    assert [(row.category, row.criteria, row.every.clause) for row in rows] == [
        ("disability", frozenset({"plan-reviewed"}), "CBC-24")
    ]


@pytest.mark.clause("CBC-26")
def test_a_looked_after_child_with_a_disability_is_monthly_until_put_into_a_row() -> None:
    row = row_for(shipped()["central-bedfordshire"], "disability looked-after")
    assert row.every.term == term("1 months", PRODUCT_DEFAULT)
    assert "CBC-26" in row.every.note


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
    phases = policy.phases(date(2025, 1, 6), for_role(shipped()["central-bedfordshire"], "social_worker").term)
    assert [phase.until for phase in phases] == [date(2025, 2, 17), date(2025, 7, 6), date(2026, 1, 6), None]
    assert phases[-1].term == term("1 calendar_months", "CBC-07")


@pytest.mark.parametrize(("clause", "every"), by(("NS-24", "4 weeks"), ("DAR-09", "1 months")))
def test_a_first_years_own_last_phase_goes_on(clause: str, every: str) -> None:
    phases = of(clause).entitlement.phases(date(2025, 8, 31), of(clause).entitlement.everyone_else.term)
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
def test_haringeys_social_workers_and_occupational_therapists_have_professional_supervision() -> None:
    policy = shipped()["haringey"].entitlement
    assert policy.professional == "HAR-13, HAR-14"
    assert {"social_worker", "senior_social_worker", "occupational_therapist"} <= policy.professional_roles
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


@pytest.mark.clause("DAR-05")
@pytest.mark.parametrize("council", COUNCILS)
def test_a_joint_session_renews_the_case_in_darlington_alone(council: str) -> None:
    rules = shipped()[council].session
    assert (SessionKind.group in rules.renews_case) is (council == "darlington")
    assert (rules.renews_case_clause == "DAR-05") is (council == "darlington")
    assert SessionKind.unplanned not in rules.renews_case


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
        ("LDS-26, LDS-44", RecordKind.case, "family's file"),
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
    form = of(clause).record.of(kind).form
    assert set(names.split()) <= {section.name for section in form if clause in section.clause}


@pytest.mark.clause("CBC-81")
def test_key_dates_need_not_be_filled_in() -> None:
    form = shipped()["central-bedfordshire"].record.case.form
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
    assert name in {section.name for section in shipped()[council].record.personal.form if section.wellbeing}


@pytest.mark.clause("NS-40", "DAR-12")
@pytest.mark.parametrize("council", ["north-somerset", "darlington"])
def test_no_case_decision_has_a_place_in_the_personal_record(council: str) -> None:
    names = shipped()[council].record.personal.names()
    assert not names & {"decision", "rationale", "outcomes_sought", "developments", "future_actions"}


@pytest.mark.clause("CBC-43")
@pytest.mark.parametrize("council", COUNCILS)
def test_an_absence_pauses_what_is_to_be_signed_as_a_product_default(council: str) -> None:
    pauses = shipped()[council].record.absence_pauses_signing
    assert (pauses.value, pauses.clause) == (True, PRODUCT_DEFAULT)


@pytest.mark.parametrize(
    ("clause", "kind"),
    by(("CBC-45", SessionKind.case), ("CBC-45", SessionKind.combined), ("CBC-59", SessionKind.personal)),
)
def test_a_replacement_is_held_within_five_working_days(clause: str, kind: SessionKind) -> None:
    assert of(clause).cancellation.window(kind).term == term("5 working_days", clause)


@pytest.mark.parametrize(
    ("clause", "kind"),
    by(("CBC-46", SessionKind.case), ("CBC-46", SessionKind.combined), ("CBC-59", SessionKind.personal)),
)
def test_after_sickness_the_window_runs_from_the_return(clause: str, kind: SessionKind) -> None:
    window = of(clause).cancellation.window_after_sickness(kind)
    assert window is not None
    assert window.term == term("5 working_days", clause)


@pytest.mark.clause("NS-66", "HAR-49")
@pytest.mark.parametrize("council", [council for council in COUNCILS if council != "central-bedfordshire"])
@pytest.mark.parametrize("kind", SessionKind)
def test_without_a_window_of_its_own_a_policy_has_the_product_default_and_no_rule_for_sickness(
    council: str, kind: SessionKind
) -> None:
    rules = shipped()[council].cancellation
    assert rules.window(kind).term == term("5 working_days", PRODUCT_DEFAULT)
    assert rules.window_after_sickness(kind) is None


@pytest.mark.clause("CBC-45", "CBC-59")
@pytest.mark.parametrize("kind", [SessionKind.group, SessionKind.unplanned])
def test_sessions_that_the_policy_does_not_speak_of_are_labelled(kind: SessionKind) -> None:
    rules = shipped()["central-bedfordshire"].cancellation
    after = rules.window_after_sickness(kind)
    assert after is not None
    assert {rules.window(kind).clause, after.clause} == {PRODUCT_DEFAULT}


@pytest.mark.parametrize(
    ("clause", "file", "kinds"),
    by(
        ("NS-37", "individual", frozenset(SessionKind)),
        ("CBC-48", "case", frozenset({SessionKind.case, SessionKind.combined})),
    ),
)
def test_a_gap_is_explained_on_the_file_that_the_policy_names(
    clause: str, file: str, kinds: frozenset[SessionKind]
) -> None:
    note = of(clause).cancellation.gap_note
    assert note is not None
    assert (note.clause, note.file, note.kinds) == (clause, file, kinds)


@pytest.mark.parametrize("council", ["leeds", "darlington", "haringey"])
def test_no_other_policy_asks_for_a_note(council: str) -> None:
    assert shipped()[council].cancellation.gap_note is None


@pytest.mark.parametrize(
    ("clause", "day", "causes", "at_once"),
    [
        pytest.param("NS-67", 28, EVERY_CAUSE, True, marks=pytest.mark.clause("NS-67")),
        pytest.param(
            "CBC-47, CBC-60",
            15,
            frozenset({AbsenceCause.sickness, AbsenceCause.unplanned}),
            False,
            marks=pytest.mark.clause("CBC-47", "CBC-60"),
        ),
    ],
)
def test_an_absence_is_long_from_the_policys_day(
    clause: str,
    day: int,
    causes: frozenset[AbsenceCause],
    at_once: bool,  # noqa: FBT001 - the table's own column
) -> None:
    rules = of(clause).absence
    assert rules.long is not None
    assert (rules.long.day, rules.long.causes, rules.long.at_once) == (day, causes, at_once)
    assert rules.long.clause == rules.long_clause == clause


@pytest.mark.parametrize("council", ["leeds", "darlington", "haringey"])
def test_where_the_policy_is_silent_the_first_breach_makes_an_absence_long(council: str) -> None:
    rules = shipped()[council].absence
    assert (rules.long, rules.long_clause) == (None, PRODUCT_DEFAULT)


@pytest.mark.parametrize(
    ("clause", "about", "route"),
    by(
        ("NS-52, NS-53", DisputeAbout.casework, "team_manager"),
        ("NS-17, NS-80", DisputeAbout.record, "line"),
        ("NS-50", DisputeAbout.relationship, "line"),
        ("NS-50, NS-53", DisputeAbout.other, "line"),
        *(("LDS-46", about, "named_person") for about in DisputeAbout),
        ("DAR-31, DAR-34", DisputeAbout.record, "line"),
        ("DAR-30, DAR-31", DisputeAbout.casework, "line"),
        ("DAR-30, DAR-31", DisputeAbout.relationship, "line"),
        ("DAR-30, DAR-31", DisputeAbout.other, "line"),
        ("HAR-31", DisputeAbout.record, "line"),
        ("HAR-24", DisputeAbout.casework, "mediator"),
        ("HAR-24", DisputeAbout.relationship, "mediator"),
        ("HAR-24", DisputeAbout.other, "mediator"),
        ("CBC-44, CBC-79", DisputeAbout.record, "line"),
        ("CBC-79", DisputeAbout.casework, "line"),
        ("CBC-79", DisputeAbout.relationship, "line"),
        ("CBC-79", DisputeAbout.other, "line"),
    ),
)
def test_a_disagreement_goes_where_the_policy_sends_it(clause: str, about: DisputeAbout, route: str) -> None:
    found = of(clause).dispute.route(about)
    assert (found.route, found.clause) == (route, clause)


@pytest.mark.clause("LDS-46")
@pytest.mark.parametrize("council", COUNCILS)
@pytest.mark.parametrize("about", DisputeAbout)
def test_both_are_told_beforehand_of_a_meeting_in_leeds(council: str, about: DisputeAbout) -> None:
    assert shipped()[council].dispute.route(about).meeting_needs_notice is (council == "leeds")


@pytest.mark.clause("LDS-30", "LDS-31")
def test_leeds_asks_a_governor_in_a_school_and_the_chair_and_the_leader_in_a_cluster() -> None:
    asked = [(each.job_role, each.setting, each.clause) for each in shipped()["leeds"].escalation.fallbacks]
    assert asked == [
        ("governor", "school", "LDS-30"),
        ("cluster_chair", "cluster", "LDS-31"),
        ("targeted_services_leader", "cluster", "LDS-31"),
    ]


@pytest.mark.parametrize("council", COUNCILS)
def test_no_policy_limits_a_rung_so_reminders_and_climbs_are_product_defaults(council: str) -> None:
    rules = shipped()[council].escalation
    assert rules.remind_after.term == term("5 working_days", PRODUCT_DEFAULT)
    assert rules.climb_after.term == term("10 working_days", PRODUCT_DEFAULT)
    assert (council == "leeds") is bool(rules.fallbacks)


@pytest.mark.parametrize(
    ("clause", "reader", "may"),
    by(
        ("NS-48", "line_above", True),
        ("NS-21", "hr", True),
        ("NS-44", "auditor", True),
        ("LDS-25", "line_above", False),
        ("LDS-25", "hr", False),
        ("LDS-28", "auditor", True),
        ("DAR-25", "line_above", True),
        ("DAR-25", "hr", False),
        ("DAR-25", "auditor", True),
        ("HAR-37", "line_above", True),
        ("HAR-37", "hr", False),
        ("HAR-34", "auditor", True),
        ("CBC-63", "line_above", True),
        ("CBC-63", "hr", True),
        ("CBC-64", "auditor", True),
    ),
)
def test_a_role_reads_only_where_the_policy_names_it(
    clause: str,
    reader: str,
    may: bool,  # noqa: FBT001 - the table's own column
) -> None:
    switch = getattr(of(clause).access, reader)
    assert switch.value is may
    assert clause in switch.clause.split(", ")


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
    ids = {clause["id"] for clause in yaml.safe_load(register.read_text(encoding="utf-8"))}
    text = resources.files("workflows").joinpath("policies", f"{council}.toml").read_text(encoding="utf-8")
    quoted = set(re.findall(r"[A-Z]{2,4}-\d{2,3}", text))
    assert quoted <= ids
