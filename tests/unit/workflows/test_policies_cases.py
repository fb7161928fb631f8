"""Cases are supervised as often as the councils' clauses say."""

from __future__ import annotations

import pytest

from tests.unit.workflows.councils import COUNCILS, RISKS, by, of, term
from workflows.policy import Policy
from workflows.policy_intervals import FrequencyRow
from workflows.policy_reader import shipped
from workflows.vocabulary import PRODUCT_DEFAULT, SessionKind

#: The categories of North Somerset whose cases are supervised less often than every four weeks.
SLOWER = ("early-help", "child-in-need", "disability", "in-care-stable", "leaving-care", "youth-justice")


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


@pytest.mark.parametrize(
    ("clause", "status", "every"),
    by(
        ("NS-29", "early-help", "8 weeks"),
        ("NS-30", "child-in-need", "8 weeks"),
        ("NS-31", "disability", "8 weeks"),
        ("NS-32", "child-protection", "4 weeks"),
        *(("NS-32", f"{category} child-protection", "4 weeks") for category in SLOWER),
        ("NS-33", "in-care-new", "4 weeks"),
        *(("NS-33", f"{category} in-care-new", "4 weeks") for category in SLOWER),
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


@pytest.mark.clause("DAR-05")
@pytest.mark.parametrize("council", COUNCILS)
def test_a_joint_session_renews_the_case_in_darlington_alone(council: str) -> None:
    rules = shipped()[council].session
    assert (SessionKind.group in rules.renews_case) is (council == "darlington")
    assert (rules.renews_case_clause == "DAR-05") is (council == "darlington")
    assert SessionKind.unplanned not in rules.renews_case
