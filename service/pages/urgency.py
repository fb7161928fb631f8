"""How soon something is to be done: the groups in which work stands on a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from workflows.calendar import local_day

#: The groups in the order in which people look at them.
GROUPS = ("Overdue", "Today", "This week", "Later", "Without a date")


def grouped(items: Iterable[Mapping[str, Any]], now: datetime) -> dict[str, list[Mapping[str, Any]]]:
    """Items by how soon their `deadline` asks for something; a group that has none is left out."""
    found: dict[str, list[Mapping[str, Any]]] = {name: [] for name in GROUPS}
    for item in items:
        found[_group(item["deadline"], now)].append(item)
    return {name: of_it for name, of_it in found.items() if of_it}


def _group(deadline: Mapping[str, Any] | None, now: datetime) -> str:
    if deadline is None or deadline["due"] is None:
        return "Without a date"
    due, today = datetime.fromisoformat(deadline["due"]), local_day(now)
    if deadline["status"] == "missed" or due < now:
        return "Overdue"
    if local_day(due) == today:
        return "Today"
    return "This week" if local_day(due) <= _sunday(today) else "Later"


def _sunday(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())
