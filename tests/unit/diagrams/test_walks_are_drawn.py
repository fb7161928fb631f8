"""Whatever happens in a council is on the drawings of its policy: no step, state or deadline is missing from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagrams.extract import graph_of
from diagrams.graph import Clock, Graph
from tests.unit.workflows.walks import KINDS, Walk
from workflows.model import Matter
from workflows.policy import Policy
from workflows.registry import DEFINITIONS

POLICIES = ("central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset")
ACTIONS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 2**64 - 1)), min_size=40, max_size=70)
#: What is counted to a date that people gave, or out of two times, has no interval of its own to compare.
_DATES = frozenset({"on_day", "absence_day", "later_of", "earlier_of", "calendar_months"})


@pytest.mark.parametrize("policy", POLICIES)
@settings(max_examples=4)
@given(actions=ACTIONS)
def test_whatever_happens_is_drawn(policy: str, actions: list[tuple[str, int]]) -> None:
    walk = Walk.begun(policy)
    for kind, number in actions:
        before = {matter.id: matter for matter in walk.matters()}
        walk.take(kind, number)
        for matter in walk.matters():
            if matter is not before.get(matter.id):
                _is_drawn(_drawings(walk, matter), matter)
    for step in walk.council.steps:
        matter = walk.council.kept[step["matter_id"]].matter
        if step["trigger"] not in _mending(matter):
            assert any(_has_step(graph, step) for graph in _drawings(walk, matter)), (matter.workflow, step)


def _mending(matter: Matter) -> set[str]:
    """What mends an incident is offered with it, and is no part of a workflow's course."""
    return {move.trigger for move in DEFINITIONS[matter.workflow].moves if move.with_incident}


def _drawings(walk: Walk, matter: Matter) -> list[Graph]:
    """Under every version that the council has had: the one in force may have come while the matter was open."""
    versions: list[Policy] = [policy for _, policy in walk.council.picture.in_force]
    return [graph_of(matter.workflow, version) for version in versions]


def _has_step(graph: Graph, step: dict[str, Any]) -> bool:
    if step["source"] == step["dest"]:
        return True
    if step["source"] is None:
        return step["dest"] in {node.name for node in graph.nodes if node.is_initial}
    return any(
        step["source"] in way.sources and way.target == step["dest"] and move.trigger == step["trigger"]
        for way in graph.ways
        for move in way.moves
    )


def _is_drawn(graphs: list[Graph], matter: Matter) -> None:
    """Its state is there, with a clock for every deadline that runs, and with the time that it was given."""
    having = [graph for graph in graphs if matter.state in {node.name for node in graph.nodes}]
    assert having, (matter.workflow, matter.state)
    clocks = [clock for graph in having for clock in _clocks(graph, matter.state)]
    for deadline in matter.deadlines:
        if deadline.live:
            told = [i.words for clock in clocks if clock.deadline == deadline.name for i in clock.intervals]
            assert told, (matter.workflow, matter.state, deadline.name)
            counted, rule = deadline.receipt["counted"], deadline.receipt["rule"]
            assert rule in _DATES or any(counted in words or " to " in words for words in told), (
                matter.workflow, matter.state, deadline.name, rule, counted, told,
            )  # fmt: skip


def _clocks(graph: Graph, state: str) -> Iterator[Clock]:
    yield from graph.node(state).clocks
    for way in graph.ways:
        if state in way.sources:
            yield from (move.clock for move in way.moves if move.clock)
