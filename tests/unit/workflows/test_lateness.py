"""When a matter owes something, and since when it is overdue: both follow from its state and its deadlines."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from tests.fakes.council import at
from workflows.intervals import EMPTY_MONTH
from workflows.lateness import duty_due, overdue_since
from workflows.model import Deadline, Matter
from workflows.vocabulary import Status, Workflow

MONDAY = at("2025-03-03T09:00")
A_WEEK = timedelta(weeks=1)


def deadline(name: str, status: Status = Status.missed, due: datetime | None = MONDAY, number: int = 1) -> Deadline:
    return Deadline(number, name, status, "", due, due if status is Status.running else None, {})


def matter(workflow: Workflow, state: str, *deadlines: Deadline) -> Matter:
    return Matter(UUID(int=1), workflow, state, "leeds", "1", MONDAY, MONDAY, deadlines=deadlines)


def test_a_draft_that_was_not_sent_in_time_is_overdue_since_then() -> None:
    assert overdue_since(matter(Workflow.record, "draft", deadline("circulate_by"))) == MONDAY


def test_once_it_is_sent_it_is_overdue_no_more() -> None:
    assert overdue_since(matter(Workflow.record, "awaiting_signature", deadline("circulate_by"))) is None


def test_a_duty_that_was_renewed_is_not_overdue_whatever_was_missed_before() -> None:
    missed, running = deadline("supervise_by"), deadline("supervise_by", Status.running, MONDAY + A_WEEK, 2)

    assert overdue_since(matter(Workflow.entitlement, "on_track", missed, running)) is None


@pytest.mark.parametrize("state", ["overdue", "with_line_manager", "with_senior_manager"])
def test_what_has_gone_up_is_overdue_since_it_was_owed(state: str) -> None:
    assert overdue_since(matter(Workflow.entitlement, state, deadline("supervise_by"))) == MONDAY


def test_of_several_the_first_that_was_missed_counts() -> None:
    later = deadline("review_by", due=MONDAY + A_WEEK, number=2)

    assert overdue_since(matter(Workflow.entitlement, "overdue", deadline("supervise_by"), later)) == MONDAY


def month(status: Status, due: datetime, number: int) -> Deadline:
    """The duty of a month that follows one without a session."""
    receipt: Any = {"anchors": [{"event": EMPTY_MONTH, "at": "2025-03-03"}]}
    return replace(deadline("supervise_by", status, due, number), receipt=receipt)


def test_of_months_without_a_session_the_first_counts_while_the_next_one_runs() -> None:
    earlier, first = deadline("supervise_by", due=MONDAY - A_WEEK, number=0), deadline("supervise_by")
    missed, running = month(Status.missed, MONDAY + A_WEEK, 2), month(Status.running, MONDAY + 2 * A_WEEK, 3)

    late = matter(Workflow.entitlement, "overdue", earlier, first, missed, running)

    assert (overdue_since(late), duty_due(late)) == (MONDAY, MONDAY)


def test_months_without_a_session_before_one_that_was_held_are_not_overdue() -> None:
    held = matter(
        Workflow.entitlement,
        "on_track",
        deadline("supervise_by"),
        month(Status.missed, MONDAY + A_WEEK, 2),
        deadline("supervise_by", Status.running, MONDAY + 2 * A_WEEK, 3),
    )

    assert (overdue_since(held), duty_due(held)) == (None, MONDAY + 2 * A_WEEK)


@pytest.mark.parametrize("name", ["remind_by", "climb_by"])
def test_nobody_is_late_for_being_reminded(name: str) -> None:
    assert overdue_since(matter(Workflow.dispute, "with_line_manager", deadline(name))) is None


def test_what_is_shown_false_or_over_is_not_overdue() -> None:
    draft = matter(Workflow.record, "draft", deadline("circulate_by", Status.corrected))

    assert overdue_since(draft) is None
    closed = replace(matter(Workflow.record, "draft", deadline("circulate_by")), closed_at=MONDAY)
    assert overdue_since(closed) is None


def test_a_deadline_without_a_date_says_nothing() -> None:
    assert overdue_since(matter(Workflow.record, "draft", deadline("circulate_by", due=None))) is None


# -- what is owed next
def test_the_next_duty_is_the_soonest_that_runs_and_no_reminder() -> None:
    timers = [deadline(name, Status.running, MONDAY, 3) for name in ("remind_by", "climb_by", "review_reminder")]
    first = deadline("sign_by", Status.running, MONDAY + A_WEEK)
    runs = (first, deadline("amend_by", Status.running, MONDAY + 2 * A_WEEK, 2), *timers)

    assert duty_due(matter(Workflow.record, "awaiting_signature", *runs)) == MONDAY + A_WEEK


def test_what_is_overdue_is_due_since_it_was_missed_until_something_runs_again() -> None:
    missed = deadline("circulate_by")

    assert duty_due(matter(Workflow.record, "draft", missed)) == MONDAY
    running = deadline("amend_by", Status.running, MONDAY + A_WEEK, 2)
    assert duty_due(matter(Workflow.record, "draft", missed, running)) == MONDAY + A_WEEK


def test_what_stands_still_or_is_over_is_due_never() -> None:
    paused = deadline("sign_by", Status.paused, None)
    runs = deadline("sign_by", Status.running, MONDAY)

    assert duty_due(matter(Workflow.record, "awaiting_signature", paused)) is None
    assert duty_due(replace(matter(Workflow.record, "agreed", runs), closed_at=MONDAY)) is None
