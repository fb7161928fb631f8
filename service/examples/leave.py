"""When the people of an example council are on leave: known to everybody ahead, so that nobody is booked then.

Only long leave is written down as an absence; for a week the service need not know.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from service.examples.chance import Chance
from service.examples.councils import LIVE_FROM

_DAY = timedelta(days=1)
_WEEK = 7
#: Blocks of leave in a year, and the weeks between the beginnings of their seasons.
_BLOCKS, _SEASON = 4, 13


@cache
def blocks(chance: Chance, ref: str) -> tuple[tuple[date, date], ...]:
    """Somebody's leave in the year: the first day of each block and the day of the return, both Mondays."""
    return tuple(_block(chance, ref, number) for number in range(_BLOCKS))


def _block(chance: Chance, ref: str, number: int) -> tuple[date, date]:
    """One or two weeks somewhere in a season, never in the first two weeks of the year."""
    starts = LIVE_FROM + _WEEK * (_SEASON * number + chance.whole(2, _SEASON - 3, ref, "leave", number)) * _DAY
    weeks = 2 if chance.happens(0.25, ref, "long leave", number) else 1
    return starts, starts + _WEEK * weeks * _DAY


def on_leave(chance: Chance, ref: str | None, day: date) -> bool:
    """Whether somebody has leave on a local date."""
    return ref is not None and any(first <= day < back for first, back in blocks(chance, ref))


def long_leave_from(chance: Chance, ref: str, first: date, last: date) -> tuple[date, date] | None:
    """The long block of somebody's leave that begins between two local dates, both included."""
    found = ((start, back) for start, back in blocks(chance, ref) if first <= start <= last)
    return next(((start, back) for start, back in found if back - start > _WEEK * _DAY), None)
