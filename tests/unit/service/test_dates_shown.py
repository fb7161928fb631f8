"""A table of dates says each thing once."""

from __future__ import annotations

from typing import Any

from service.pages.dates_shown import dates_shown


def date_of(name: str, due: str | None, status: str) -> dict[str, Any]:
    return {"name": name, "due": due, "status": status}


def shown(*deadlines: dict[str, Any]) -> list[tuple[str, str | None, str, int]]:
    return [(one["name"], one["due"], one["status"], one["times"]) for one in dates_shown(deadlines)]


def test_what_was_set_again_for_the_same_moment_stands_there_as_it_was_set_last() -> None:
    first = [date_of("remind_by", "2025-03-11", "met"), date_of("climb_by", "2025-03-18", "met")]
    again = [date_of("remind_by", "2025-03-11", "running"), date_of("climb_by", "2025-03-18", "running")]

    assert shown(*first, *again) == [
        ("remind_by", "2025-03-11", "running", 1),
        ("climb_by", "2025-03-18", "running", 1),
    ]


def test_reminders_that_are_over_are_the_last_of_them_with_how_many_there_were() -> None:
    weekly = [date_of("remind_by", f"2025-03-{day}", "met") for day in (11, 18, 25)]

    assert shown(*weekly, date_of("remind_by", "2025-04-01", "running")) == [
        ("remind_by", "2025-03-25", "met", 3),
        ("remind_by", "2025-04-01", "running", 1),
    ]


def test_duties_are_all_there() -> None:
    duties = [date_of("supervise_by", f"2025-0{month}-28", "met") for month in (1, 2, 3)]

    assert [one[1] for one in shown(*duties)] == ["2025-01-28", "2025-02-28", "2025-03-28"]
