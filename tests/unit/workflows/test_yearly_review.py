"""One formal session a year is made longer for the mid-year review; whoever forgets it is reminded, then overtaken."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, at
from tests.unit.workflows.stories import statuses
from tests.unit.workflows.worker_stories import booked, owed
from workflows.vocabulary import Status, Workflow

pytestmark = pytest.mark.clause("NS-38")


@pytest.fixture
def council() -> FakeCouncil:
    return FakeCouncil("north-somerset", "2025-03-03T09:00")


def held(council: FakeCouncil, ended: str, **more: Any) -> None:
    """A long session, reported as it ends."""
    session = booked(council, ended, **more)
    council.until(ended)
    council.move("sup", session, "hold", held_at=council.now, minutes=120)


def supervised_until(council: FakeCouncil, *months: str) -> None:
    """A session in the first days of each month, so that nothing but the review is missing."""
    for month in months:
        held(council, f"{month}-03T11:00")


def about_reviews(council: FakeCouncil, who: str) -> list[str]:
    return [kind for kind in council.told(who, owed(council)) if "review" in kind]


def test_each_entitlement_knows_by_when_a_review_is_owed(council: FakeCouncil) -> None:
    assert council.due(owed(council), "review_by") == date(2026, 3, 3)
    assert council.due(owed(council), "review_reminder") == date(2026, 1, 3)


def test_a_session_that_takes_it_in_renews_it(council: FakeCouncil) -> None:
    held(council, "2025-03-20T11:00", includes_review=True)
    assert owed(council).data["reviewed_on"] == "2025-03-20"
    assert council.due(owed(council), "review_by") == date(2026, 3, 20)
    assert statuses(council, owed(council), "review_by") == [Status.met, Status.running]
    council.verify()


def test_the_report_may_say_that_the_review_was_held_or_was_not(council: FakeCouncil) -> None:
    session = booked(council, "2025-03-20T11:00", includes_review=True)
    council.until("2025-03-20T11:00")
    council.move("sup", session, "hold", held_at=council.now, minutes=60, includes_review=False)
    assert "reviewed_on" not in owed(council).data
    session = booked(council, "2025-03-27T11:00")
    council.until("2025-03-27T11:00")
    council.move("sup", session, "hold", held_at=council.now, minutes=120, includes_review=True)
    assert owed(council).data["reviewed_on"] == "2025-03-27"


def test_an_ordinary_session_and_an_older_review_leave_it_as_it_is(council: FakeCouncil) -> None:
    late = booked(council, "2025-03-19T11:00", includes_review=True)
    held(council, "2025-03-20T11:00", includes_review=True)
    council.move("sup", late, "hold", held_at=at("2025-03-19T12:00"), minutes=120)
    held(council, "2025-04-03T11:00")
    assert owed(council).data["reviewed_on"] == "2025-03-20"
    assert council.due(owed(council), "review_by") == date(2026, 3, 20)


def test_the_supervisor_is_reminded_when_ten_months_have_passed_without_one(council: FakeCouncil) -> None:
    council.until("2026-01-05T08:59")
    assert about_reviews(council, "sup") == []
    council.until("2026-01-05T09:00")
    assert about_reviews(council, "sup") == ["yearly_review_due"]
    assert about_reviews(council, "lm") == []


def test_after_a_year_both_and_the_manager_above_are_told_and_the_reminder_goes_on(council: FakeCouncil) -> None:
    council.until("2026-03-04T09:00")
    assert statuses(council, owed(council), "review_by") == [Status.missed]
    assert about_reviews(council, "wkr") == ["yearly_review_late"]
    assert about_reviews(council, "lm") == ["yearly_review_late"]
    council.until("2026-05-06T09:00")
    assert about_reviews(council, "sup") == [
        "yearly_review_due", "yearly_review_late", "yearly_review_due", "yearly_review_due",
    ]  # fmt: skip
    assert about_reviews(council, "lm") == ["yearly_review_late"] * 3
    held(council, "2026-05-20T11:00", includes_review=True)
    assert council.due(owed(council), "review_by") == date(2027, 5, 20)
    council.verify()


def test_a_review_that_is_reported_late_was_held_in_time(council: FakeCouncil) -> None:
    council.until("2026-03-02T09:00")
    session = booked(council, "2026-03-03T11:00", includes_review=True)
    council.until("2026-03-04T10:00")
    assert statuses(council, owed(council), "review_by") == [Status.missed]
    council.move("sup", session, "hold", held_at=at("2026-03-03T12:00"), minutes=120)
    assert statuses(council, owed(council), "review_by") == [Status.corrected, Status.running]
    council.verify()


def test_elsewhere_no_clause_asks_for_one() -> None:
    council = FakeCouncil("haringey")
    held(council, "2025-03-20T11:00", includes_review=True)
    assert council.matter(owed(council)).live("review_by") is None
    assert "reviewed_on" not in owed(council).data


def test_a_policy_that_asks_for_it_only_now_makes_nobody_late() -> None:
    council = FakeCouncil("north-somerset", "2025-03-03T09:00")
    asks = council.policy
    silent = asks.model_copy(
        update={"entitlement": asks.entitlement.model_copy(update={"yearly_review": None}), "version": "0"}
    )
    council = FakeCouncil(silent, "2023-03-03T09:00")
    council.until("2025-03-03T09:00")
    council.adopt(asks)
    held(council, "2025-03-20T11:00")
    assert council.due(owed(council), "review_by") == date(2026, 3, 20)
    held(council, "2025-04-03T11:00")
    assert council.due(owed(council), "review_by") == date(2026, 3, 20)


def test_a_policy_that_no_longer_asks_for_it_reminds_nobody(council: FakeCouncil) -> None:
    asks = council.policy
    silent = asks.model_copy(
        update={"entitlement": asks.entitlement.model_copy(update={"yearly_review": None}), "version": "2"}
    )
    council.adopt(silent)
    council.until("2026-04-01T09:00")
    assert [who for who in ("sup", "wkr", "lm") if about_reviews(council, who)] == []


def test_a_new_supervisor_takes_the_review_over(council: FakeCouncil) -> None:
    council.picture = replace(council.picture)
    council.relist("wkr", supervisor="sup2")
    council.until("2026-01-05T09:00")
    duty = council.only(Workflow.entitlement, supervisee="wkr", state=owed(council).state)
    assert "yearly_review_due" in council.told("sup2", duty)
    council.verify()


def test_a_start_that_is_corrected_to_long_ago_makes_nobody_late_with_it() -> None:
    council = FakeCouncil("north-somerset", "2024-01-08T09:00")
    council.until("2025-03-03T09:00")
    known = {"job_role": "social_worker", "line_manager": "sup", "supervisor": "sup"}
    council.relist("nw", name="Person nw", start_date=date(2025, 3, 1), **known)
    council.until("2025-03-05T09:00")

    council.relist("nw", start_date=date(2024, 2, 1))

    [duty] = council.find(Workflow.entitlement, supervisee="nw")
    assert council.due(duty, "review_by") == date(2025, 3, 5)
    assert "yearly_review_late" not in council.told("lm", duty)
    council.verify()
