"""A case's status taking effect: when it is supervised next, and what becomes of the assignment before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from workflows import frequency_review
from workflows.calendar import local_day
from workflows.escalation import carry_lateness
from workflows.frequency_proposal import interval_of
from workflows.intervals import CaseInterval, case_due
from workflows.model import Facts, Matter, Selector
from workflows.receipts import Counted, count, later_of, on_day
from workflows.renewal import DUTY, event_of, last_supervised, never_backwards
from workflows.table import Guard
from workflows.turn import Turn
from workflows.vocabulary import PRODUCT_DEFAULT, Status, Workflow

LATE = ("overdue", "with_line_manager", "with_senior_manager")
RUNNING = ("on_track", *LATE)


# -- the assignment before
def same_case(matter: Matter, _data: Any, _facts: Facts) -> Iterable[Selector]:
    """The other assignments of the case; those that are over as well, for a case that is opened again."""
    return (Selector(Workflow.frequency, case=matter.case, closed_too=True),)


def _earlier(turn: Turn) -> Matter | None:
    """The assignment that runs now, if there is one."""
    others = [m for m in turn.facts.related if m.id != turn.matter.id and m.state in RUNNING]
    return max(others, key=lambda m: (m.opened_at, m.id), default=None)


def _ended(turn: Turn) -> Matter | None:
    """The assignment that ran until the case was closed, where the case is opened again."""
    over = [m for m in turn.facts.related if m.id != turn.matter.id and m.state == "ended" and m.closed_at]
    return max(over, key=lambda m: (m.closed_at, "last_supervised_on" in m.data, m.id), default=None)


def earlier_is(state: str) -> Guard:
    """A guard: the assignment that runs now is in this state."""

    def earlier_is(turn: Turn) -> str | None:
        earlier = _earlier(turn)
        return None if earlier is not None and earlier.state == state else f"The earlier one is not {state}."

    return earlier_is


def supersede(turn: Turn, which: Callable[[Matter], bool]) -> None:
    """Take the place of other assignments of the case."""
    for other in turn.facts.related:
        if other.id != turn.matter.id and other.closed_at is None and which(other):
            turn.then(Selector(Workflow.frequency, id=other.id), "supersede", by=turn.matter.id)


# -- taking effect
def take_effect(turn: Turn, _data: Any) -> None:
    """Start the duty under the new status, and let it take the place of the one before."""
    earlier, interval = _earlier(turn), interval_of(turn)
    _keep_past(turn, earlier or _ended(turn))
    if earlier is None:
        _keep_lateness(turn, _ended(turn))
    turn.keep(assigned_on=turn.on.isoformat())
    _start_duty(turn, interval, earlier)
    frequency_review.start(turn, earlier)
    supersede(turn, lambda _: True)
    knows = turn.matter.data["opened_by"] if turn.actor.is_system else turn.actor.ref
    people = {turn.matter.supervisee, turn.supervisor} - {knows}
    subject = f"Case {turn.matter.case}: supervised every {turn.data['every']}"
    turn.tell(sorted(filter(None, people)), "frequency_set", subject)


def _keep_past(turn: Turn, before: Matter | None) -> None:
    """When the case was supervised last, its breaches and its first allocation go on under a new status.

    A case that was closed and is then allocated anew has none of them: it begins with that allocation (CBC-16).
    """
    data, anew = before.data if before else {}, _allocated_anew(turn, before)
    first, since = data.get("first_allocated_on"), data.get("allocated_anew_on")
    if anew is not None:
        first = since = anew.isoformat()
    days = (data.get("last_supervised_on"), _listed(turn))
    last = next((day for day in days if day and day >= (since or day)), None)
    turn.keep(last_supervised_on=last, breaches=0 if anew else data.get("breaches", 0))
    turn.keep(**{name: day for name, day in (("first_allocated_on", first), ("allocated_anew_on", since)) if day})


def _keep_lateness(turn: Turn, ended: Matter | None) -> None:
    """A case that was late when it was closed is late since then: opened again, it is no second breach."""
    missed, last = ended.missed(DUTY) if ended else None, last_supervised(turn)
    if ended is None or missed is None or missed.due is None or _allocated_anew(turn, ended):
        return
    if last is None or local_day(missed.due) >= last:
        carry_lateness(turn, ended, DUTY)


def _listed(turn: Turn) -> str | None:
    listed = turn.facts.cases[turn.matter.case or ""].last_supervised_on
    return listed.isoformat() if listed else None


def _allocated_anew(turn: Turn, before: Matter | None) -> date | None:
    """The day of a new allocation, where the list gives one to a case that was closed."""
    allocated = turn.facts.cases[turn.matter.case or ""].allocated_on
    closed = local_day(before.closed_at) if before and before.closed_at else None
    return allocated if closed and allocated and allocated >= closed else None


def _start_duty(turn: Turn, interval: CaseInterval, earlier: Matter | None) -> None:
    """Whatever makes the new date earlier than the one before, an interval or another first one, makes nobody late."""
    before = earlier and (earlier.live(DUTY) or earlier.missed(DUTY))
    if before and before.status is Status.awaiting_report:
        turn.wait_on(before)
        return
    last = last_supervised(turn)
    counted = due = next_due(turn, interval, last)
    if before:
        due = never_backwards(turn, before.due, counted)
    elif earlier is None and _ended(turn):
        due = _never_while_closed(turn, counted)
    turn.set(DUTY, due)
    if due.due == counted.due:
        start_target(turn, interval, last)


def _never_while_closed(turn: Turn, due: Counted) -> Counted:
    """Nobody is late for what came due while the case was closed."""
    if due.due is None or due.due >= turn.now:
        return due
    today = on_day(PRODUCT_DEFAULT, "opened again", turn.on, turn.facts.calendar)
    return later_of(today, due, ("the day on which the case is opened again", "its date, had it stayed open"))


def on_its_rung(turn: Turn, data: Any) -> None:
    """A new status does not wipe out a lateness that has gone up: same rung, holder and ladder (workflows.md)."""
    take_effect(turn, data)
    earlier = _earlier(turn)
    assert earlier is not None  # noqa: S101  the row was picked by the state of the earlier one
    turn.close(DUTY, Status.superseded)
    turn.columns["ladder"] = earlier.ladder
    carry_lateness(turn, earlier, DUTY)
    turn.hold(earlier.holder)


# -- counting
def next_due(turn: Turn, interval: CaseInterval, last: date | None) -> Counted:
    """From the last supervision; without one from allocation, or from the day the organisation went live if later."""
    calendar, row = turn.facts.calendar, interval.row
    if last is not None:
        limit = row.then_limit.term if row and row.then_limit else None
        event = event_of(turn, last)
        return count(limit, event, last, calendar) if limit else case_due(interval, event, last, calendar)
    event, anchor = _allocation(turn)
    if row and row.first_within:
        return count(row.first_within.term, event, anchor, calendar)
    return case_due(interval, event, anchor, calendar)


def _allocation(turn: Turn) -> tuple[str, date]:
    """A transfer is no first allocation, whatever day of it the list has then (CBC-16, E21)."""
    listed, live = turn.facts.cases[turn.matter.case or ""].allocated_on, turn.facts.live_from
    known = turn.data.get("first_allocated_on")
    first = date.fromisoformat(known) if known else None
    allocated = min(filter(None, (first, listed)), default=None)
    return ("allocated", allocated) if allocated and allocated >= live else ("organisation live", live)


def start_target(turn: Turn, interval: CaseInterval, last: date | None) -> None:
    """The earlier of the policy's two intervals is a target, of which both are reminded (CBC-16)."""
    if last is not None and interval.row and interval.row.then_target:
        turn.set("target_by", turn.count(interval.row.then_target.term, "last session held", last))
