"""What happens if nobody does anything is told without saying the same thing twice."""

from __future__ import annotations

from typing import Any

from service.pages.forecast import in_short


def told(day: int, *people: str, subject: str = "Reminder") -> dict[str, Any]:
    at = f"2025-03-{day:02}T09:00:00+00:00"
    return {"told": [{"to": person, "subject": subject, "at": at} for person in people], "at": at}


def test_what_is_told_again_and_again_stands_there_once_with_the_last_day() -> None:
    [first] = in_short([told(3, "lm"), told(10, "lm"), told(17, "lm")])

    assert first["told"][0]["at"].startswith("2025-03-03")
    assert (first["again"], first["until"]) == (2, "2025-03-17T09:00:00+00:00")


def test_other_people_and_other_words_stand_for_themselves() -> None:
    rows = in_short([told(3, "lm"), told(4, "hos"), told(5, "hos", subject="Overdue"), told(6, "hos", "lm")])

    assert [row["again"] for row in rows] == [0, 0, 0, 0]


def test_steps_that_tell_nobody_are_each_a_step() -> None:
    assert len(in_short([told(3), told(4)])) == 2
