"""When messages leave: digests at nine of a working day, and tries that fail at ever longer intervals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.notices.timing import digest_hour, next_digest_hour, pause_after
from tests.fakes.council import at, england
from workflows.calendar import LONDON, OPENS

CALENDAR = england()
_TIMES = st.integers(min_value=0, max_value=1000 * 86_400).map(
    lambda seconds: at("2024-01-01T00:00").astimezone(UTC) + timedelta(seconds=seconds)
)


@pytest.mark.parametrize(
    ("told", "now", "hour"),
    [
        ("2025-03-04T09:00", "2025-03-04T00:00", "2025-03-04T09:00"),  # told by a deadline that passed at midnight
        ("2025-03-03T11:00", "2025-03-03T11:00", "2025-03-04T09:00"),
        ("2025-03-07T16:00", "2025-03-07T16:00", "2025-03-10T09:00"),  # a Friday
        ("2025-04-17T16:00", "2025-04-17T16:00", "2025-04-22T09:00"),  # before Easter
        ("2025-03-28T16:00", "2025-03-28T16:00", "2025-03-31T09:00"),  # over the change to summer time
        ("2025-03-04T09:00", "2025-03-04T09:20", "2025-03-04T09:00"),  # a little late, and still in the day's digest
        ("2025-03-04T09:00", "2025-03-07T12:00", "2025-03-07T09:00"),  # nothing ran for days: one digest, and not four
    ],
)
def test_a_notice_is_in_the_first_digest_from_its_hour_on(told: str, now: str, hour: str) -> None:
    assert digest_hour(CALENDAR, at(told), at(now)) == at(hour)


@given(told=_TIMES, late=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=9)))
def test_a_digest_leaves_at_nine_of_a_working_day_and_never_before_its_notices(told: datetime, late: timedelta) -> None:
    hour = digest_hour(CALENDAR, told, told + late).astimezone(LONDON)

    assert (hour.time(), CALENDAR.works(hour.date())) == (OPENS, True)
    assert hour >= told


def test_a_digest_that_has_begun_to_leave_is_followed_by_the_next_days() -> None:
    assert next_digest_hour(CALENDAR, at("2025-03-04T09:00")) == at("2025-03-05T09:00")
    assert next_digest_hour(CALENDAR, at("2025-03-04T08:59")) == at("2025-03-04T09:00")


def test_a_try_that_fails_is_followed_by_others_at_ever_longer_intervals_of_at_most_six_hours() -> None:
    pauses = [pause_after(attempts) for attempts in range(1, 30)]

    assert pauses[:4] == [timedelta(minutes=minutes) for minutes in (1, 4, 16, 64)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=6)
