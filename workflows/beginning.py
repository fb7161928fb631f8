"""The first day of an absence: one that is known ahead takes effect then, and takes the place of an earlier one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from workflows.long_absence import DAY, first_day, has_begun, maybe_day, watch_length, watch_return
from workflows.model import Matter, Selector
from workflows.presence import announce_absence
from workflows.receipts import on_day
from workflows.turn import Turn
from workflows.vocabulary import PRODUCT_DEFAULT, Workflow


def start(turn: Turn) -> None:
    """Let an absence take effect, now or on its first day."""
    if has_begun(turn):
        _continue_earlier(turn)
        announce_absence(turn)
    else:
        eve = first_day(turn) - DAY
        turn.set("begins", on_day(PRODUCT_DEFAULT, "first day absent", eve, turn.facts.calendar))
    watch_length(turn)
    watch_return(turn)


def open_absences(turn: Turn) -> Iterable[Matter]:
    """The person's other absences that go on or are still to come."""
    found = (m for m in turn.facts.related if m.workflow is Workflow.absence and m.id != turn.matter.id)
    return (m for m in found if m.kind is None and m.closed_at is None)


def _continue_earlier(turn: Turn) -> None:
    """Away for another reason from now on: the earlier absence ends, and nobody is back."""
    first = first_day(turn)
    for other in open_absences(turn):
        if other.state == "reported" and date.fromisoformat(other.data["first_day"]) < first:
            turn.then(Selector(Workflow.absence, id=other.id), "continue", last_day=first - DAY)


def not_recorded_yet(turn: Turn) -> str | None:
    """One absence at a time; a later one for another reason takes its place when it begins."""
    clashes = (other for other in open_absences(turn) if _overlap(turn, other) and not _gives_way(turn, other))
    return "An absence of this person is open already: amend it instead." if any(clashes) else None


def _overlap(turn: Turn, other: Matter) -> bool:
    first, last = first_day(turn), _last_expected(turn, turn.data)
    return first <= _last_expected(turn, other.data) and date.fromisoformat(other.data["first_day"]) <= last


def _last_expected(turn: Turn, data: Mapping[str, str | None]) -> date:
    """The day before the expected return; nobody is expected back who should have been by now."""
    expected = maybe_day(data.get("expected_return"))
    return expected - DAY if expected is not None and expected > turn.on else date.max


def _gives_way(turn: Turn, other: Matter) -> bool:
    """Whether the other one ends where this begins, may be over by then, or is still to come and begins where it ends.

    One for which cover is arranged does not end for another reason to be away: it is amended.
    """
    first, others = first_day(turn), date.fromisoformat(other.data["first_day"])
    if others > first:
        return others > turn.on
    follows = others < first and other.data["cause"] != turn.data["cause"]
    return follows and (other.state == "reported" or first > turn.on)
