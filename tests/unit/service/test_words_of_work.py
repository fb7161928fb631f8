"""How pages group work, choose the deadline to show, split a record into sentences, and shorten a history."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from service.pages.council_fields import passages
from service.pages.main_deadline import main_deadline
from service.pages.matter_words import without_repetition
from service.pages.urgency import grouped

#: A Wednesday.
NOW = datetime(2025, 3, 5, 9, tzinfo=UTC)


def due(day: str, status: str = "running", name: str = "sign_by") -> dict[str, Any]:
    """A deadline at the end of a day."""
    return {"receipt": {}, "name": name, "due": f"{day}T23:59:59+00:00", "status": status}


def matter(*deadlines: dict[str, Any], closed_at: str | None = None) -> dict[str, Any]:
    """A matter with these deadlines."""
    return {"state": "draft", "deadlines": list(deadlines), "closed_at": closed_at}


@pytest.mark.parametrize(
    ("deadline", "group"),
    [
        (due("2025-03-04"), "Overdue"),
        (due("2025-03-06", "missed"), "Overdue"),
        (due("2025-03-05"), "Today"),
        (due("2025-03-09"), "This week"),
        (due("2025-03-10"), "Later"),
        ({"name": "sign_by", "due": None, "status": "paused"}, "Without a date"),
        (None, "Without a date"),
    ],
)
def test_work_stands_in_the_group_of_its_deadline(deadline: dict[str, Any] | None, group: str) -> None:
    assert list(grouped([{"deadline": deadline}], NOW)) == [group]


def test_a_duty_is_shown_before_what_was_missed_and_that_before_a_reminder() -> None:
    duty, missed = due("2025-04-01"), due("2025-03-03", "missed", "circulate_by")
    reminder = due("2025-03-07", name="remind_by")

    assert main_deadline(matter(reminder, missed, duty)) == duty
    assert main_deadline(matter(reminder, missed)) == missed
    assert main_deadline(matter(reminder)) == reminder
    assert main_deadline(matter(missed, closed_at="2025-03-04T10:00:00+00:00")) is None


def test_a_record_is_contested_sentence_by_sentence_in_the_order_of_its_form() -> None:
    record = {
        "form": {"sections": [{"name": "last", "title": "Last"}, {"name": "first", "title": "First"}]},
        "data": {"sections": {"first": "It costs £4.50 a day. Is that so?\nA new line", "last": "Dr. said so."}},
    }

    assert [(option.group, option.value) for option in passages(record)] == [
        ("Last", "Dr. said so."),
        ("First", "It costs £4.50 a day."),
        ("First", "Is that so?"),
        ("First", "A new line"),
    ]


def test_what_one_person_writes_on_and_on_is_one_step_of_the_history_that_is_shown() -> None:
    steps = [{"seq": n, "trigger": t, "actor": {"ref": who}} for n, (t, who) in enumerate(
        [("open", "a"), ("write", "a"), ("write", "a"), ("write", "b"), ("circulate", "a"), ("write", "a")]
    )]  # fmt: skip

    shown = without_repetition(steps)

    assert [(step["seq"], step.get("times")) for step in shown] == [(0, None), (2, 2), (3, None), (4, None), (5, None)]
