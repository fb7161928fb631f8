"""What is shown before a session is booked all the same: what speaks against its own day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workflows.calendar import local_day


def on_its_day(starts_at: str, conflicts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The conflicts of the day itself; those of the two weeks after it stand in the calendars beside the form."""
    day = local_day(datetime.fromisoformat(starts_at)).isoformat()
    return [one for one in conflicts if one["from"] <= day]


def seen(against: list[dict[str, Any]]) -> str:
    """What tells one set of warnings from another."""
    return ";".join(sorted(f"{one['from']} {one['because']}" for one in against))
