"""A table and a policy become the graph that is drawn: what can happen, who may do it, and when time does it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec.structs import replace

from diagrams.causes import cause, meanwhile
from diagrams.conditions import condition
from diagrams.graph import Clock, Graph, Kind, Move, Node, lines_between
from diagrams.intervals import intervals_of
from diagrams.reach import is_used, possible_moves, possible_openings, possible_states
from diagrams.turns import OPENED, behind_the_line, waits_for
from workflows.escalation import REMINDERS, RUNGS
from workflows.policy import Policy
from workflows.registry import DEFINITIONS
from workflows.table import Definition, State
from workflows.table import Move as Row
from workflows.vocabulary import Role, Workflow

#: Where a deadline runs, if not in every state that the move it enforces starts from.
_RUNS_IN = {
    (Workflow.absence, "cover_by"): frozenset({"awaiting_cover"}),
    (Workflow.absence, "confirm_return"): frozenset({"reported", "awaiting_cover", "with_senior_manager", "covered"}),
    (Workflow.record, "climb_by"): frozenset({"draft", "awaiting_signature", "disputed", "deemed_accepted", "settled"}),
    (Workflow.audit, "remind_by"): frozenset({"drawn", "in_progress", "reported", "learning_due"}),
}
#: What goes on from one time to the next, and leads elsewhere only when the policy no longer has it.
_GOES_ON = frozenset({(Workflow.audit, "draw_by")})
#: Whatever deadline may have begun it: the move that follows is told with this one.
_LONG = "first_breach"


class NotUsedError(Exception):
    """Under this policy nothing opens a matter of the workflow, so that there is nothing to draw."""


@lru_cache(maxsize=256)
def graph_of(workflow: Workflow, policy: Policy) -> Graph:
    """The graph of a workflow under a policy. Raises NotUsedError where the policy has no use for it."""
    if not is_used(workflow, policy):
        raise NotUsedError
    definition = DEFINITIONS[workflow]
    rows = possible_moves(definition, policy)
    initial = possible_openings(definition, policy)
    nodes = tuple(
        _node(definition, definition.states[name], rows, policy, is_initial=name in initial)
        for name in possible_states(definition, policy)
    )
    return Graph(
        workflow.value, workflow.value.capitalize(), policy.id, policy.version, policy.name, policy.council,
        OPENED[workflow], nodes, tuple(lines_between(tuple(definition.states), _steps(definition, rows, policy))),
    )  # fmt: skip


# -- states
def _node(definition: Definition, state: State, rows: tuple[Row, ...], policy: Policy, *, is_initial: bool) -> Node:
    workflow, name = definition.workflow, state.name
    whose = waits_for(workflow, name, policy)
    kind = _kind(definition, state, whose, rows)
    stays = [row for row in rows if name in row.source and row.dest in (None, name)]
    people = (row for row in stays if Role.system not in row.roles and not _leaves_too(row, name, rows))
    return Node(
        name, _title(name), state.says, kind, whose,
        behind_the_line(workflow, policy) if kind is Kind.rung and name == RUNGS[1] else "",
        is_initial, _is_timed(definition, state, rows), tuple(_clocks(definition, state, rows, policy)),
        tuple(_unique(_move(definition, row, policy) for row in people)),
    )  # fmt: skip


def _title(name: str) -> str:
    words = " ".join("HR" if word == "hr" else word for word in name.split("_"))
    return words[:1].upper() + words[1:]


def _kind(definition: Definition, state: State, whose: str, rows: tuple[Row, ...]) -> Kind:
    if state.final:
        return Kind.end
    if state.name in RUNGS and definition.ladder is not None:
        return Kind.rung
    if whose:
        return Kind.person
    leaving = {row.trigger for row in _leaving(state.name, rows)}
    return Kind.passing if leaving == {"take_effect"} and not _is_timed(definition, state, rows) else Kind.time


def _is_timed(definition: Definition, state: State, rows: tuple[Row, ...]) -> bool:
    return any(_running(definition, state, deadline, rows) for deadline in definition.deadlines)


def _leaving(name: str, rows: tuple[Row, ...]) -> list[Row]:
    return [row for row in rows if name in row.source and row.dest not in (None, name)
            and row.trigger not in ("supersede", "end")]  # fmt: skip


def _leaves_too(row: Row, name: str, rows: tuple[Row, ...]) -> bool:
    """Whether the same people's move also leads away from here, where it is told already."""
    return any(r.trigger == row.trigger and r.label == row.label for r in _leaving(name, rows))


# -- time
def _running(definition: Definition, state: State, deadline: str, rows: Iterable[Row]) -> list[Row]:
    """The rows that a deadline takes from a state in which it runs."""
    trigger = definition.enforces[deadline]
    runs_in = _RUNS_IN.get((definition.workflow, deadline))
    if runs_in is not None and state.name not in runs_in:
        return []
    waits = state.reminds is not None and (state.climbs or deadline != "climb_by")
    if deadline in REMINDERS and runs_in is None and not waits:
        return []
    return [row for row in rows if row.trigger == trigger and state.name in row.source and Role.system in row.roles]


def _clocks(definition: Definition, state: State, rows: tuple[Row, ...], policy: Policy) -> Iterator[Clock]:
    """What time does while the state stays, unless the same deadline leads to another state."""
    for deadline in definition.deadlines:
        found = _running(definition, state, deadline, rows)
        stays = all(row.dest in (None, state.name) for row in found)
        if found and (stays or (definition.workflow, deadline) in _GOES_ON):
            intervals = intervals_of(definition.workflow, deadline, state.name, policy)
            if intervals:
                yield Clock(deadline, meanwhile(definition.workflow, deadline), intervals)


def _clock_of(definition: Definition, row: Row, policy: Policy) -> Clock | None:
    """The deadline that takes a row, if one does."""
    for deadline, trigger in definition.enforces.items():
        is_told_in_the_state = (definition.workflow, deadline) in _GOES_ON
        if trigger == row.trigger and not is_told_in_the_state:
            for name in row.source:
                if _running(definition, definition.states[name], deadline, (row,)):
                    return _clock(definition.workflow, deadline, name, row, policy)
    if row.trigger == _LONG:
        return _clock(definition.workflow, "long_absence", row.source[0], row, policy)
    return None


def _clock(workflow: Workflow, deadline: str, state: str, row: Row, policy: Policy) -> Clock | None:
    intervals = intervals_of(workflow, deadline, state, policy)
    return Clock(deadline, cause(workflow, row.trigger, row.dest), intervals) if intervals else None


# -- moves
def _move(definition: Definition, row: Row, policy: Policy) -> Move:
    if Role.system in row.roles:
        return Move(
            row.trigger, cause(definition.workflow, row.trigger, row.dest), clock=_clock_of(definition, row, policy)
        )
    roles = tuple(role.value for role in Role if role in row.roles)
    return Move(row.trigger, row.label, roles, condition=condition(definition.workflow, row, policy))


def _steps(definition: Definition, rows: tuple[Row, ...], policy: Policy) -> Iterator[tuple[Move, str, str]]:
    """Every move that leads from one state to another."""
    for row in rows:
        if row.dest is not None:
            move = _move(definition, row, policy)
            yield from ((move, name, row.dest) for name in row.source if name != row.dest)


def _unique(moves: Iterable[Move]) -> Iterable[Move]:
    """The same move of different people is told once."""
    found: dict[tuple[str, str], Move] = {}
    for move in moves:
        same = found.get((move.says, move.condition))
        roles = tuple(dict.fromkeys((*same.roles, *move.roles))) if same else move.roles
        found[move.says, move.condition] = replace(move, roles=roles)
    return found.values()
