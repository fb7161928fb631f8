"""Which units each period of a policy may be counted in, and which of two periods is the longer one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from workflows.calendar import Calendar
from workflows.policy_mistake import Problem
from workflows.policy_parts import Part, Period
from workflows.receipts import count
from workflows.vocabulary import Unit

#: Windows that a recorded absence pauses are counted day by day.
DAYS = frozenset({Unit.working_days, Unit.calendar_days})
GAPS = frozenset({Unit.weeks, Unit.months, Unit.years})
#: What runs from a local date: hours need an instant, and slots are for workers' supervision alone.
DATES = DAYS | GAPS
#: A worker's interval is a longest gap, or one session in each calendar month.
SLOTS = GAPS | {Unit.calendar_months}

_UNITS = {"circulate_by": DATES | {Unit.hours}, "sign_by": DAYS, "until": GAPS}
_NEVER = datetime.max.replace(tzinfo=UTC)
_NO_CLOSURES = Calendar("none", "1")
#: First days of the months of a year; between them they fall on every day of the week.
_STARTS = tuple(date(2025, month, 1) for month in range(1, 13))


def check_units(part: Part, path: str) -> Iterator[Problem]:
    """Every period below `part` whose unit its rule cannot be counted in; `path` is the part's own key."""
    for key, period in _periods(part, path):
        allowed = _allowed(key)
        if period.unit not in allowed:
            yield Problem(f"{key}.unit", f"one of {', '.join(u for u in Unit if u in allowed)}", period.unit)
        elif period.unit is Unit.calendar_months and period.value != 1:
            yield Problem(f"{key}.value", "1, for one session in each calendar month", str(period.value))


def ends_no_later(period: Period, other: Period) -> bool:
    """Whether `period` is over when `other` is, from some date that both start on; False where one has no such end."""
    if {period.unit, other.unit} - DATES:
        return False
    return any(_end(period, start) <= _end(other, start) for start in _STARTS)


def _end(period: Period, start: date) -> datetime:
    return count(period.term, "start", start, _NO_CLOSURES).due or _NEVER


def _allowed(key: str) -> frozenset[Unit]:
    name = key.rpartition(".")[2]
    return _UNITS.get(name, SLOTS if key.startswith("entitlement.") else DATES)


def _periods(part: Part, path: str) -> Iterator[tuple[str, Period]]:
    if isinstance(part, Period):
        yield path, part
        return
    for key in type(part).model_fields:
        value, where = getattr(part, key), f"{path}.{key}"
        if isinstance(value, Part):
            yield from _periods(value, where)
        elif isinstance(value, tuple):
            for index, row in enumerate(value):
                yield from _periods(row, f"{where}[{index}]")
