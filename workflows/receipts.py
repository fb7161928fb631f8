"""Deadlines that explain themselves: every due instant comes with a receipt, and a receipt alone yields it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypedDict

from msgspec import Struct

from workflows.calendar import LONDON, Calendar, add_months, day_end, local_day, month_end
from workflows.vocabulary import Unit

_DAY = timedelta(days=1)
_SATURDAY = 5
_UNIT_WORDS = {
    Unit.working_days: "working day",
    Unit.calendar_days: "day",
    Unit.hours: "hour",
    Unit.weeks: "week",
    Unit.months: "month",
    Unit.years: "year",
    Unit.calendar_months: "calendar month",
}


class Receipt(TypedDict, total=False):
    """Everything that an outsider needs to compute `due` again. Dates and instants are ISO 8601 text."""

    rule: str
    clause: str
    anchors: list[dict[str, str]]
    inputs: dict[str, Any]
    calendar: dict[str, str]
    counted: str
    candidates: list[dict[str, Any]]
    chosen: str
    skipped: list[dict[str, str]]
    pauses: list[dict[str, str | None]]
    due: str | None
    left: str | None
    note: str


class Term(Struct, frozen=True):
    """A period as a policy gives it, with the clause that gives it or `product default`."""

    value: int
    unit: Unit
    clause: str

    def words(self, value: int | None = None) -> str:
        """The period for people: "5 working days"; `value` says another count of the same unit."""
        number = self.value if value is None else value
        return f"{number} {_UNIT_WORDS[self.unit]}{'' if number == 1 else 's'}"


class Pause(Struct, frozen=True):
    """Local dates, both included, on which a window does not run; an open end is still going on."""

    start: date
    end: date | None
    because: str

    def covers(self, day: date) -> bool:
        """Whether the window stands still on this local date."""
        return self.start <= day and (self.end is None or day <= self.end)


class Counted(Struct, frozen=True):
    """A due instant (None while paused) and the receipt that explains it."""

    due: datetime | None
    receipt: Receipt


def iso(at: datetime | date) -> str:
    """A date as it is; an instant with London's offset, the way that people and receipts read it."""
    return at.astimezone(LONDON).isoformat() if isinstance(at, datetime) else at.isoformat()


def _as_day(at: datetime | date) -> date:
    return local_day(at) if isinstance(at, datetime) else at


def count(
    term: Term, event: str, anchor: datetime | date, calendar: Calendar, pauses: Sequence[Pause] = (), note: str = ""
) -> Counted:
    """The deadline of `term` counted from an event.

    `anchor` is an instant or a local date. Pauses act on windows in working or calendar days only. Weeks, months
    and years end on their last day even where nobody works on it: they are maximum gaps.
    """
    if term.unit in (Unit.working_days, Unit.calendar_days):
        return _count_days(term, event, anchor, calendar, pauses, note)
    due = _end_of(term.unit, term.value, anchor, filled=True)
    return Counted(due, _receipt(term, event, anchor, calendar, due, note))


def slot(clause: str, event: str, anchor: datetime | date, calendar: Calendar, *, filled: bool) -> Counted:
    """One session in each calendar month (CBC-07): an anchor that fills its month owes the next one's, else its own."""
    term = Term(1, Unit.calendar_months, clause)
    due = _end_of(term.unit, 1, anchor, filled=filled)
    receipt = _receipt(term, event, anchor, calendar, due)
    receipt["inputs"]["filled"] = filled
    return Counted(due, receipt)


def on_day(clause: str, event: str, day: date, calendar: Calendar, note: str = "") -> Counted:
    """A deadline at the end of a local date that an event names."""
    due = day_end(day)
    receipt = _receipt(Term(0, Unit.calendar_days, clause), event, day, calendar, due, note)
    receipt["rule"], receipt["counted"] = "on_day", f"the end of {day.isoformat()}"
    return Counted(due, receipt)


