"""Days and instants in words, as people in the UK say them in the language of the answer; London's clock throughout.

The order of a day's parts is a message of the catalogue, in Babel's letters: "EEEE d MMMM y" is a whole day.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from babel import Locale
from babel.dates import format_date

from service.pages.languages import current, ngettext
from service.pages.languages import gettext as _
from workflows.calendar import LONDON, local_day

_DAY = timedelta(days=1)
_LAST_SECOND = time(23, 59, 59)
_SATURDAY = 5
#: Days that pages show again and again are written once.
_KEPT = 2_048


class Left(NamedTuple):
    """What is left until something is due, in words, and how soon that is."""

    words: str
    hurry: Literal["late", "today", "later"]


def day_in_words(day: date) -> str:
    """A day with its weekday, as it stands in a sentence: "Monday 28 April 2025"."""
    return _within(day, _("EEEE d MMMM y"))


def long_day(day: date) -> str:
    """A day without its weekday: "28 April 2025"."""
    return _within(day, _("d MMMM y"))


def short_day(day: date) -> str:
    """A day for tables: "28 Apr 2025"."""
    return _within(day, _("d MMM y"))


def weekday_and_day(day: date) -> str:
    """A day in a calendar of its own month: "Mon 28 Apr"."""
    return _within(day, _("EEE d MMM"))


def whole_month(day: date) -> str:
    """A month: "April 2025"."""
    return _within(day, _("MMMM y"))


def short_month(day: date) -> str:
    """A month for the head of a column: "Apr 25"."""
    return _within(day, _("MMM yy"))


def _within(day: date, pattern: str) -> str:
    return _written(day, pattern, current().locale)


@lru_cache(_KEPT)
def _written(day: date, pattern: str, locale: Locale) -> str:
    """A day as it stands within a sentence: Babel begins a Welsh weekday with a capital, as if it stood alone."""
    found = format_date(day, pattern, locale)
    return f"d{found[1:]}" if found.startswith("Dydd ") else found


def clock_in_words(at: datetime) -> str:
    """The time of day: "2:30pm", "9am", "midday"."""
    local = at.astimezone(LONDON)
    if (local.hour, local.minute) in {(0, 0), (12, 0)}:
        return _("midnight") if local.hour == 0 else _("midday")
    time_of_day = f"{(local.hour - 1) % 12 + 1}{f':{local:%M}' if local.minute else ''}"
    morning = local.hour < 12  # noqa: PLR2004 - noon
    return _("%(time)sam", time=time_of_day) if morning else _("%(time)spm", time=time_of_day)


def instant_in_words(at: datetime) -> str:
    """An instant: "Monday 28 April 2025 at 2:30pm"."""
    return _("%(day)s at %(time)s", day=day_in_words(local_day(at)), time=clock_in_words(at))


def due_in_words(due: datetime) -> str:
    """When something is due: "the end of Monday 28 April 2025", or "2:30pm on Monday 28 April 2025"."""
    local = due.astimezone(LONDON)
    day = day_in_words(local.date())
    if local.time().replace(microsecond=0) == _LAST_SECOND:
        return _("the end of %(day)s", day=day)
    return _("%(time)s on %(day)s", time=clock_in_words(due), day=day)


def left_in_words(due: datetime, now: datetime, closed: AbstractSet[date]) -> Left:
    """What is left until the due instant, in working days: "3 working days left", "due today", "2 working days late".

    `closed` are the weekdays on which the council does not work.
    """
    today, last = local_day(now), local_day(due)
    if now > due:
        late = working_days(last, today, closed)
        words = ngettext("%(num)s working day late", "%(num)s working days late", late) if late else _("late")
        return Left(words, "late")
    if today == last:
        return Left(_("due today"), "today")
    left = working_days(today, last, closed)
    if not left:
        return Left(_("due before the next working day"), "later")
    return Left(ngettext("%(num)s working day left", "%(num)s working days left", left), "later")


def working_days(after: date, until: date, closed: AbstractSet[date]) -> int:
    """How many working days there are after one day, up to and with another."""
    days = (after + _DAY * number for number in range(1, (until - after).days + 1))
    return sum(day.weekday() < _SATURDAY and day not in closed for day in days)
