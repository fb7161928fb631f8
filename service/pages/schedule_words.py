"""The calendars of some people side by side: sessions, absences and the days on which the council does not work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct, field

from service.engine.schedule import Meeting, meetings_between
from workflows.calendar import local_day

if TYPE_CHECKING:
    from service.api.asking import Asking

_DAY = timedelta(days=1)
_SATURDAY = 5
#: How far ahead whoever books a session looks (workflows.md 1: two weeks, and the rest of this one).
_AHEAD = timedelta(days=20)


class Day(Struct, frozen=True):
    """One day of several calendars; `people` has what each of them has on it."""

    day: date
    closed: str | None
    people: dict[str, list[Meeting]] = field(default_factory=dict)
    away: frozenset[str] = frozenset()

    @property
    def is_free(self) -> bool:
        """Whether nothing stands on it."""
        return not self.closed and not self.away and not any(self.people.values())


def days_of(asking: Asking, people: Sequence[str], first: date, last: date) -> list[Day]:
    """Every working day between two local dates, and of the weekends those that have something.

    Leave is shown where it is the visitor's to know.
    """
    found = meetings_between(asking.reader, people, first, last)
    picture, untold = asking.work.picture, whose_leave_is_untold(asking, people)
    days = []
    for number in range((last - first).days + 1):
        day = first + _DAY * number
        own = {ref: [m for m in found if m.day == day and m.is_with(ref)] for ref in people}
        away = frozenset(ref for ref in people if ref not in untold and picture.directory.away(ref, day))
        one = Day(day, picture.calendar.closed.get(day), own, away)
        if day.weekday() < _SATURDAY or any(own.values()):
            days.append(one)
    return days


def whose_leave_is_untold(asking: Asking, people: Sequence[str]) -> list[str]:
    """Those of some people whom the visitor does not answer for, such as colleagues of the same profession (0010)."""
    directory = asking.work.picture.directory
    others = (ref for ref in dict.fromkeys(people) if ref != asking.ref)
    return [ref for ref in others if not directory.answers_for(asking.ref, ref)]


def two_calendars(asking: Asking, people: Sequence[str]) -> list[Day]:
    """The next three weeks of some people, as whoever books a session for them looks at it."""
    today = local_day(asking.work.now)
    return days_of(asking, list(dict.fromkeys(people)), today, today + _AHEAD)
