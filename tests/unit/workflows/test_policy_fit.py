"""A policy that would leave an open matter without a way on is refused, with what it lacks."""

from __future__ import annotations

from datetime import date

import pytest

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.case_stories import case, propose
from tests.unit.workflows.new_versions import version
from workflows.directory import Case
from workflows.policy import Fallback, Policy
from workflows.policy_fit import unfit, unknown_states
from workflows.policy_reader import shipped
from workflows.policy_version import version_order
from workflows.vocabulary import Role, Workflow

CBC, DAR, HAR, LDS = "central-bedfordshire", "darlington", "haringey", "leeds"


def problems(council: FakeCouncil, policy: Policy) -> list[str]:
    """What is missing in a policy for the council's open matters."""
    matters = [m for m in council.find(Workflow.frequency) + council.find(Workflow.entitlement) if m.closed_at is None]
    return [str(problem) for problem in unfit(policy, matters, council.facts(matters[0]))]


def without_rows(council: str, **gone: str) -> Policy:
    """A version without the rows that have these values."""
    rows = shipped()[council].frequency.rows
    kept = tuple(row for row in rows if any(getattr(row, key) != value for key, value in gone.items()))
    return version(council, frequency={"rows": kept})


# -- states
def test_a_state_that_no_table_has_is_named_with_those_that_there_are() -> None:
    found = [str(problem) for problem in unknown_states([("dispute", "in_discussion"), ("dispute", "in_court")])]

    assert len(found) == 1
    assert found[0].startswith("open matters: dispute: found in_court, expected one of in_discussion, ")


def test_a_workflow_that_nothing_runs_is_named() -> None:
    assert [str(problem) for problem in unknown_states([("parade", "marching")])] == [
        "open matters: parade: found marching, expected one of a workflow that this service has."
    ]


# -- cases
@pytest.mark.parametrize("council", shipped())
def test_the_policy_in_force_fits_what_is_open_under_it(council: str) -> None:
    category = shipped()[council].frequency.rows[0].category

    assert problems(FakeCouncil(council, cases=[case(category)]), version(council)) == []


@pytest.mark.clause("CBC-34")
def test_a_category_that_open_cases_have_may_not_go() -> None:
    cases = [case("adoption"), Case("c2", "wkr", "adoption", allocated_on=date(2025, 3, 3))]

    assert problems(FakeCouncil(CBC, cases=cases), without_rows(CBC, category="adoption")) == [
        "frequency.rows: found nothing, expected a row for the category 'adoption': 2 cases have it, c1 among them."
    ]
    assert problems(FakeCouncil(CBC, cases=cases[:1]), without_rows(CBC, category="adoption")) == [
        "frequency.rows: found nothing, expected a row for the category 'adoption': case c1 has it."
    ]


def test_a_category_that_no_open_case_has_may_go() -> None:
    assert problems(FakeCouncil(CBC, cases=[case("fostering")]), without_rows(CBC, category="adoption")) == []


def test_a_category_that_was_unknown_before_is_no_reason_against_a_version() -> None:
    council = FakeCouncil(CBC, cases=[case("pets")])

    assert problems(council, version(CBC)) == []


def test_a_policy_without_a_table_fits_every_category() -> None:
    council = FakeCouncil(CBC, cases=[case("adoption")])

    assert problems(council, version(CBC, frequency={"rows": ()})) == []


@pytest.mark.clause("DAR-18")
def test_a_rating_that_open_cases_have_may_not_go() -> None:
    council = FakeCouncil(DAR, cases=[case("rated")])
    propose(council, "rated", "supervision-order", rating="amber")

    assert problems(council, without_rows(DAR, rating="amber")) == [
        "frequency.rows: found nothing, expected a row for 'rated' rated 'amber': case c1 has it."
    ]
    assert problems(council, without_rows(DAR, rating="red")) == []


def test_a_category_that_goes_with_its_ratings_is_named_once() -> None:
    council = FakeCouncil(DAR, cases=[case("rated")])
    propose(council, "rated", "supervision-order", rating="amber")
    rows = tuple(row for row in shipped()[DAR].frequency.rows if row.category == "assessment")

    assert len(problems(council, version(DAR, frequency={"rows": rows}))) == 1


# -- people
@pytest.mark.clause("DAR-22")
def test_an_approval_that_nobody_in_post_could_give_is_refused() -> None:
    [adult] = shipped()[HAR].frequency.rows
    rows = (adult, adult.model_copy(update={"category": "carer", "needs_approval": "HAR-16"}))
    asks = version(HAR, frequency={"rows": rows})
    council = FakeCouncil(HAR, cases=[case("adult")])
    assert problems(council, asks) == []

    council.relist("hos", app_roles=frozenset[Role]())

    [problem] = problems(council, asks)
    assert problem.startswith("frequency.rows[1].needs_approval (carer): found HAR-16, expected no approval")


def test_an_approval_that_nobody_could_give_before_is_no_reason_against_a_version() -> None:
    council = FakeCouncil(DAR, cases=[case("rated")])
    council.relist("hos", app_roles=frozenset[Role]())

    assert problems(council, version(DAR)) == []


@pytest.mark.clause("LDS-30")
def test_somebody_behind_the_top_of_the_line_may_not_go_while_a_matter_will_rise_to_them() -> None:
    council = FakeCouncil(LDS)
    council.relist("gov", job_role="governor", setting="school", start_date=date(2020, 1, 6))
    council.relist("lm", line_manager=None)
    council.relist("wkr", setting="school")
    council.until("2025-04-01T10:00")
    late = council.only(Workflow.entitlement, supervisee="wkr")
    council.until("2025-05-01T10:00")
    assert council.matter(late).state == "with_line_manager"
    assert council.matter(late).live("climb_by") is not None

    [problem] = problems(council, version(LDS, escalation={"fallbacks": ()}))

    assert problem.startswith("escalation.fallbacks: found a list under which nobody is left, expected somebody to ask")
    assert str(late.id) in problem
    other = Fallback(job_role="governor", clause="LDS-30")
    assert problems(council, version(LDS, escalation={"fallbacks": (other,)})) == []


# -- versions
def test_versions_come_in_the_order_of_their_numbers() -> None:
    wanted = ["draft", "1", "2", "2-draft", "2.1", "9", "10", "10a"]

    assert sorted(set(wanted), key=version_order) == wanted
