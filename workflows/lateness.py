"""When a matter owes something, and since when it is overdue: worked out from its state and its deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache

from workflows.escalation import LATE, LATE_SINCE, REMINDERS
from workflows.intervals import first_of_run, follows_empty_month
from workflows.model import Deadline, Matter
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Status, Workflow

#: What wakes people, and is no duty of anybody's.
TIMERS = frozenset({*REMINDERS, "review_reminder", "confirm_return"})


def overdue_since(matter: Matter) -> datetime | None:
    """The last instant at which what is still owed would have been in time; None while nothing is overdue.

    A deadline that was missed counts while the state is one in which it acts, or in which somebody above was asked,
    and while no later one of its name runs; of months without a session the first counts, while the next one runs.
    So does what was missed on a matter whose place this one has taken.
    """
    if matter.closed_at is not None:
        return None
    owed = _owed(matter)
    carried = (datetime.fromisoformat(at) for name, at in matter.data.get(LATE_SINCE, {}).items() if name in owed)
    missed = (one.due for one in _missed(matter, owed) if one.due is not None)
    return min((*missed, *carried), default=None)


def _owed(matter: Matter) -> frozenset[str]:
    """The duties that may be late, of which none runs again."""
    runs_again = {d.name for d in matter.deadlines if d.live and not _is_late(matter, d)}
    return _owed_in(matter.workflow, matter.state) - runs_again


def _missed(matter: Matter, owed: frozenset[str]) -> Iterator[Deadline]:
    """What is still owed of each name."""
    missed = [d for d in matter.deadlines if d.status is Status.missed and d.name in owed]
    for name in {deadline.name for deadline in missed}:
        of_name = [deadline for deadline in missed if deadline.name == name]
        yield of_name[first_of_run([deadline.receipt for deadline in of_name])]


def _is_late(matter: Matter, live: Deadline) -> bool:
    """Whether what runs is the duty of another month, beside those that were missed."""
    return matter.state in LATE and follows_empty_month(live.receipt)


def duty_due(matter: Matter) -> datetime | None:
    """The last instant in time of the next thing that is owed; where nothing runs, the one since which it is overdue.

    None for what is over, and while nothing is owed.
    """
    if matter.closed_at is not None:
        return None
    live = [d for d in matter.deadlines if d.live and d.name not in TIMERS and not _is_late(matter, d)]
    running = (d.due for d in live if d.due is not None)
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
