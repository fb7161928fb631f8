"""An entitlement: how often a worker is supervised, and who is told when it does not happen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from workflows import escalation
from workflows.escalation import REMINDERS, RUNGS, SYSTEM
from workflows.intervals import person_due, person_interval
from workflows.model import Ladder, Selector
from workflows.payloads import Closing, Reason, Supervised
from workflows.renewal import DUTY, booked_sessions, breach, last_supervised, renew, still_reportable
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.takeover import reassigned
from workflows.turn import Turn
from workflows.vocabulary import Role, Workflow

_SUPERVISOR = frozenset({Role.supervisor})
_SUBJECT = "a worker's supervision is overdue"
_LATE = ("overdue", *RUNGS)
_OPEN = ("on_track", *_LATE)


def _ladder(turn: Turn) -> Ladder:
    return escalation.line_above(turn, turn.supervisor, turn.matter.supervisee, turn.supervisor)


def _start(turn: Turn) -> None:
    """The first date counts from an opening position, or from when the relationship or the service began."""
    last = turn.matter.data.get("last_supervised_on")
    if last:
        _count(turn, "last supervised (opening position)", date.fromisoformat(last), held=True)
    else:
        _count(turn, turn.matter.data["event"], date.fromisoformat(turn.matter.data["since"]), held=False)


def _count(turn: Turn, event: str, anchor: date, *, held: bool) -> None:
    person = turn.facts.directory.get(turn.matter.supervisee)
    if person is None:
        return
    policy, calendar = turn.facts.policy, turn.facts.calendar
    turn.keep(every=person_interval(policy, person, turn.matter.kind).words())
    turn.set(DUTY, person_due(policy, person, turn.matter.kind, event, anchor, calendar, held=held))


def _supervised(turn: Turn, data: Supervised) -> None:
    renew(turn, data)
    _count(turn, "last session held", last_supervised(turn) or data.held_on, held=True)


def _recount(turn: Turn, _data: Any) -> None:
    """What the list says of the person has changed: the running date moves, a missed one stays missed."""
    last = last_supervised(turn)
    if last:
        _count(turn, "last session held", last, held=True)
    else:
        _start(turn)


def _expire(turn: Turn, data: Any) -> None:
    breach(turn, data)
    if turn.facts.policy.absence.long is None and turn.supervisor:
        turn.then(Selector(Workflow.absence, person=turn.supervisor), "first_breach")


def _explain(turn: Turn, data: Reason) -> None:
    turn.write(reason=data.reason)


def _ended(turn: Turn, data: Closing) -> None:
    turn.note(why=data.why)


def _defer(turn: Turn) -> datetime | None:
    return still_reportable(turn, turn.facts.policy.session.renews_worker)


def _on_track(turn: Turn) -> None:
    turn.hold(None)


def _overdue(turn: Turn) -> None:
    turn.hold(turn.supervisor)


def _holder(turn: Turn) -> tuple[str | None, ...]:
    return (turn.holder,)


_STATES = (
    State("on_track", "Supervision is up to date.", _on_track),
    State("overdue", "Supervision is overdue.", _overdue, reminds=_holder, climbs=True),
    State("with_line_manager", "Supervision is overdue, and with a manager.", reminds=_holder, climbs=True),
    State("with_senior_manager", "Supervision is overdue, and with a senior manager.", reminds=_holder, climbs=True),
    State("ended", "The supervision of this person by this service has ended.", final=True),
)

ENTITLEMENT: Definition = define(
    Workflow.entitlement,
    initial=("on_track",),
    states=_STATES,
    moves=(
        Move("supervised", ("on_track",), None, SYSTEM, _supervised, Supervised),
        Move("supervised", _LATE, "on_track", SYSTEM, _supervised, Supervised),
        Move("recount", ("on_track",), None, SYSTEM, _recount),
        Move("expire", ("on_track",), "overdue", SYSTEM, _expire),
        Move("explain", _OPEN, None, _SUPERVISOR, _explain, Reason, label="Give the reason for a gap"),
        Move("end", _OPEN, "ended", SYSTEM, _ended, Closing),
        reassigned(*_OPEN),
        escalation.remind(_STATES, _SUBJECT),
        escalation.passes_on(RUNGS, _SUBJECT),
        *escalation.climbs(_ladder, ("overdue",), _SUBJECT),
    ),
    deadlines={DUTY: DeadlineRule("expire", Rank.expiry, _defer, booked_sessions), **REMINDERS},
    opening=Open(_start),
    ladder=_ladder,
)  # fmt: skip
