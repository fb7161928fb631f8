"""An entitlement: how often a worker is supervised, and who is told when it does not happen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from workflows import escalation
from workflows.adopting import IN_FORCE, adopting
from workflows.calendar import local_day
from workflows.consequence_payloads import Began, Closing, Supervised
from workflows.escalation import REMINDERS, RUNGS, SYSTEM
from workflows.intervals import PROFESSIONAL, empty_month, person_due, person_exception, person_interval
from workflows.model import Selector
from workflows.payloads import Reason
from workflows.receipts import Counted, Term, count, earlier_of
from workflows.relationship_payloads import Agreed
from workflows.renewal import (
    DUTY,
    booked_sessions,
    breach,
    counted_from,
    event_of,
    is_newer,
    last_supervised,
    move_duty,
    renew,
    still_reportable,
)
from workflows.resuming import RESUMED, not_before_today
from workflows.session_length import keep_length
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.takeover import reassigned
from workflows.turn import Turn
from workflows.vocabulary import Role, Unit, Workflow
from workflows.yearly_review import DEADLINES, follow_beginning, moves, reviewed, watch_review

_SUPERVISOR = frozenset({Role.supervisor})
_SUBJECT = "a worker’s supervision is overdue"
_LATE = ("overdue", *RUNGS)
_OPEN = ("on_track", *_LATE)


def _start(turn: Turn) -> None:
    turn.set(DUTY, not_before_today(turn, _due(turn)))
    watch_review(turn)


def _due(turn: Turn) -> Counted:
    """From the last session or opening position; without one from when the relationship or the service began."""
    person = turn.facts.directory.people[turn.matter.supervisee or ""]
    policy, calendar, kind = turn.facts.policy, turn.facts.calendar, turn.matter.kind
    _keep_interval(turn)
    last = last_supervised(turn)
    if last is not None:
        event, anchor = event_of(turn, last), last
    else:
        began = turn.data.get(RESUMED) or turn.data
        event, anchor = began["event"], date.fromisoformat(began["since"])
    due = person_due(policy, person, kind, event, anchor, calendar, held=last is not None)
    agreed = turn.data.get("agreed")
    if not agreed:
        return due
    term = Term(agreed["value"], Unit(agreed["unit"]), policy.entitlement.shorten_clause)
    other = count(term, event, anchor, calendar)
    return earlier_of(due, other, ("the policy’s interval", "the interval that the two have agreed"))


def _agree(turn: Turn, data: Agreed) -> None:
    """The two have agreed on more than the policy asks for, or their agreement has ended."""
    if turn.data.get("agreed") != data.every:
        turn.keep(agreed=data.every)
        turn.note(agreed=data.every)
        due = _due(turn)
        if turn.matter.state not in _LATE:
            move_duty(turn, due)


def _supervised(turn: Turn, data: Supervised) -> None:
    renew(turn, data)
    turn.set(DUTY, _due(turn))
    keep_length(turn, data)
    reviewed(turn, data)


def _recount(turn: Turn, _data: Any) -> None:
    """What the list says of the person has changed: the running date moves, a missed one stays missed."""
    move_duty(turn, _due(turn))


def _begun(turn: Turn, data: Began) -> None:
    """The list has corrected from when this is counted: the running date moves, a missed one stays missed."""
    turn.note(since=data.since.isoformat(), before=turn.matter.data["since"])
    turn.keep(event=data.event, since=data.since.isoformat())
    if turn.matter.state not in _LATE:
        move_duty(turn, _due(turn))
    follow_beginning(turn)


def _keep_interval(turn: Turn) -> None:
    person = turn.facts.directory.people[turn.matter.supervisee or ""]
    every = person_interval(turn.facts.policy, person, turn.matter.kind)
    agreed = bool(turn.data.get("agreed"))
    exception = person_exception(turn.facts.policy, person, turn.matter.kind, turn.on, agreed=agreed)
    turn.keep(every=every.words(), clause=every.clause, exception=exception or None)


def _due_anew(turn: Turn, restarted: date | None) -> Counted | None:
    """The duty under a new version of the policy, from where it began or from a local date."""
    live = turn.matter.live(DUTY)
    if turn.matter.state in _LATE and live is not None:
        return _next_month(turn, counted_from(live.receipt))
    if restarted is None:
        return _due(turn)
    policy, person = turn.facts.policy, turn.facts.directory.people[turn.matter.supervisee or ""]
    return person_due(policy, person, turn.matter.kind, IN_FORCE, restarted, turn.facts.calendar, held=False)


def _next_month(turn: Turn, missed: date) -> Counted | None:
    person = turn.facts.directory.people[turn.matter.supervisee or ""]
    policy, last = turn.facts.policy, last_supervised(turn)
    return empty_month(policy, person, turn.matter.kind, missed, turn.facts.calendar, last=last)


def _expire(turn: Turn, data: Any) -> None:
    """One breach; of calendar months each has its own, and all of one lateness are on the same ladder."""
    passed = turn.matter.live(DUTY)
    assert passed is not None and passed.due is not None  # noqa: S101, PT018  only what has a date expires
    breach(turn, data)
    following = _next_month(turn, local_day(passed.due))
    if following is not None:
        turn.note(missed=local_day(passed.due).isoformat())
        turn.set(DUTY, following)
    if turn.supervisor and turn.facts.directory.away(turn.supervisor, turn.on):
        turn.then(Selector(Workflow.absence, person=turn.supervisor), "first_breach")


def _explain(turn: Turn, data: Reason) -> None:
    turn.write(reason=data.reason)


def _ended(turn: Turn, data: Closing) -> None:
    turn.note(why=data.why)


def _defer(turn: Turn) -> datetime | None:
    policy = turn.facts.policy
    professional, ordinary = policy.entitlement.professional_kinds, policy.session.renews_worker
    return still_reportable(turn, professional if turn.matter.kind == PROFESSIONAL else ordinary)


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
        Move("supervised", _LATE, "on_track", SYSTEM, _supervised, Supervised, checks=(is_newer,)),
        Move("recount", ("on_track",), None, SYSTEM, _recount),
        Move("begun", _OPEN, None, SYSTEM, _begun, Began),
        Move("agree", _OPEN, None, SYSTEM, _agree, Agreed),
        Move("expire", ("on_track",), "overdue", SYSTEM, _expire),
        Move("expire", _LATE, None, SYSTEM, _expire),
        Move("explain", _OPEN, None, _SUPERVISOR, _explain, Reason, label="Give the reason for a gap"),
        *moves(_OPEN),
        Move("end", _OPEN, "ended", SYSTEM, _ended, Closing),
        reassigned(*_OPEN),
        adopting(_OPEN, _keep_interval, {DUTY: _due_anew}, frozenset()),
        escalation.remind(_STATES, _SUBJECT, escalation.above_supervisor),
        escalation.passes_on(RUNGS, _SUBJECT),
        *escalation.climbs(escalation.above_supervisor, ("overdue",), _SUBJECT),
    ),
    deadlines={DUTY: DeadlineRule("expire", Rank.expiry, _defer, booked_sessions), **REMINDERS, **DEADLINES},
    opening=Open(_start),
    ladder=escalation.above_supervisor,
)  # fmt: skip
