"""The one place that runs the tables: `transitions` finds the row, and a frozen Decision says what follows.

One shared Machine for each workflow, no model ever registered; effects are never callbacks of the library.
"""

from __future__ import annotations

import logging
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, cast
from uuid import UUID

from transitions import EventData, Machine, MachineError, Transition
from transitions.core import Condition

from workflows import escalation
from workflows.model import SYSTEM, Actor, Deadline, Decision, Facts, Matter, Opening, Step
from workflows.payloads import Nothing
from workflows.refusals import NotYourMove, Refused, UnknownMove
from workflows.registry import DEFINITIONS
from workflows.roles import roles_of
from workflows.table import Definition, Move, State
from workflows.turn import Turn
from workflows.vocabulary import Role, Status, Workflow

logging.getLogger("transitions").setLevel(logging.WARNING)

#: The trigger of the step that opens a matter.
OPEN = "open"
#: The step that holds a due deadline open for a late report.
AWAIT_REPORT = "await_report"


class _Subject:
    """The throwaway model of one decision: `transitions` writes its state, the conditions their refusal."""

    __slots__ = ("data", "held", "refusal", "row", "state", "turn")

    def __init__(self, state: str, turn: Turn, held: frozenset[Role], data: Any) -> None:
        self.state, self.turn, self.held, self.data = state, turn, held, data
        self.refusal: tuple[str, str] | None = None
        self.row: Move | None = None


class _RowCondition(Condition):
    """Asks a row's roles, `when`, guards and checks in turn, and keeps the first refusal."""

    def check(self, event_data: EventData) -> bool:
        move = cast("Move", self.func)
        subject = cast("_Subject", event_data.model)
        turn = subject.turn
        if not move.roles & subject.held or any(guard(turn) is not None for guard in move.when):
            return False
        turn.role = _role_in(move.roles, subject.held)
        why = _first_refusal(move, turn, subject.data)
        if why is None:
            subject.row = move
            return True
        subject.refusal = subject.refusal or why
        return False


class _RowTransition(Transition):
    """Its conditions and its state alone: the other stages of a transition are callbacks, which no row has."""

    condition_cls = _RowCondition

    def execute(self, event_data: EventData) -> bool:
        if not self._eval_conditions(event_data):
            return False
        if self.dest is not None:
            cast("_Subject", event_data.model).state = self.dest
        return True


class _TableMachine(Machine):
    transition_cls = _RowTransition


def _first_refusal(move: Move, turn: Turn, data: Any) -> tuple[str, str] | None:
    for guard in move.guards:
        why = guard(turn)
        if why is not None:
            return guard.__name__, why
    for check in move.checks:
        why = check(turn, data)
        if why is not None:
            return check.__name__, why
    return None


@cache
def _machine(workflow: Workflow) -> Machine:
    definition = DEFINITIONS[workflow]
    machine = _TableMachine(
        model=None, initial=None, states=list(definition.states), auto_transitions=False, send_event=True, queued=False
    )
    for move in definition.moves:
        for source in move.source:
            machine.add_transition(move.trigger, source, move.dest, conditions=cast("Any", [move]))
    return machine


def decide(
    matter: Matter, trigger: str, data: Any, actor: Actor, facts: Facts, now: datetime, passed: str | None = None
) -> Decision:
    """What follows if `actor` makes this move at the instant `now`; `passed` is the deadline that enforces it, if any.

    Raises UnknownMove, NotYourMove, or Refused with the guard and its reason; then nothing has changed.
    """
    definition = DEFINITIONS[matter.workflow]
    rows = definition.by_trigger.get(trigger)
    if rows is None:
        raise UnknownMove("unknown_move", f"A {matter.workflow} has no move called {trigger!r}.")
    held = roles_of(actor, matter, facts)
    turn = _turn(definition, matter, trigger, actor, _role(matter, rows, held), facts, now)
    move, dest = _execute(matter, trigger, turn, held, data)
    if passed is not None:
        turn.close(passed, definition.deadlines[passed].outcome)
    move.does(turn, data)
    turn.clause = turn.clause or move.clause
    if move.dest is not None:
        _change_state(definition, turn, dest)
    return _decision(turn, dest, definition.states[dest])


def check_role(matter: Matter, trigger: str, actor: Actor, facts: Facts) -> Move:
    """A row of the move that the actor may take by what they are to the matter, from its state if there is one.

    Raises UnknownMove where nobody but the service has such a move, and NotYourMove.
    """
    rows = DEFINITIONS[matter.workflow].by_trigger.get(trigger, ())
    theirs = tuple(move for move in rows if move.roles != escalation.SYSTEM)
    if not theirs:
        raise UnknownMove("unknown_move", f"A {matter.workflow} has no move called {trigger!r}.")
    role = _role(matter, theirs, roles_of(actor, matter, facts))
    here = [move for move in theirs if role in move.roles and matter.state in move.source]
    return (*here, *(move for move in theirs if role in move.roles))[0]


def _role(matter: Matter, rows: tuple[Move, ...], held: frozenset[Role]) -> Role:
    """The role in which the move is made, from a row that starts where the matter is if there is one."""
    theirs = [move for move in rows if move.roles & held]
    here = [move for move in theirs if matter.state in move.source]
    if theirs:
        return _role_in((*here, *theirs)[0].roles, held)
    allowed = sorted({role.value.replace("_", " ") for move in rows for role in move.roles if role is not Role.system})
    who = " or ".join(allowed) or "service itself"
    raise NotYourMove("not_your_move", f"This move belongs to the {who}.")


@lru_cache(1024)
def _role_in(roles: frozenset[Role], held: frozenset[Role]) -> Role:
    """The nearest of several roles that may make a move: the first in the order of the vocabulary."""
    return next(role for role in Role if role in roles and role in held)


