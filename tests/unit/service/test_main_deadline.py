"""Which of a matter's deadlines people are to see first."""

from __future__ import annotations

from typing import Any

from service.pages.main_deadline import main_deadline
from workflows.intervals import EMPTY_MONTH


def duty(due: str, status: str, event: str = "last session held") -> dict[str, Any]:
    return {"name": "supervise_by", "due": due, "status": status, "receipt": {"anchors": [{"event": event, "at": due}]}}


def owed(state: str, *deadlines: dict[str, Any]) -> dict[str, Any]:
    return {"state": state, "closed_at": None, "deadlines": list(deadlines)}


JANUARY, FEBRUARY = duty("2025-01-31", "missed"), duty("2025-02-28", "missed", EMPTY_MONTH)
MARCH = duty("2025-03-31", "running", EMPTY_MONTH)


def test_while_months_have_no_session_the_first_of_them_is_seen_and_not_the_one_that_runs() -> None:
    assert main_deadline(owed("overdue", JANUARY, FEBRUARY, MARCH)) == JANUARY


def test_once_one_is_held_the_next_is_seen() -> None:
    april = duty("2025-04-30", "running")

    assert main_deadline(owed("on_track", JANUARY, FEBRUARY, april)) == april


def test_where_nothing_was_missed_and_nothing_runs_there_is_none() -> None:
    assert main_deadline(owed("on_track")) is None
