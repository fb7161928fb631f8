"""When a matter owes something, and since when it is overdue: worked out from its state and its deadlines."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from workflows.escalation import LATE, REMINDERS
from workflows.model import Matter
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Status, Workflow

#: What wakes people, and is no duty of anybody's.
TIMERS = frozenset({*REMINDERS, "review_reminder", "confirm_return"})


def overdue_since(matter: Matter) -> datetime | None:
    """The last instant at which what is still owed would have been in time; None while nothing is overdue.

    A deadline that was missed counts while the state is one in which it acts, or in which somebody above was asked,
    and while no later one of its name runs.
    """
    if matter.closed_at is not None:
        return None
    runs_again = {deadline.name for deadline in matter.deadlines if deadline.live}
    owed = _owed_in(matter.workflow, matter.state)
    missed = {
        deadline.name: deadline.due
        for deadline in matter.deadlines
        if deadline.status is Status.missed and deadline.name in owed and deadline.name not in runs_again
    }
    return min((due for due in missed.values() if due is not None), default=None)


def duty_due(matter: Matter) -> datetime | None:
    """The last instant in time of the next thing that is owed; where nothing runs, the one since which it is overdue.

    None for what is over, and while nothing is owed.
    """
    if matter.closed_at is not None:
        return None
    running = (d.due for d in matter.deadlines if d.live and d.due is not None and d.name not in TIMERS)
    return min(running, default=overdue_since(matter))


@cache
def _owed_in(workflow: Workflow, state: str) -> frozenset[str]:
    """The deadlines that somebody may be late for in a state; being reminded is no duty."""
    definition = DEFINITIONS[workflow]
    duties = definition.deadlines.keys() - REMINDERS.keys()
    if state in LATE:
        return frozenset(duties)
    return frozenset(
        name
        for name in duties
        if any(state in move.source for move in definition.by_trigger[definition.enforces[name]])
    )
