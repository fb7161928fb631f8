"""Oversight: what a manager puts on file after a case was allocated or went to another worker (DAR-13)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from workflows import escalation
from workflows.consequence_payloads import Closing, Superseding
from workflows.escalation import REMINDERS, RUNGS, SYSTEM
from workflows.model import Facts, Opening, Selector
from workflows.oversight_payloads import RecordOversight
from workflows.policy_parts import Period
from workflows.receipts import Counted, later_of, on_day
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.takeover import reassigned
from workflows.turn import Turn
from workflows.vocabulary import Role, Workflow

DUTY = "record_by"
_MANAGERS = frozenset({Role.supervisor, Role.line_manager, Role.senior_manager, Role.holder})
_DUE, _LATE = ("due",), ("overdue", *RUNGS)
_OPEN = (*_DUE, *_LATE)
_SUBJECT = "the oversight of a case is not on file yet"


def _rule(turn: Turn) -> Period:
    rules = turn.facts.policy.oversight
    assert rules is not None  # noqa: S101  without the rule no oversight is opened
    return rules.record_by


# -- beginning
def _same_case(opening: Opening, _facts: Facts) -> Iterable[Selector]:
    return (Selector(Workflow.oversight, case=opening.case),)


def _begin(turn: Turn) -> None:
    """A new allocation has a window of its own, whatever became of the one before."""
    turn.clause = _rule(turn).clause
    for earlier in turn.facts.related:
        turn.then(Selector(Workflow.oversight, id=earlier.id), "supersede", by=turn.matter.id)
    since = date.fromisoformat(turn.data["since"])
    turn.set(DUTY, turn.count(_rule(turn).term, turn.data["event"], since))


def _manager_is_asked(turn: Turn) -> None:
    """The worker's supervisor is to record it; where nobody is in post as that, the first manager above who is."""
    directory = turn.facts.directory
    line = (turn.supervisor, *directory.line(turn.supervisor or turn.matter.supervisee))
    asked = next((ref for ref in line if ref and directory.in_post(ref, turn.on)), None)
    if asked is None:
        turn.incident("stranded", f"Nobody is there to record the oversight of case {turn.matter.case}.")
    turn.hold(asked)
    if not turn.matter.state:
        turn.tell(asked, "oversight_due", f"Case {turn.matter.case}: your oversight is to be recorded")


# -- recording
def _record(turn: Turn, data: RecordOversight) -> None:
    turn.clause = _rule(turn).clause
    turn.meet(DUTY)
    turn.keep(recorded_by=turn.actor.ref)
    turn.write(oversight=data.oversight, allocation=data.allocation)
    asked = turn.ladder.asked if turn.ladder else ()
    people = (p for p in (turn.matter.supervisee, turn.supervisor, *asked) if p != turn.actor.ref)
    turn.tell(people, "oversight_recorded", f"Case {turn.matter.case}: the oversight is on file")


# -- being late
def _expire(turn: Turn, _data: Any) -> None:
    turn.clause = _rule(turn).clause
    above = turn.facts.directory.manager_of(turn.holder)
    subject = f"The oversight of case {turn.matter.case} was not recorded in time"
    turn.tell((turn.holder, above), "overdue", subject)


# -- facts learned late
def _counts_from_the_list(turn: Turn) -> str | None:
    """Whether the list's day of allocation is what the window runs from: a transfer has a day of its own."""
    if turn.matter.data["event"] == "allocated" and _allocated_on(turn) is not None:
        return None
    return "This window does not run from the day of allocation."


def _allocated_on(turn: Turn) -> date | None:
    return turn.facts.cases[turn.matter.case or ""].allocated_on


def _anew(turn: Turn) -> Counted:
    """The window from the day of allocation as the list has it now; nothing runs from before the service did."""
    return turn.count(_rule(turn).term, "allocated", _since(turn))


def _since(turn: Turn) -> date:
    allocated = _allocated_on(turn)
    assert allocated is not None  # noqa: S101  a guard has seen to it
    return max(allocated, turn.facts.live_from)


def _recount(turn: Turn, _data: Any) -> None:
    """A running window moves, and never to before the end of today."""
    anew = _anew(turn)
    turn.keep(since=_since(turn).isoformat())
    today = on_day(_rule(turn).clause, "day of allocation corrected", turn.on, turn.facts.calendar)
    is_past = anew.due is not None and anew.due < turn.now
    turn.set(DUTY, later_of(today, anew, ("the day of the correction", "the allocation")) if is_past else anew)


def _was_in_time(turn: Turn) -> str | None:
    """Whether the window as the list has it now is not over: then nothing was missed."""
    anew = _anew(turn).due
    return None if anew is not None and anew >= turn.now else "The window is over."


def _show_false(turn: Turn, _data: Any) -> None:
    turn.set(DUTY, _anew(turn))
    turn.keep(since=_since(turn).isoformat())
    turn.correct(DUTY)
    turn.note(corrected=True)
    asked = turn.ladder.asked if turn.ladder else ()
    turn.columns["ladder"] = None
    subject = f"Case {turn.matter.case}: its oversight is not late after all"
    turn.tell((turn.supervisor, *asked), "breach_corrected", subject)


# -- ending
def _supersede(turn: Turn, data: Superseding) -> None:
    """The case was allocated anew: a window that was missed stays missed."""
    turn.note(by=str(data.by))
    subject = f"Case {turn.matter.case} was allocated anew: this oversight is no longer waited for"
    turn.tell(turn.holder, "oversight_superseded", subject)


def _end(turn: Turn, data: Closing) -> None:
    turn.note(why=data.why)


def _holder(turn: Turn) -> tuple[str | None, ...]:
    return (turn.holder,)


_STATES = (
    State("due", "The oversight of the case is to be recorded.", _manager_is_asked, reminds=_holder),
    State("overdue", "The oversight of the case is overdue.", reminds=_holder, climbs=True),
    State("with_line_manager", "It is overdue, and with a manager.", reminds=_holder, climbs=True),
    State("with_senior_manager", "It is overdue, and with a senior manager.", reminds=_holder, climbs=True),
    State("recorded", "The oversight is on file.", final=True),
    State("superseded", "The case was allocated anew.", final=True),
    State("ended", "The case is closed.", final=True),
)

OVERSIGHT: Definition = define(
    Workflow.oversight,
    initial=_DUE,
    states=_STATES,
    moves=(
        Move("record", _OPEN, "recorded", _MANAGERS, _record, RecordOversight, label="Record the oversight"),
        Move("expire", _DUE, "overdue", SYSTEM, _expire),
        Move("recount", _DUE, None, SYSTEM, _recount, when=(_counts_from_the_list,)),
        Move("recount", _LATE, "due", SYSTEM, _show_false, when=(_counts_from_the_list, _was_in_time)),
        Move("supersede", _OPEN, "superseded", SYSTEM, _supersede, Superseding),
        Move("end", _OPEN, "ended", SYSTEM, _end, Closing),
        reassigned(*_OPEN),
        escalation.remind(_STATES, _SUBJECT, escalation.above_supervisor),
        escalation.passes_on(RUNGS, _SUBJECT),
        *escalation.climbs(escalation.above_supervisor, ("overdue",), _SUBJECT),
    ),
    deadlines={DUTY: DeadlineRule("expire", Rank.expiry), **REMINDERS},
    opening=Open(_begin, looks_at=_same_case),
    ladder=escalation.above_supervisor,
)  # fmt: skip