def absence_day(clause: str, first_day: date, number: int, calendar: Calendar) -> Counted:
    """The end of the n-th day of an absence; its first day is day 1 and every day counts (matrix section 0)."""
    due = day_end(first_day + _DAY * (number - 1))
    receipt = _receipt(Term(number, Unit.calendar_days, clause), "first day absent", first_day, calendar, due)
    receipt["rule"], receipt["counted"] = "absence_day", f"day {number} of the absence"
    return Counted(due, receipt)


def later_of(first: Counted, second: Counted, because: tuple[str, str]) -> Counted:
    """The later of two deadlines, with both kept in the receipt."""
    return _choose("later", first, second, because)


def earlier_of(first: Counted, second: Counted, because: tuple[str, str]) -> Counted:
    """The earlier of two deadlines, with both kept in the receipt (DAR-20)."""
    return _choose("earlier", first, second, because)


def _choose(which: str, first: Counted, second: Counted, because: tuple[str, str]) -> Counted:
    if first.due is None or second.due is None:
        raise ValueError("a paused deadline cannot be compared")
    pick = max if which == "later" else min
    chosen = pick((first, second), key=lambda c: c.due)  # type: ignore[arg-type, return-value]
    receipt: Receipt = {**chosen.receipt, "rule": f"{which}_of", "chosen": which}
    receipt["candidates"] = [
        {"due": c.receipt["due"], "because": why, "receipt": c.receipt}
        for c, why in zip((first, second), because, strict=True)
    ]
    return Counted(chosen.due, receipt)


class Phase(Struct, frozen=True):
    """One phase of a newly qualified worker's year: runs up to, and not on, the local date `until`."""

    until: date | None
    term: Term


def nqsw(start: date, phases: Sequence[Phase], event: str, last: date, calendar: Calendar, *, filled: bool) -> Counted:
    """Due by phase: the interval of the phase in which the due date itself falls (matrix section 0, E13, E14).

    Counting starts with the phase of `last`; a due date past that phase's end is counted again with the next one, and
    is then on no day before that phase begins: a shorter interval makes nobody late backwards.
    """
    trials = _trials(phases, last, filled=filled)
    phase, due = trials[-1]
    receipt = _receipt(phase.term, event, last, calendar, due)
    receipt["rule"] = "nqsw"
    receipt["inputs"] |= {"start": iso(start), "filled": filled, "phases": [_phase_row(p) for p in phases]}
    if len(trials) > 1:
        receipt["chosen"] = "later"
        receipt["candidates"] = [{"due": iso(d), "because": p.term.words()} for p, d in trials]
    return Counted(due, receipt)


def _trials(phases: Sequence[Phase], last: date, *, filled: bool) -> list[tuple[Phase, datetime]]:
    """The date by each phase from that of `last` on, up to the first that ends after its date."""
    trials: list[tuple[Phase, datetime]] = []
    begins = last
    for phase in phases:
        if phase.until is None or last < phase.until:
            due = max(_end_of(phase.term.unit, phase.term.value, last, filled=filled), day_end(begins))
            trials.append((phase, due))
            if phase.until is None or local_day(due) < phase.until:
                return trials
            begins = phase.until
    raise ValueError("the phases end before the date that is counted with them")


def _phase_row(phase: Phase) -> dict[str, Any]:
    until = iso(phase.until) if phase.until else None
    return {"until": until, "value": phase.term.value, "unit": phase.term.unit.value, "clause": phase.term.clause}


def _end_of(unit: Unit, value: int, anchor: datetime | date, *, filled: bool) -> datetime:
    """The end of a period that is not counted day by day; only calendar months ask whether the anchor fills its own."""
    if unit is Unit.hours:
        if not isinstance(anchor, datetime):
            raise TypeError("hours are counted from an instant")
        return anchor.astimezone(UTC) + timedelta(hours=value)
    day = _as_day(anchor)
    match unit:
        case Unit.weeks:
            return day_end(day + 7 * value * _DAY)
        case Unit.months:
            return day_end(add_months(day, value))
        case Unit.years:
            return day_end(add_months(day, 12 * value))
        case _:
            return day_end(month_end(day, value if filled else 0))


