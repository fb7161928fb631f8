"""Days and instants as a council counts them: London's days, England's holidays, the council's own closures."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.council import at, england
from workflows.calendar import (
    LONDON,
    Calendar,
    add_months,
    at_local,
    day_end,
    day_start,
    local_day,
    month_end,
)

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
ENGLAND = england([date(2025, 12, 29)])


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 4, 17), True),
        (date(2025, 4, 18), False),
        (date(2025, 4, 19), False),
        (date(2025, 4, 21), False),
        (date(2025, 12, 29), False),
        (date(2026, 12, 28), False),
    ],
)
def test_a_working_day_is_no_weekend_no_bank_holiday_and_no_closure(day: date, works: bool) -> None:  # noqa: FBT001
    assert ENGLAND.works(day) is works


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2025, 4, 17), date(2025, 4, 17)),
        (date(2025, 4, 18), date(2025, 4, 22)),
        (date(2025, 3, 15), date(2025, 3, 17)),
    ],
)
def test_the_first_working_day_is_the_day_itself_or_the_next_one(day: date, first: date) -> None:
    assert ENGLAND.first_working_day(day) == first


@given(DAYS, st.integers(0, 30))
def test_working_days_are_added_one_by_one(day: date, days: int) -> None:
    reached = ENGLAND.add_working_days(day, days)
    between = [day + timedelta(n) for n in range(1, (reached - day).days + 1)]
    assert sum(ENGLAND.works(one) for one in between) == days
    assert not days or ENGLAND.works(reached)


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        ("2025-03-03T09:00", "2025-03-03T09:00"),
        ("2025-03-03T17:00", "2025-03-03T17:00"),
        ("2025-03-03T17:00:01", "2025-03-04T09:00"),
        ("2025-03-03T08:59:59", "2025-03-03T09:00"),
        ("2025-03-08T12:00", "2025-03-10T09:00"),
        ("2025-04-18T07:00", "2025-04-22T09:00"),
        ("2025-03-28T18:00", "2025-03-31T09:00"),
    ],
)
def test_what_a_deadline_causes_is_sent_in_working_hours(moment: str, sent: str) -> None:
    assert ENGLAND.office_instant(at(moment)) == at(sent)


def test_a_days_ends_are_londons_in_summer_and_in_winter() -> None:
    assert day_end(date(2025, 7, 1)) == datetime(2025, 7, 1, 22, 59, 59, tzinfo=UTC)
    assert day_end(date(2025, 1, 1)) == datetime(2025, 1, 1, 23, 59, 59, tzinfo=UTC)
    assert day_start(date(2025, 7, 1)) == datetime(2025, 6, 30, 23, tzinfo=UTC)
    assert at_local(date(2025, 7, 1), time(9)) == at("2025-07-01T09:00")


@given(DAYS)
def test_a_day_begins_a_second_after_the_day_before_has_ended(day: date) -> None:
    assert day_end(day) + timedelta(seconds=1) == day_start(day + timedelta(1))
    assert local_day(day_start(day)) == local_day(day_end(day)) == day


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2025, 2, 28), 1, date(2025, 3, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
    ],
)
def test_a_month_on_is_the_same_day_clamped_to_the_months_end(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


@given(DAYS, st.integers(0, 48))
def test_months_are_rolling_and_never_longer_than_the_calendar_has_them(day: date, months: int) -> None:
    then = add_months(day, months)
    assert (then.year * 12 + then.month) - (day.year * 12 + day.month) == months
    assert then.day <= day.day
    assert then.day == day.day or (then + timedelta(1)).day == 1


@given(DAYS, st.integers(0, 24))
def test_a_months_end_is_followed_by_a_first(day: date, months: int) -> None:
    last = month_end(day, months)
    assert (last + timedelta(1)).day == 1
    assert (last.year * 12 + last.month) - (day.year * 12 + day.month) == months


def test_a_calendar_without_closures_has_every_weekday_worked() -> None:
    assert Calendar("bare", "1").works(date(2025, 12, 25))
    assert at("2025-03-03T09:00").tzinfo is LONDON
