"""The table of a workflow: states, moves and deadlines, and the checks that it must pass when it is imported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import IntEnum
from typing import Any

from msgspec import Struct, field

from workflows.consequence_payloads import ChangedDay
from workflows.model import Actor, Facts, Ladder, Matter, Opening, Selector
from workflows.payloads import Nothing, Payload
from workflows.recount import RECALENDAR, recalendar
from workflows.repair import (
    REPAIR,
    REROUTE,
    Repair,
    Reroute,
    may_hold_it,
    nobody_has_it,
    repair,
    repairs_of,
    reroute,
    reroute_within,
)  # fmt: skip
from workflows.turn import Turn
from workflows.vocabulary import Role, Status, Workflow

#: A guard answers None, or the sentence that says why not. Its function name is the guard's name.
Guard = Callable[[Turn], str | None]
#: A check is a guard that reads what the move carries.
Check = Callable[[Turn, Any], str | None]
Does = Callable[[Turn, Any], None]
Looks = Callable[[Matter, Any, Facts], Iterable[Selector]]


class Rank(IntEnum):
    """Which of several deadlines of one instant is enforced first (workflows.md, "When time acts")."""

    end_of_employment = 0
    expiry = 1
    lapse = 2
    reminder = 3
    climb = 4


def stay(_turn: Turn, _data: Any) -> None:
    """Nothing follows but the step itself."""


class State(Struct, frozen=True):
    """One state: `enter` says what begins with it, `reminds` who is reminded in it, `climbs` whether it rises."""

    name: str
    says: str
    enter: Callable[[Turn], None] | None = None
    final: bool = False
    #: Who is reminded, None while nobody needs to be; the names may be empty where nobody could be asked.
    reminds: Callable[[Turn], tuple[str | None, ...] | None] | None = None
    climbs: bool = False


class Move(Struct, frozen=True):
    """One row: who may move a matter on `trigger` from where to where. `dest` None stays where it is.

    Rows of the same trigger and source are tried in order; `when` picks the row, `guards` and `checks` may refuse it.
    """

    trigger: str
    source: tuple[str, ...]
    dest: str | None
    roles: frozenset[Role]
    does: Does = stay
    payload: type[Payload] = Nothing
    when: tuple[Guard, ...] = ()
    guards: tuple[Guard, ...] = ()
    checks: tuple[Check, ...] = ()
    looks_at: Looks | None = None
    label: str = ""
    clause: str | None = None
    #: Whether its rules ask how many matters the supervisee has.
    tallies: bool = False
    #: Whether it mends an incident: then it is offered with the incident, not with the matter.
    with_incident: bool = False


class DeadlineRule(Struct, frozen=True):
    """What a deadline does when it has passed; `defer` may hold it open until an instant, for a late report."""

    enforces: str
    rank: Rank
    defer: Callable[[Turn], datetime | None] | None = None
    looks_at: Looks | None = None
    #: What becomes of the deadline itself: a duty is missed, a timer that only wakes something is met.
    outcome: Status = Status.missed


class Open(Struct, frozen=True):
    """How a matter of this workflow begins.

    `who` says in which role somebody may open it (None: not at all), `begins` makes the opening out of what they sent;
    without both only the system opens it. `does` acts on the blank matter that holds the opening's data.
    """

    does: Callable[[Turn], None]
    payload: type[Payload] = Nothing
    who: Callable[[Actor, Any, Facts], Role | None] | None = None
    begins: Callable[[Actor, Any, Facts], Opening] | None = None
    checks: tuple[Guard, ...] = ()
    looks_at: Callable[[Opening, Facts], Iterable[Selector]] | None = None
    #: Who comes to the matter by its opening; None: its parties.
    joins: Callable[[Matter], Iterable[str | None]] | None = None
    #: The move that people's opening takes on a matter of the same two that the service has begun for them.
    fills: str | None = None
    #: Whether its rules ask how many matters the supervisee has.
    tallies: bool = False


class TableMistake(Exception):  # noqa: N818  it names the mistake
    """A table that cannot work: found when it is imported, never when a person needs it."""


class Definition(Struct, frozen=True):
    """A checked workflow."""

    workflow: Workflow
    initial: tuple[str, ...]
    states: Mapping[str, State]
    moves: tuple[Move, ...]
    deadlines: Mapping[str, DeadlineRule]
    opening: Open
    ladder: Callable[[Turn], Ladder] | None = None
    by_trigger: Mapping[str, tuple[Move, ...]] = field(default_factory=dict)
    #: The trigger that each deadline enforces.
    enforces: dict[str, str] = field(default_factory=dict)


def define(
    workflow: Workflow,
    *,
    initial: tuple[str, ...],
    states: tuple[State, ...],
    moves: tuple[Move, ...],
    deadlines: Mapping[str, DeadlineRule],
    opening: Open,
    ladder: Callable[[Turn], Ladder] | None = None,
) -> Definition:
    """Check a table and make it a Definition; raises TableMistake with everything that is wrong.

    Every workflow can be repaired from any state, and with deadlines also learns of a changed calendar.
    """
    everywhere = tuple(state.name for state in states)
    moves = (*moves, *_repairs(workflow, states, moves))
    if deadlines:
        moves = (*moves, Move(RECALENDAR, everywhere, None, frozenset({Role.system}), recalendar, ChangedDay))
    by_trigger: dict[str, tuple[Move, ...]] = {}
    for move in moves:
        by_trigger[move.trigger] = (*by_trigger.get(move.trigger, ()), move)
    named = {state.name: state for state in states}
    problems = [
        *_unknown(initial, named, moves),
        *_nobodys(moves),
        *_no_functions(moves),
        *_dead_deadlines(deadlines, by_trigger),
        *_unreachable(initial, named, moves),
        *_dead_ends(named, moves),
        *(f"{state.name!r} climbs without a ladder" for state in states if state.climbs and ladder is None),
    ]
    if len(named) != len(states):
        problems.append("a state is listed twice")
    if problems:
        raise TableMistake(f"{workflow}: " + "; ".join(problems))
    enforces = {name: rule.enforces for name, rule in deadlines.items()}
    return Definition(workflow, initial, named, moves, deadlines, opening, ladder, by_trigger, enforces)


def _repairs(workflow: Workflow, states: tuple[State, ...], moves: tuple[Move, ...]) -> Iterable[Move]:
    """The rows by which incidents are mended: anywhere, and where a rung passes on, by naming somebody."""
    roles, everywhere = repairs_of(workflow), tuple(state.name for state in states)
    yield Move(REPAIR, everywhere, None, roles, repair, Repair, label="Mend it", with_incident=True)
    climbing = frozenset(state.name for state in states if state.climbs)
    rungs = [move.source for move in moves if move.trigger == "pass_on" and move.dest is None]
    for states_of_rung in rungs:
        yield _reroute(states_of_rung, None, roles, reroute_within(climbing))
    below = climbing.difference(*rungs)
    rises = [move for move in moves if move.trigger == "climb" and move.dest]
    for name, dest in {name: rise.dest for rise in rises for name in rise.source if name in below}.items():
        yield _reroute((name,), dest, roles, reroute)


def _reroute(source: tuple[str, ...], dest: str | None, roles: frozenset[Role], does: Does) -> Move:
    return Move(
        REROUTE, source, dest, roles, does, Reroute, guards=(nobody_has_it,), checks=(may_hold_it,),
        label="Name somebody", with_incident=True,
    )  # fmt: skip


def _unknown(initial: tuple[str, ...], states: Mapping[str, State], moves: tuple[Move, ...]) -> Iterable[str]:
    yield from (f"begins in unknown state {name!r}" for name in initial if name not in states)
    for move in moves:
        for name in (*move.source, move.dest):
            if name is not None and name not in states:
                yield f"{move.trigger}: unknown state {name!r}"
        if not move.source:
            yield f"{move.trigger}: starts nowhere"


def _nobodys(moves: tuple[Move, ...]) -> Iterable[str]:
    return (f"{move.trigger}: names no role, so nobody could make it" for move in moves if not move.roles)


def _no_functions(moves: tuple[Move, ...]) -> Iterable[str]:
    for move in moves:
        for guard in (*move.when, *move.guards, *move.checks):
            if not callable(guard):
                yield f"{move.trigger}: guard {guard!r} is not a function"


def _dead_deadlines(deadlines: Mapping[str, DeadlineRule], by_trigger: Mapping[str, tuple[Move, ...]]) -> Iterable[str]:
    for name, rule in deadlines.items():
        rows = by_trigger.get(rule.enforces, ())
        if not any(Role.system in move.roles for move in rows):
            yield f"deadline {name}: enforces {rule.enforces!r}, which the system cannot do"


def _unreachable(initial: tuple[str, ...], states: Mapping[str, State], moves: tuple[Move, ...]) -> Iterable[str]:
    reached = set(initial)
    while True:
        more = {m.dest for m in moves if m.dest and reached & set(m.source)} - reached
        if not more:
            return (f"nothing leads to {name!r}" for name in sorted(set(states) - reached))
        reached |= more


def _dead_ends(states: Mapping[str, State], moves: tuple[Move, ...]) -> Iterable[str]:
    """A state that is not final needs a way to another state; by a person or the system, which deadlines drive."""
    for state in states.values():
        onward = any(state.name in m.source and m.dest not in (None, state.name) for m in moves)
        if not state.final and not onward:
            yield f"no way on from {state.name!r}"