def _count_days(
    term: Term, event: str, anchor: datetime | date, calendar: Calendar, pauses: Sequence[Pause], note: str
) -> Counted:
    day, left, skipped = _as_day(anchor), term.value, []
    openended = next((p for p in pauses if p.end is None), None)
    while left:
        day += _DAY
        if openended and day >= openended.start:
            break
        if any(p.covers(day) for p in pauses):
            continue
        if term.unit is Unit.working_days and day in calendar.closed and day.weekday() < _SATURDAY:
            skipped.append({"date": day.isoformat(), "because": calendar.closed[day]})
        elif term.unit is Unit.calendar_days or day.weekday() < _SATURDAY:
            left -= 1
    due = None if left else day_end(day)
    receipt = _receipt(term, event, anchor, calendar, due, note)
    receipt["skipped"] = skipped
    receipt["pauses"] = [
        {"from": p.start.isoformat(), "to": p.end.isoformat() if p.end else None, "because": p.because} for p in pauses
    ]
    receipt["left"] = term.words(left) if due is None else None
    return Counted(due, receipt)


def _receipt(
    term: Term, event: str, anchor: datetime | date, calendar: Calendar, due: datetime | None, note: str = ""
) -> Receipt:
    shown = iso(due) if due else None
    receipt: Receipt = {
        "rule": term.unit.value,
        "clause": term.clause,
        "anchors": [{"event": event, "at": iso(anchor)}],
        "inputs": {"value": term.value, "unit": term.unit.value},
        "calendar": {"id": calendar.id, "version": calendar.version},
        "counted": term.words(),
        "candidates": [],
        "chosen": "only",
        "skipped": [],
        "pauses": [],
        "due": shown,
        "left": None,
    }
    if note:
        receipt["note"] = note
    return receipt


def recompute(receipt: Mapping[str, Any]) -> datetime | None:
    """The due instant from nothing but the receipt; None while it is paused.

    Raises ValueError where the receipt's own candidates or rule do not hold together.
    """
    rule = receipt["rule"]
    if rule in ("later_of", "earlier_of"):
        dues = [due for c in receipt["candidates"] if (due := recompute(c["receipt"])) is not None]
        return max(dues) if rule == "later_of" else min(dues)
    anchor = _parse(receipt["anchors"][0]["at"])
    inputs = receipt["inputs"]
    match rule:
        case "on_day":
            return day_end(_as_day(anchor))
        case "absence_day":
            return day_end(_as_day(anchor) + _DAY * (inputs["value"] - 1))
        case "nqsw":
            return _recompute_nqsw(_as_day(anchor), inputs)
        case Unit.working_days | Unit.calendar_days:
            return _recount_days(receipt, _as_day(anchor))
        case _:
            return _end_of(Unit(rule), inputs["value"], anchor, filled=inputs.get("filled", True))


def _parse(text: str) -> datetime | date:
    return date.fromisoformat(text) if len(text) == len("2025-01-01") else datetime.fromisoformat(text)


def _recompute_nqsw(last: date, inputs: Mapping[str, Any]) -> datetime:
    phases = [
        Phase(p["until"] and date.fromisoformat(p["until"]), Term(p["value"], Unit(p["unit"]), p["clause"]))
        for p in inputs["phases"]
    ]
    return _trials(phases, last, filled=inputs["filled"])[-1][1]


def _recount_days(receipt: Mapping[str, Any], day: date) -> datetime | None:
    skipped = {date.fromisoformat(s["date"]) for s in receipt["skipped"]}
    pauses = [
        Pause(date.fromisoformat(p["from"]), p["to"] and date.fromisoformat(p["to"]), p["because"])
        for p in receipt["pauses"]
    ]
    if any(p.end is None for p in pauses) and receipt["left"] is not None:
        return None
    left = receipt["inputs"]["value"]
    weekends_count = receipt["rule"] == Unit.calendar_days
    while left:
        day += _DAY
        worked = weekends_count or (day.weekday() < _SATURDAY and day not in skipped)
        left -= worked and not _covered(pauses, day)
    return day_end(day)


def _covered(pauses: Iterable[Pause], day: date) -> bool:
    return any(p.covers(day) for p in pauses)
