"""A graph as JSON, for programs that draw or check it in their own way."""

from __future__ import annotations

import json
from typing import Any

from diagrams.graph import Clock, Graph, Interval, Move, Node, Way


def as_json(graph: Graph) -> str:
    """The whole graph, with the same names as the API and the words of the drawing."""
    return json.dumps(as_values(graph), ensure_ascii=False, indent=1) + "\n"


def as_values(graph: Graph) -> dict[str, Any]:
    """The same as plain values."""
    return {
        "workflow": graph.workflow,
        "policy": {"id": graph.policy, "version": graph.version, "name": graph.policy_name, "council": graph.council},
        "compared_with": graph.compared_with or None,
        "opened": graph.opened,
        "states": [_state(node) for node in graph.nodes],
        "ways": [_way(way) for way in graph.ways],
    }


def _state(node: Node) -> dict[str, Any]:
    return {
        "name": node.name, "title": node.title, "says": node.says, "kind": node.kind.value,
        "waits_for": node.waits_for or None, "when_nobody_is_left": node.then or None, "initial": node.is_initial,
        "clocks": [_clock(clock) for clock in node.clocks], "meanwhile": [_move(move) for move in node.meanwhile],
        "change": node.change and node.change.value,
    }  # fmt: skip


def _way(way: Way) -> dict[str, Any]:
    return {"from": list(way.sources), "to": way.target, "moves": [_move(move) for move in way.moves]}


def _move(move: Move) -> dict[str, Any]:
    return {
        "trigger": move.trigger, "says": move.says, "roles": list(move.roles) or ["system"],
        "condition": move.condition or None, "clock": move.clock and _clock(move.clock),
        "change": move.change and move.change.value,
    }  # fmt: skip


def _clock(clock: Clock) -> dict[str, Any]:
    return {
        "deadline": clock.deadline, "says": clock.says, "intervals": [_interval(one) for one in clock.intervals],
        "before": [_interval(one) for one in clock.before],
    }  # fmt: skip


def _interval(interval: Interval) -> dict[str, Any]:
    return {"words": interval.words, "about": interval.about or None, "clause": interval.clause or None}
