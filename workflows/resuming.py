"""A list that for a while names nobody who supervises somebody: who hears of it, and what goes on afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workflows.calendar import local_day
from workflows.directory import Person
from workflows.escalation import LATE, LATE_SINCE
from workflows.hr_queue import colleagues
from workflows.intervals import first_of_run
from workflows.model import Facts, Matter, Selector
from workflows.receipts import Counted, iso, later_of, on_day
from workflows.renewal import DUTY
from workflows.turn import Turn
from workflows.vocabulary import Status, Workflow

#: Where an employment keeps, by kind, the supervision that was owed when the list dropped the supervisor.
OWED = "owed"
#: Where a duty keeps from what it was counted before that.
RESUMED = "resumed"


# -- nobody supervises
def is_dropped(before: str | None, person: Person) -> bool:
    """Whether the list had a supervisor for somebody and has none any more."""
    return bool(before) and person.supervisor is None


def owed_looks_at(matter: Matter, _data: Any, facts: Facts) -> Iterable[Selector]:
    """What is owed to somebody in post whose supervisor the list drops."""
    person = facts.directory.get(matter.person)
    if person and is_dropped(matter.data.get("supervisor"), person) and person.in_post(local_day(facts.clock)):
        yield Selector(Workflow.entitlement, supervisee=person.ref)


def keep_what_is_owed(turn: Turn) -> None:
    """Keep from what each duty was counted, and since when it was late: it goes on once somebody supervises again."""
    owed = (matter for matter in turn.facts.related if matter.workflow is Workflow.entitlement)
    turn.keep(**{OWED: {matter.kind: _goes_on(matter) for matter in owed if matter.closed_at is None}})


def _goes_on(duty: Matter) -> dict[str, Any]:
    data = duty.data
    return {
        RESUMED: data.get(RESUMED) or {"event": data["event"], "since": data["since"]},
        "last_supervised_on": data.get("last_supervised_on"),
        "breaches": data.get("breaches", 0),
        LATE_SINCE: _late_since(duty),
    }


def _late_since(duty: Matter) -> dict[str, str]:
    missed = [d for d in duty.deadlines if d.name == DUTY and d.status is Status.missed and d.due is not None]
    if duty.data.get(LATE_SINCE) or duty.state not in LATE or not missed:
        return dict(duty.data.get(LATE_SINCE, {}))
    first = missed[first_of_run([d.receipt for d in missed])].due
    return {DUTY: iso(first)} if first else {}


def say_that_nobody_supervises(turn: Turn, person: Person) -> None:
    """Whoever can have the list mended hears of it; at the very top, with nobody above, it may well be right (PD)."""
    subject = f"The people’s list no longer names who supervises {turn.name(person.ref)}"
    says = "Nothing is owed to them until it names somebody. If that is not meant, have the list corrected."
    turn.tell((person.line_manager, *colleagues(turn)), "no_supervisor", subject, says)
    if person.line_manager:
        turn.incident("no_supervisor", f"{subject}, whom {turn.name(person.line_manager)} manages.")


# -- somebody supervises again
def take_up_what_is_owed(turn: Turn) -> Mapping[str, Mapping[str, Any]]:
    """What goes on in the same employment, by kind; it is kept no longer."""
    owed: Mapping[str, Mapping[str, Any]] = turn.data.get(OWED) or {}
    if owed:
        turn.keep(**{OWED: {}})
    return owed


def not_before_today(turn: Turn, due: Counted) -> Counted:
    """What fell due while nobody supervised is due today at the earliest: no new supervisor is late at once."""
    if RESUMED not in turn.data or due.due is None or local_day(due.due) >= turn.on:
        return due
    today = on_day(due.receipt["clause"], "supervised again", turn.on, turn.facts.calendar)
    return later_of(today, due, ("the day on which somebody supervises again", "the interval that went on"))
