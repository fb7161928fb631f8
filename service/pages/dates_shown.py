"""The dates of a matter as a table shows them: what was set again, or comes again and again, stands there once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.pages.main_deadline import is_reminder


def dates_shown(deadlines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each date as it was set last; of reminders that ended alike the last, with how many `times` there were."""
    set_last: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for one in deadlines:
        set_last.pop((one["name"], one["due"]), None)
        set_last[one["name"], one["due"]] = one
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for number, one in enumerate(set_last.values()):
        alike = (one["name"], one["status"]) if is_reminder(one) else (number,)
        found[alike] = {**one, "times": found.pop(alike, {}).get("times", 0) + 1}
    return list(found.values())
