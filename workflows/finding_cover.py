"""A supervisor is away for long, or for good: who is asked to find cover, and when everybody has somebody."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from workflows import cover, escalation
from workflows.consequence_payloads import Passed
from workflows.cover import lent, uncovered, unsettled
from workflows.long_absence import is_for_good, line_above
from workflows.payloads import AssignCover, Reason
from workflows.table import Move
from workflows.turn import Turn
from workflows.vocabulary import Status

#: What whoever is asked reads.
SUBJECT = "cover is needed for a supervisor who is away"


# -- guards
def has_supervisees(turn: Turn) -> str | None:
    """A guard: whether anybody needs cover."""
    return None if uncovered(turn) else "Nobody is supervised by this person."


def has_none(turn: Turn) -> str | None:
    """A guard: whether nobody needs cover."""
    return "Somebody is supervised by this person." if uncovered(turn) else None


def covers_everybody(turn: Turn, data: AssignCover) -> str | None:
    """Whether nobody is left with what is assigned now."""
    left = set(uncovered(turn)) - set(data.cover)
    return f"Not yet covered: {', '.join(sorted(left))}." if left else None


def nothing_left(turn: Turn) -> str | None:
    """A guard: whether everybody has another supervisor on the list, so that a change for good is over."""
    done = is_for_good(turn) and not uncovered(turn) and not lent(turn) and not unsettled(turn)
    return None if done else "Somebody’s supervisor is still to be settled."


def state_for_good(turn: Turn) -> str:
    """Where a change of supervisors for good begins: with whom it is still to be found for."""
    if uncovered(turn):
        return "awaiting_cover"
    return "covered" if lent(turn) else "permanent"


# -- asking
def ask_for_cover(turn: Turn) -> None:
    """The line manager gets the plan, and the supervisees learn whom to turn to."""
    turn.keep(plan=cover.plan(turn), cover=turn.data.get("cover", {}))
    turn.close("long_absence", Status.superseded)
    turn.hold(None)
    escalation.climb(turn, line_above(turn), SUBJECT)
    manager = turn.name(turn.holder) if turn.holder else "the service’s administrators"
    says = f"{manager} decides who supervises you. Until then turn to {manager}."
    turn.tell(uncovered(turn), "supervisor_away", _what_happens(turn), says)
    _time_cover(turn)


def _what_happens(turn: Turn) -> str:
    name = turn.name(turn.matter.person)
    return f"{name} no longer supervises you" if is_for_good(turn) else f"{name} cannot supervise you for now"


def _time_cover(turn: Turn) -> None:
    turn.set("cover_by", turn.count(turn.facts.policy.absence.cover_by.term, "cover is needed", turn.window_start))


def go_up(turn: Turn, _data: Any) -> None:
    """Ask the next manager up."""
    escalation.climb(turn, turn.ladder or line_above(turn), SUBJECT)


def stay_asked(turn: Turn, data: Any) -> None:
    """Nobody is left above: whoever was asked is reminded, and somebody is looked for again."""
    go_up(turn, data)
    turn.tell(turn.holder, "reminder", f"Reminder: {SUBJECT}")
    _time_cover(turn)


def pass_on(states: tuple[str, ...]) -> Move:
    """The row by which the question goes to somebody else, who has the whole time for it."""
    row = escalation.passes_on(states, SUBJECT)

    def does(turn: Turn, data: Passed) -> None:
        row.does(turn, data)
        if turn.live("cover_by") is not None:
            _time_cover(turn)

    return replace(row, does=does)


# -- finding
def assign(turn: Turn, data: AssignCover) -> None:
    """Lend everybody who is named to whoever covers."""
    cover.cover_everybody(turn, data.cover)
    turn.clause = turn.facts.policy.absence.long_clause


def covered(turn: Turn) -> None:
    """Cover for an absence waits for nobody but the return; cover for good is to be made so."""
    turn.meet("cover_by")
    if not is_for_good(turn):
        turn.hold(None)
    elif turn.holder is None:
        go_up(turn, None)


def to_be_finished(turn: Turn) -> tuple[str | None, ...] | None:
    """Who is reminded that cover for good is to be made permanent."""
    return (turn.holder,) if is_for_good(turn) else None


def finish(turn: Turn, data: Reason) -> None:
    """Whoever covers becomes the supervisor; nothing goes back on a return."""
    turn.write(reason=data.reason)
    cover.make_permanent(turn)
