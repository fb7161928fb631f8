"""When a message leaves: what is urgent at once, everything else in working hours or in the day's one digest."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from workflows.calendar import LONDON, OPENS, Calendar, at_local

#: What fails is tried again after a minute, then after four times as long each time, up to six hours; never given up.
_FIRST_PAUSE, _FACTOR, _LONGEST_PAUSE = timedelta(minutes=1), 4, timedelta(hours=6)
#: The first failures whose pauses differ.
_GROWING = 6
_DAY = timedelta(days=1)


class Pace(StrEnum):
    """What people may choose for what is not urgent."""

    daily = "daily"
    at_once = "at_once"


def digest_hour(calendar: Calendar, at: datetime, now: datetime) -> datetime:
    """The hour of the digest that a notice of the instant `at` is in: the first from then on, the last one if late."""
    return max(_first_hour(calendar, at), _last_hour(calendar, now))


def next_digest_hour(calendar: Calendar, now: datetime) -> datetime:
    """The first hour of a digest after an instant."""
    return _first_hour(calendar, now + timedelta(seconds=1))


def _first_hour(calendar: Calendar, at: datetime) -> datetime:
    local = at.astimezone(LONDON)
    day = local.date() if local.time() <= OPENS else local.date() + _DAY
    return at_local(calendar.first_working_day(day), OPENS)


def _last_hour(calendar: Calendar, at: datetime) -> datetime:
    local = at.astimezone(LONDON)
    return at_local(_working_day_until(calendar, local.date() if local.time() >= OPENS else local.date() - _DAY), OPENS)


def _working_day_until(calendar: Calendar, day: date) -> date:
    return day if calendar.works(day) else calendar.working_days_before(day, 1)


def pause_after(attempts: int) -> timedelta:
    """How long nothing is tried after so many failures."""
    factor: int = _FACTOR ** (min(max(attempts, 1), _GROWING) - 1)
    return min(_FIRST_PAUSE * factor, _LONGEST_PAUSE)
