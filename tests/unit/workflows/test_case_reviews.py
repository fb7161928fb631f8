"""Amber cases are reviewed by senior management each month, beside their supervision (DAR-23)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.case_stories import case, propose, running
from tests.unit.workflows.stories import away, deadline, statuses
from workflows.refusals import Refused
from workflows.vocabulary import PRODUCT_DEFAULT, Status


@pytest.mark.clause("DAR-18", "DAR-23")
def test_amber_cases_are_reviewed_by_senior_management_each_month() -> None:
    council = FakeCouncil("darlington", now="2025-03-10T09:00", cases=[case("rated", allocated_on=date(2025, 3, 10))])
    amber = propose(council, "rated", "supervision-order", rating="amber")
    assert council.due(amber, "review_by") == date(2025, 5, 1)
    assert "review" in council.offered("lm", amber)
    assert "review" not in council.offered("sup", amber)
    council.until("2025-04-28T09:00")
    council.move("hos", amber, "review")
    assert council.due(amber, "review_by") == date(2025, 5, 28)
    council.until("2025-05-29T09:00")
    assert council.told("lm", amber)[-1] == council.told("hos", amber)[-1] == "review_missed"
    assert council.due(amber, "review_by") == date(2025, 6, 29)
    assert statuses(council, amber, "review_by") == [Status.met, Status.missed, Status.running]
    council.verify()


def test_a_review_that_is_late_is_told_to_those_above_who_are_at_work() -> None:
    council = FakeCouncil("darlington", now="2025-03-10T09:00", cases=[case("rated", allocated_on=date(2025, 3, 10))])
    amber = propose(council, "rated", "supervision-order", rating="amber")
    away(council, "lm", date(2025, 3, 10))
    council.until("2025-05-02T09:00")
    assert "review_missed" not in council.told("lm", amber)
    assert council.told("hos", amber)[-1] == council.told("ad", amber)[-1] == "review_missed"


def test_a_new_version_of_the_policy_without_the_review_lets_it_end() -> None:
    council = FakeCouncil("darlington", cases=[case("rated")])
    amber = propose(council, "rated", "supervision-order", rating="amber")
    policy = council.policy
    rows = tuple(row.model_copy(update={"reviewed_every": None}) for row in policy.frequency.rows)
    frequency = policy.frequency.model_copy(update={"rows": rows})
    council.adopt(policy.model_copy(update={"version": "2", "frequency": frequency}))
    council.move("lm", amber, "review")
    assert council.matter(amber).live("review_by") is None
    assert (amber.policy_version, council.matter(amber).policy_version) == ("1", "2")
    council.verify()


def test_a_case_that_is_not_amber_has_no_senior_review() -> None:
    council = FakeCouncil("darlington", cases=[case("rated")])
    red = propose(council, "rated", "child-protection", rating="red")
    with pytest.raises(Refused, match="This case has no senior review"):
        council.move("lm", red, "review")


@pytest.mark.clause("DAR-15", "DAR-16")
def test_a_rating_whose_case_has_changed_on_the_list_is_looked_at_again_within_five_working_days() -> None:
    council = FakeCouncil("darlington", cases=[case("rated")])
    propose(council, "rated", "in-need-assessment", rating="amber")
    assert deadline(council, running(council), "review_by").receipt["clause"] == "DAR-23"
    council.relist_case(case("rated", "supervision-order", rating="amber"))

    changed = running(council)
    assert deadline(council, changed, "review_by").receipt["clause"] == PRODUCT_DEFAULT
    assert council.due(changed, "review_by") == date(2025, 3, 10)
    council.until("2025-03-11T09:00")
    assert council.told("sup", changed)[-1] == council.told("lm", changed)[-1] == "review_missed"
    assert council.due(changed, "review_by") == date(2025, 3, 18)

    council.move("sup", changed, "review")
    assert deadline(council, changed, "review_by").receipt["clause"] == "DAR-23"
    assert "review" not in council.offered("sup", changed)
    council.verify()


# -- no new assignment and nobody below puts the senior review off
def amber_in_march() -> FakeCouncil:
    """An Amber case whose senior review is due on 1 May."""
    council = FakeCouncil("darlington", now="2025-03-10T09:00", cases=[case("rated", allocated_on=date(2025, 3, 10))])
    propose(council, "rated", "in-need-assessment", rating="amber")
    assert council.due(running(council), "review_by") == date(2025, 5, 1)
    return council


@pytest.mark.clause("DAR-23")
def test_a_new_assignment_of_amber_keeps_the_date_of_the_senior_review() -> None:
    council = amber_in_march()
    council.until("2025-04-28T09:00")
    propose(council, "rated", "supervision-order", rating="amber")
    assert council.due(running(council), "review_by") == date(2025, 5, 1)
    council.until("2025-05-02T09:00")
    assert council.told("lm", running(council))[-1] == "review_missed"
    council.verify()


@pytest.mark.clause("DAR-15", "DAR-16", "DAR-23")
def test_a_supervisor_who_keeps_the_rating_leaves_the_date_of_the_senior_review_as_it_was() -> None:
    council = amber_in_march()
    council.until("2025-04-07T09:00")
    council.relist_case(case("rated", "supervision-order", rating="amber"))
    changed = running(council)
    assert council.due(changed, "review_by") == date(2025, 4, 14)
    council.move("sup", changed, "review")
    assert council.due(changed, "review_by") == date(2025, 5, 1)
    assert deadline(council, changed, "review_by").receipt["clause"] == "DAR-23"
    assert statuses(council, changed, "review_by") == [Status.met, Status.running]
    council.verify()


@pytest.mark.clause("DAR-15", "DAR-16", "DAR-23")
def test_a_change_shortly_before_the_senior_review_leaves_it_first_and_is_looked_at_after_it() -> None:
    council = amber_in_march()
    council.until("2025-04-28T09:00")
    council.relist_case(case("rated", "supervision-order", rating="amber"))
    changed = running(council)
    assert council.due(changed, "review_by") == date(2025, 5, 1)
    council.until("2025-05-02T09:00")
    assert council.due(changed, "review_by") == date(2025, 5, 6)
    assert deadline(council, changed, "review_by").receipt["clause"] == PRODUCT_DEFAULT
    council.move("sup", changed, "review")
    assert council.due(changed, "review_by") == date(2025, 6, 2)
    council.verify()


@pytest.mark.clause("DAR-23")
def test_a_supervisor_who_keeps_the_rating_first_does_not_do_the_senior_review() -> None:
    council = amber_in_march()
    council.until("2025-04-28T09:00")
    council.relist_case(case("rated", "supervision-order", rating="amber"))
    changed = council.move("sup", running(council), "review")
    assert statuses(council, changed, "review_by") == [Status.running]
    assert "review" not in council.offered("sup", changed)
    council.until("2025-04-30T09:00")
    council.move("lm", changed, "review")
    assert council.due(changed, "review_by") == date(2025, 5, 30)
    council.verify()


def test_another_change_of_the_list_does_not_put_off_the_look_at_the_one_before() -> None:
    council = amber_in_march()
    council.until("2025-04-07T09:00")
    council.relist_case(case("rated", "supervision-order", rating="amber"))
    council.until("2025-04-09T09:00")
    council.relist_case(case("rated", "family-assistance-order", rating="amber"))
    assert council.due(running(council), "review_by") == date(2025, 4, 14)
    council.verify()


def test_a_change_under_a_rating_without_a_senior_review_is_looked_at_once() -> None:
    council = FakeCouncil("darlington", cases=[case("rated", "child-protection", rating="red")])
    council.relist_case(case("rated", "proceedings", rating="red"))
    changed = council.move("sup", running(council), "review")
    assert changed.live("review_by") is None
    council.verify()


@pytest.mark.clause("DAR-23")
def test_a_version_that_has_no_look_at_a_change_leaves_the_senior_review_its_date() -> None:
    council = amber_in_march()
    council.relist_case(case("rated", "supervision-order", rating="amber"))
    policy = council.policy
    frequency = policy.frequency.model_copy(update={"review_changed": None})

    council.announce(policy.model_copy(update={"version": "2", "frequency": frequency}))

    assert council.due(running(council), "review_by") == date(2025, 5, 1)
    assert "review" in council.offered("lm", running(council))
    council.verify()