def _execute(matter: Matter, trigger: str, turn: Turn, held: frozenset[Role], data: Any) -> tuple[Move, str]:
    subject = _Subject(matter.state, turn, held, data)
    try:
        moved = _machine(matter.workflow).events[trigger].trigger(subject)
    except MachineError:
        raise Refused("state", _wrong_state(matter, trigger)) from None
    if not moved or subject.row is None:
        guard, why = subject.refusal or ("state", _wrong_state(matter, trigger))
        raise Refused(guard, why)
    return subject.row, subject.state


def _wrong_state(matter: Matter, trigger: str) -> str:
    definition = DEFINITIONS[matter.workflow]
    labels = (move.label for move in definition.by_trigger[trigger] if move.label)
    action = next(labels, trigger.replace("_", " "))
    return f"“{action}” is not possible now: {definition.states[matter.state].says}"


def _turn(
    definition: Definition, matter: Matter, trigger: str, actor: Actor, role: Role, facts: Facts, now: datetime
) -> Turn:
    return Turn(matter, trigger, actor, role, now, facts, definition.enforces)


def _change_state(definition: Definition, turn: Turn, dest: str) -> None:
    """Leave what was waited for, and begin what the new state waits for."""
    for name in ("remind_by", "climb_by"):
        turn.meet(name)
    state = definition.states[dest]
    if state.final:
        turn.end_all()
        turn.hold(None)
    if state.enter is not None:
        state.enter(turn)
    escalation.wait(turn, definition, state)


def _decision(turn: Turn, dest: str, state: State) -> Decision:
    matter = turn.matter
    after = matter.changed(
        state=dest,
        version=matter.version + 1,
        last_at=turn.now,
        closed_at=(matter.closed_at or turn.now) if state.final else None,
        data=turn.data if turn.kept else matter.data,
        deadlines=_deadlines_after(turn),
        deadline_count=matter.deadline_count + turn.deadline_count,
        **turn.columns,
    )
    step = Step(
        after.version, turn.trigger, matter.state or None, dest, turn.actor.ref, turn.role, turn.now,
        turn.clause, turn.noted, turn.texts,
    )  # fmt: skip
    return Decision(
        after, step, tuple(turn.deadlines.values()), tuple(turn.notices), tuple(turn.openings),
        tuple(turn.consequences), tuple(turn.people), tuple(turn.incidents), tuple(dict.fromkeys(turn.joined)),
        tuple(turn.admissions),
        tuple(turn.destroyed),
    )  # fmt: skip


def _deadlines_after(turn: Turn) -> tuple[Deadline, ...]:
    if not turn.deadlines:
        return turn.matter.deadlines
    merged = {d.number: d for d in turn.matter.deadlines} | turn.deadlines
    return tuple(d for d in merged.values() if d.live or d.status is Status.missed)


def enforce(matter: Matter, deadline: Deadline, facts: Facts, now: datetime) -> Decision:
    """What follows when a deadline has passed at the instant `now`: its move, or waiting for a late report."""
    definition = DEFINITIONS[matter.workflow]
    rule = definition.deadlines[deadline.name]
    if rule.defer is not None and deadline.status is Status.running:
        turn = _turn(definition, matter, AWAIT_REPORT, SYSTEM, Role.system, facts, now)
        until = rule.defer(turn)
        if until is not None and until >= now:
            turn.await_report(deadline, until)
            turn.note(deadline=deadline.name)
            return _decision(turn, matter.state, definition.states[matter.state])
    return decide(matter, deadline.enforces, Nothing(), SYSTEM, facts, now, deadline.name)


def begin(opening: Opening, matter_id: UUID, actor: Actor, role: Role, facts: Facts, now: datetime) -> Decision:
    """The decision that opens a matter. Raises Refused where a check of its opening does not hold."""
    definition = DEFINITIONS[opening.workflow]
    blank = _blank(opening, matter_id, facts, now)
    turn = _turn(definition, blank, OPEN, actor, role, facts, now)
    turn.write(**opening.texts)
    joins = definition.opening.joins
    turn.joined += (ref for ref in (joins(blank) if joins else blank.parties().values()) if ref)
    for check in definition.opening.checks:
        why = check(turn)
        if why is not None:
            raise Refused(check.__name__, why)
    definition.opening.does(turn)
    dest = turn.columns.pop("state", definition.initial[0])
    _change_state(definition, turn, dest)
    return _decision(turn, dest, definition.states[dest])


def _blank(opening: Opening, matter_id: UUID, facts: Facts, now: datetime) -> Matter:
    return Matter(
        id=matter_id,
        workflow=opening.workflow,
        state="",
        policy=facts.policy.id,
        policy_version=facts.policy.version,
        opened_at=now,
        last_at=now,
        kind=opening.kind,
        supervisee=opening.supervisee,
        supervisor=opening.supervisor,
        person=opening.person,
        case=opening.case,
        parent=opening.parent,
        data=opening.data,
    )


def available(matter: Matter, actor: Actor, facts: Facts, now: datetime) -> tuple[Move, ...]:
    """The moves that the actor could make now, as far as that does not depend on what they would carry."""
    held = roles_of(actor, matter, facts)
    definition = DEFINITIONS[matter.workflow]
    found: dict[str, Move] = {}
    for move in definition.moves:
        if move.with_incident or matter.state not in move.source or not move.roles & held or move.trigger in found:
            continue
        turn = _turn(definition, matter, move.trigger, actor, _role_in(move.roles, held), facts, now)
        if all(guard(turn) is None for guard in (*move.when, *move.guards)):
            found[move.trigger] = move
    return tuple(found.values())
