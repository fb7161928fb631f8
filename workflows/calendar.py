"""How time is counted: working days, closures, rolling months, day ends in London.

A *local date* is a date in Europe/London; an *instant* is an aware datetime. A period that starts on a day counts that
day as day 0, and ends with the last second of its last day (matrix section 0).
"""

from __future__ import annotations

import calendar as months_of_years
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from msgspec import Struct, field

LONDON = ZoneInfo("Europe/London")
#: Notices that a deadline causes go out between these local times of a working day (matrix section 0).
OPENS, CLOSES = time(9), time(17)
_DAY = timedelta(days=1)
_SATURDAY = 5


class Calendar(Struct, frozen=True):
    """One version of a council's calendar: every day that is not worked although it is no weekend, and why."""

    id: str
    version: str
    closed: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))

    def works(self, day: date) -> bool:
        """Whether a local date is a working day."""
        return day.weekday() < _SATURDAY and day not in self.closed

    def first_working_day(self, day: date) -> date:
        """The local date itself where it is worked, else the next one that is."""
        while not self.works(day):
            day += _DAY
        return day

    def add_working_days(self, day: date, days: int) -> date:
        """The local date `days` working days after `day`, which is day 0."""
        while days:
            day += _DAY
            days -= self.works(day)
        return day

    def working_days_before(self, day: date, days: int) -> date:
        """The local date `days` working days before `day`, which is day 0."""
        while days:
            day -= _DAY
            days -= self.works(day)
        return day

    def office_instant(self, at: datetime) -> datetime:
        """The instant itself within working hours, else the next 09:00 of a working day."""
        local = at.astimezone(LONDON)
        if self.works(local.date()) and OPENS <= local.time() <= CLOSES:
            return at
        day = local.date() if local.time() < OPENS else local.date() + _DAY
        return at_local(self.first_working_day(day), OPENS)


@lru_cache(maxsize=4096)
def local_day(at: datetime) -> date:
    """The Europe/London date of an instant."""
    return at.astimezone(LONDON).date()


def at_local(day: date, clock: time) -> datetime:
    """The instant of a London wall-clock time, in UTC."""
    return datetime.combine(day, clock, LONDON).astimezone(UTC)


@lru_cache(maxsize=4096)
def day_end(day: date) -> datetime:
    """The last second of a local date: still in time."""
    return at_local(day, time(23, 59, 59))


@lru_cache(maxsize=4096)
def day_start(day: date) -> datetime:
    """The first second of a local date."""
    return at_local(day, time(0))


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` on, clamped to that month's end: 31 Jan + 1 is 28 Feb."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, months_of_years.monthrange(year, month + 1)[1]))


def month_end(day: date, months: int = 0) -> date:
    """The last day of the month that lies `months` after the month of `day`."""
    first = add_months(day.replace(day=1), months)
    return first.replace(day=months_of_years.monthrange(first.year, first.month)[1])
