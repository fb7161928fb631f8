"""What happens if nobody does anything, as a page tells it: what is told again and again stands there once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def in_short(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The next steps of a matter; one that says what the one before said is only counted there, as `again`."""
    found: list[dict[str, Any]] = []
    for row in rows:
        if found and row["told"] and _told(row) == _told(found[-1]):
            found[-1]["again"] += 1
            found[-1]["until"] = row["told"][0]["at"]
        else:
            found.append({**row, "again": 0})
    return found


def _told(row: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {(one["to"], one["subject"]) for one in row["told"]}
