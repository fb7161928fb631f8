"""Days and instants in words, as people in the UK say them; London's clock throughout."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta

from workflows.calendar import LONDON, local_day

_DAY = timedelta(days=1)
_LAST_SECOND = time(23, 59, 59)
_SATURDAY = 5


def day_in_words(day: date) -> str:
    """A day with its weekday: "Monday 28 April 2025"."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def short_day(day: date) -> str:
    """A day for tables: "28 Apr 2025"."""
    return f"{day.day} {day:%b %Y}"


def weekday_and_day(day: date) -> str:
    """A day in a calendar of its own month: "Mon 28 Apr"."""
    return f"{day:%a} {day.day} {day:%b}"


def clock_in_words(at: datetime) -> str:
    """The time of day: "2:30pm", "9am", "midday"."""
    local = at.astimezone(LONDON)
    if (local.hour, local.minute) in {(0, 0), (12, 0)}:
        return "midnight" if local.hour == 0 else "midday"
    minutes = f":{local:%M}" if local.minute else ""
    return f"{(local.hour - 1) % 12 + 1}{minutes}{'am' if local.hour < 12 else 'pm'}"  # noqa: PLR2004 - noon


def instant_in_words(at: datetime) -> str:
    """An instant: "Monday 28 April 2025 at 2:30pm"."""
    return f"{day_in_words(local_day(at))} at {clock_in_words(at)}"


def due_in_words(due: datetime) -> str:
    """When something is due: "the end of Monday 28 April 2025", or "2:30pm on Monday 28 April 2025"."""
    local = due.astimezone(LONDON)
    if local.time().replace(microsecond=0) == _LAST_SECOND:
        return f"the end of {day_in_words(local.date())}"
    return f"{clock_in_words(due)} on {day_in_words(local.date())}"


def left_in_words(due: datetime, now: datetime, closed: AbstractSet[date]) -> str:
    """What is left until the due instant, in working days: "3 working days left", "due today", "2 working days late".

    `closed` are the weekdays on which the council does not work.
    """
    today, last = local_day(now), local_day(due)
    if now > due:
        late = working_days(last, today, closed)
        return f"{_days(late)} late" if late else "late"
    if today == last:
        return "due today"
    left = working_days(today, last, closed)
    return f"{_days(left)} left" if left else "due before the next working day"


def working_days(after: date, until: date, closed: AbstractSet[date]) -> int:
    """How many working days there are after one day, up to and with another."""
    days = (after + _DAY * number for number in range(1, (until - after).days + 1))
    return sum(day.weekday() < _SATURDAY and day not in closed for day in days)


def _days(number: int) -> str:
    return f"{number} working day{'' if number == 1 else 's'}"
