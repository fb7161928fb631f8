"""Every deadline explains itself: from its receipt alone, and from nothing else, an outsider finds the same instant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.council import at, england
from workflows.calendar import Calendar, add_months, day_end, local_day
from workflows.receipts import (
    Counted,
    Pause,
    Phase,
    Term,
    absence_day,
    count,
    earlier_of,
    later_of,
    nqsw,
    on_day,
    recompute,
    slot,
)
from workflows.vocabulary import Unit

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
ENGLAND = england()
CALENDARS = st.sets(DAYS, max_size=20).map(
    lambda closures: Calendar("england", "2", {**ENGLAND.closed, **dict.fromkeys(closures, "closed")})
)
DAY_UNITS = st.sampled_from([Unit.working_days, Unit.calendar_days])


@st.composite
def pauses(draw: st.DrawFn) -> list[Pause]:
    """Some absences, of which the last may still be going on."""
    found = []
    for _ in range(draw(st.integers(0, 3))):
        start = draw(DAYS)
        length = draw(st.one_of(st.none(), st.integers(0, 40)))
        end = None if length is None else start + timedelta(length)
        found.append(Pause(start, end, "absent (sickness)"))
    return found


def again(counted: Counted) -> datetime | None:
    """The instant that an outsider computes from the receipt as it is kept."""
    return recompute(json.loads(json.dumps(counted.receipt)))


def days_after(day: date) -> Iterator[date]:
    while True:
        day += timedelta(1)
        yield day


def by_hand(term: Term, anchor: date, calendar: Calendar, stops: list[Pause]) -> date | None:
    """Count on the fingers; None where an absence that goes on stops it."""
    left = term.value
    for day in days_after(anchor):
        if any(stop.end is None and stop.start <= day for stop in stops):
            return None
        counts = term.unit is Unit.calendar_days or calendar.works(day)
        left -= counts and not any(stop.covers(day) for stop in stops)
        if not left:
            return day
    raise AssertionError("days never end")


# -- the property
@given(st.integers(1, 60), DAY_UNITS, st.one_of(DAYS, INSTANTS), CALENDARS, pauses())
def test_days_are_counted_as_by_hand_and_again_from_the_receipt(
    value: int, unit: Unit, anchor: date | datetime, calendar: Calendar, stops: list[Pause]
) -> None:
    term = Term(value, unit, "CBC-42")
    counted = count(term, "sent", anchor, calendar, stops)
    start = local_day(anchor) if isinstance(anchor, datetime) else anchor
    expected = by_hand(term, start, calendar, stops)
    assert counted.due == again(counted) == (expected and day_end(expected))
    assert (counted.receipt["left"] is None) is (counted.due is not None)


@given(st.integers(1, 60), st.sampled_from([Unit.weeks, Unit.months, Unit.years]), st.one_of(DAYS, INSTANTS), CALENDARS)
def test_weeks_months_and_years_end_on_their_last_day_whatever_day_that_is(
    value: int, unit: Unit, anchor: date | datetime, calendar: Calendar
) -> None:
    counted = count(Term(value, unit, "NS-25"), "last session held", anchor, calendar)
    start = local_day(anchor) if isinstance(anchor, datetime) else anchor
    ends = {
        Unit.weeks: start + timedelta(weeks=value),
        Unit.months: add_months(start, value),
        Unit.years: add_months(start, 12 * value),
    }
    assert counted.due == again(counted) == day_end(ends[unit])
    assert counted.receipt["skipped"] == []


@given(st.integers(1, 200), INSTANTS, CALENDARS)
def test_hours_are_elapsed_hours(value: int, anchor: datetime, calendar: Calendar) -> None:
    counted = count(Term(value, Unit.hours, "NS-42"), "end of the session", anchor, calendar)
    assert counted.due == again(counted) == anchor + timedelta(hours=value)


@given(DAYS, st.booleans(), CALENDARS)
def test_a_calendar_month_is_owed_once_it_is_not_filled(anchor: date, filled: bool, calendar: Calendar) -> None:  # noqa: FBT001
    counted = slot("CBC-07", "last session held", anchor, calendar, filled=filled)
    assert counted.due is not None
    owed = local_day(counted.due)
    assert again(counted) == counted.due
    assert (owed + timedelta(1)).day == 1
    assert (owed.year * 12 + owed.month) - (anchor.year * 12 + anchor.month) == int(filled)


@given(DAYS, st.integers(1, 60), CALENDARS)
def test_days_of_an_absence_and_named_days_are_found_again(first: date, number: int, calendar: Calendar) -> None:
    absent = absence_day("CBC-47", first, number, calendar)
    assert absent.due == again(absent) == day_end(first + timedelta(number - 1))
    named = on_day("product default", "start date", first, calendar)
    assert named.due == again(named) == day_end(first)


@given(DAYS, st.integers(-100, 500), st.booleans(), CALENDARS)
def test_a_newly_qualified_workers_date_lies_in_the_phase_it_was_counted_with(
    start: date,
    days: int,
    filled: bool,  # noqa: FBT001 - both stories
    calendar: Calendar,
) -> None:
    phases = (
        Phase(start, Term(4, Unit.weeks, "NS-25")),
        Phase(start + timedelta(weeks=6), Term(1, Unit.weeks, "CBC-06")),
        Phase(add_months(start, 6), Term(2, Unit.weeks, "CBC-06")),
        Phase(add_months(start, 12), Term(1, Unit.months, "CBC-06")),
        Phase(None, Term(1, Unit.calendar_months, "CBC-07")),
    )
    last = start + timedelta(days)
    counted = nqsw(start, phases, "last session held", last, calendar, filled=filled)
    assert again(counted) == counted.due
    assert counted.due is not None
    inputs = counted.receipt["inputs"]
    phase = next(p for p in phases if (p.term.value, p.term.unit) == (inputs["value"], inputs["unit"]))
    assert phase.until is None or local_day(counted.due) < phase.until


@given(st.integers(1, 30), DAYS, st.integers(1, 30), DAYS, CALENDARS)
def test_of_two_dates_the_later_or_the_earlier_is_found_again(
    one: int, first: date, other: int, second: date, calendar: Calendar
) -> None:
    dues = (
        count(Term(one, Unit.working_days, "CBC-45"), "cancelled", first, calendar),
        count(Term(other, Unit.weeks, "NS-25"), "last session held", second, calendar),
    )
    later, earlier = later_of(*dues, ("one", "other")), earlier_of(*dues, ("one", "other"))
    assert later.due == again(later) == max(c.due for c in dues if c.due)
    assert earlier.due == again(earlier) == min(c.due for c in dues if c.due)
    nested = earlier_of(later, earlier, ("later", "earlier"))
    assert nested.due == again(nested) == earlier.due
    assert [c["because"] for c in later.receipt["candidates"]] == ["one", "other"]


# -- what a receipt says
@pytest.mark.clause("CBC-42")
def test_a_receipt_says_what_was_counted_from_where_with_what_and_what_did_not_count() -> None:
    stops = [Pause(date(2025, 4, 23), date(2025, 4, 24), "absent (sickness)")]
    anchor = at("2025-04-17T11:30")
    counted = count(Term(5, Unit.working_days, "CBC-42"), "sent", anchor, ENGLAND, stops, "as agreed")
    assert counted.receipt == {
        "rule": "working_days",
        "clause": "CBC-42",
        "anchors": [{"event": "sent", "at": "2025-04-17T11:30:00+01:00"}],
        "inputs": {"value": 5, "unit": "working_days"},
        "calendar": {"id": "england", "version": "1"},
        "counted": "5 working days",
        "candidates": [],
        "chosen": "only",
        "skipped": [
            {"date": "2025-04-18", "because": "Good Friday"},
            {"date": "2025-04-21", "because": "Easter Monday"},
        ],
        "pauses": [{"from": "2025-04-23", "to": "2025-04-24", "because": "absent (sickness)"}],
        "due": "2025-04-30T23:59:59+01:00",
        "left": None,
        "note": "as agreed",
    }


def test_while_paused_there_is_no_date_and_what_is_left_is_given() -> None:
    stops = [Pause(date(2025, 3, 6), None, "absent (sickness)")]
    counted = count(Term(5, Unit.working_days, "CBC-42"), "sent", date(2025, 3, 3), ENGLAND, stops)
    assert (counted.due, counted.receipt["due"], counted.receipt["left"]) == (None, None, "3 working days")
    assert again(counted) is None


@pytest.mark.clause("DAR-13")
def test_calendar_days_run_over_easter_and_working_days_do_not() -> None:
    allocated = date(2025, 4, 17)
    calendar_days = count(Term(3, Unit.calendar_days, "DAR-13"), "allocated", allocated, ENGLAND)
    working_days = count(Term(3, Unit.working_days, "DAR-13"), "allocated", allocated, ENGLAND)
    assert (calendar_days.due, working_days.due) == (day_end(date(2025, 4, 20)), day_end(date(2025, 4, 24)))


@pytest.mark.clause("NS-42", "NS-45")
@pytest.mark.parametrize(
    ("ended", "due"), [("2025-03-28T16:00", "2025-03-30T17:00"), ("2025-10-24T16:00", "2025-10-26T15:00")]
)
def test_forty_eight_hours_are_elapsed_when_the_clocks_change(ended: str, due: str) -> None:
    counted = count(Term(48, Unit.hours, "NS-42"), "end of the session", at(ended), ENGLAND)
    assert counted.due == again(counted) == at(due)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (1, Unit.working_days, "1 working day"),
        (5, Unit.working_days, "5 working days"),
        (48, Unit.hours, "48 hours"),
        (1, Unit.calendar_months, "1 calendar month"),
    ],
)
def test_a_period_is_told_in_words(value: int, unit: Unit, words: str) -> None:
    assert Term(value, unit, "CBC-42").words() == words


# -- what cannot be counted
def test_hours_are_not_counted_from_a_day() -> None:
    with pytest.raises(TypeError, match="from an instant"):
        count(Term(48, Unit.hours, "NS-42"), "opened", date(2025, 3, 3), ENGLAND)


def test_a_paused_date_is_compared_with_nothing() -> None:
    stops = [Pause(date(2025, 3, 3), None, "absent")]
    paused = count(Term(5, Unit.working_days, "CBC-42"), "sent", date(2025, 3, 3), ENGLAND, stops)
    running = on_day("product default", "today", date(2025, 3, 3), ENGLAND)
    for pair in ((paused, running), (running, paused)):
        with pytest.raises(ValueError, match="paused deadline cannot be compared"):
            later_of(*pair, ("one", "other"))


def test_a_receipt_whose_phases_end_too_early_does_not_hold_together() -> None:
    start = date(2025, 1, 6)
    phases = (Phase(date(2025, 2, 17), Term(1, Unit.weeks, "NS-24")), Phase(None, Term(4, Unit.weeks, "NS-24")))
    receipt: dict[str, Any] = {**nqsw(start, phases, "last session held", start, ENGLAND, filled=True).receipt}
    receipt["inputs"] = {**receipt["inputs"], "phases": [{**receipt["inputs"]["phases"][0], "until": "2025-01-10"}]}
    with pytest.raises(ValueError, match="phases end before the date"):
        recompute(receipt)


def test_a_receipt_with_a_rule_that_nobody_has_does_not_hold_together() -> None:
    receipt = {**on_day("product default", "today", date(2025, 3, 3), ENGLAND).receipt, "rule": "moon phases"}
    with pytest.raises(ValueError, match="moon phases"):
        recompute(receipt)
