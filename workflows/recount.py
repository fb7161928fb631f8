"""A council closure that comes or goes: running windows in working days are counted again, from their own receipts.

Whatever is counted in hours, weeks, months or days of an absence does not move, and neither does what was enforced.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from workflows.calendar import Calendar, local_day
from workflows.consequence_payloads import ChangedDay
from workflows.model import Matter
from workflows.receipts import Counted, Pause, Term, count, earlier_of, later_of, on_day
from workflows.turn import Turn
from workflows.vocabulary import PRODUCT_DEFAULT, Status, Unit

#: The move by which a matter learns of a changed day.
RECALENDAR = "recalendar"
#: What only wakes the service, and is nobody's own duty: nobody is told that it moves.
_REMINDERS = frozenset({"remind_by", "climb_by", "confirm_return"})
_MOVING = frozenset({Status.running, Status.paused})
_CHOICES = {"later_of": later_of, "earlier_of": earlier_of}


def moved_by(matter: Matter, day: date, calendar: Calendar) -> dict[str, Counted]:
    """The deadlines that a changed day moves, by name, as they are counted now.

    `calendar` has the change already; `day` is a local date.
    """
    found: dict[str, Counted] = {}
    for deadline in matter.deadlines:
        if deadline.status in _MOVING and _has(deadline.receipt, day):
            counted = recount(deadline.receipt, calendar)
            if (counted.due, counted.receipt["left"]) != (deadline.due, deadline.receipt["left"]):
                found[deadline.name] = counted
    return found


def recount(receipt: Mapping[str, Any], calendar: Calendar) -> Counted:
    """The same deadline under another calendar, from its own anchor, inputs and pauses alone."""
    rule = receipt["rule"]
    if rule in _CHOICES:
        first, second = receipt["candidates"]
        dues = recount(first["receipt"], calendar), recount(second["receipt"], calendar)
        # Under the other days one of the two may not have run out before a pause began.
        paused = next((counted for counted in dues if counted.due is None), None)
        if paused is not None:
            return paused
        return _CHOICES[rule](*dues, (first["because"], second["because"]))
    if rule != Unit.working_days:
        return Counted(_instant(receipt["due"]), {**receipt})  # type: ignore[typeddict-item] # a receipt as it was kept
    inputs, anchor = receipt["inputs"], receipt["anchors"][0]
    return count(
        Term(inputs["value"], Unit(inputs["unit"]), receipt["clause"]),
        anchor["event"],
        _anchor(anchor["at"]),
        calendar,
        [Pause(date.fromisoformat(p["from"]), _day(p["to"]), p["because"]) for p in receipt["pauses"]],
        receipt.get("note", ""),
    )


def anchor_of(receipt: Mapping[str, Any]) -> tuple[str, datetime | date]:
    """The event that a deadline is counted from, and when that was: an instant or a local date."""
    anchor = receipt["anchors"][0]
    return anchor["event"], _anchor(anchor["at"])


def _has(receipt: Mapping[str, Any], day: date) -> bool:
    """Whether a local date lies in a window that is counted in working days; a paused one has no end yet."""
    if receipt["rule"] in _CHOICES:
        return any(_has(candidate["receipt"], day) for candidate in receipt["candidates"])
    anchor, due = _anchor(receipt["anchors"][0]["at"]), _instant(receipt["due"])
    start = local_day(anchor) if isinstance(anchor, datetime) else anchor
    return receipt["rule"] == Unit.working_days and start < day and (due is None or day <= local_day(due))


def _anchor(text: str) -> datetime | date:
    return date.fromisoformat(text) if len(text) == len("2025-01-01") else datetime.fromisoformat(text)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def recalendar(turn: Turn, data: ChangedDay) -> None:
    """Move the deadlines that the changed day moves, each with a receipt of its own, and tell whose they are."""
    moved = moved_by(turn.matter, data.day, turn.facts.calendar)
    turn.note(day=data.day.isoformat(), closed=data.day in turn.facts.calendar.closed)
    for name, counted in moved.items():
        kept = _not_in_the_past(turn, counted)
        turn.set(name, kept)
        if name not in _REMINDERS:
            _tell(turn, data, name, kept)


def _not_in_the_past(turn: Turn, counted: Counted) -> Counted:
    """A closure that is taken back shortens windows, and never to before the end of today."""
    if counted.due is None or counted.due >= turn.now:
        return counted
    today = on_day(PRODUCT_DEFAULT, "a closure was taken back", turn.on, turn.facts.calendar)
    return later_of(counted, today, ("the window without the closure", "never in the past"))


def _tell(turn: Turn, data: ChangedDay, name: str, counted: Counted) -> None:
    what, why = name.replace("_", " "), turn.facts.calendar.closed.get(data.day)
    due, left, day = counted.due, counted.receipt["left"], _said(data.day)
    moved = f"The date “{what}” is {_said(local_day(due))}" if due else f"The date “{what}” waits, with {left} left"
    because = f"{day} is not worked: {why}." if why else f"{day} is worked after all."
    people = (*turn.matter.parties().values(), turn.matter.holder)
    turn.tell(people, "deadline_moved", moved, because)


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
