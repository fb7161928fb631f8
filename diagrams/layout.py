"""Where everything on a drawing is: boxes, lines and their labels, laid out once for each graph and kept."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from diagrams.blocks import ROOM, SMALL, Block, block_of, block_of_hub, block_of_start, label_of
from diagrams.elk_engine import lay_out
from diagrams.graph import Graph, Kind, Node, Way

_PADDING = {Kind.person: (14.0, 12.0), Kind.time: (22.0, 14.0), Kind.rung: (20.0, 22.0), Kind.end: (20.0, 14.0),
            Kind.passing: (14.0, 10.0)}  # fmt: skip
_DOT, _HUB = 18.0, (16.0, 10.0)
_MARGIN, _LABEL_GAP = 16.0, 6.0
#: How wide what is filled in later may be.
_NOTES = 216.0
_OPTIONS = {
    "elk.algorithm": "layered",
    "elk.direction": "DOWN",
    "elk.edgeRouting": "ORTHOGONAL",
    "elk.randomSeed": "1",
    "elk.padding": f"[top={_MARGIN},left={_MARGIN},bottom={_MARGIN},right={_MARGIN}]",
    "elk.spacing.nodeNode": "36",
    "elk.spacing.edgeNode": "22",
    "elk.spacing.edgeEdge": "16",
    "elk.spacing.edgeLabel": str(_LABEL_GAP),
    "elk.spacing.labelNode": "14",
    "elk.spacing.labelLabel": "12",
    "elk.layered.spacing.nodeNodeBetweenLayers": "34",
    "elk.layered.spacing.edgeNodeBetweenLayers": "22",
    "elk.layered.spacing.edgeEdgeBetweenLayers": "16",
    "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
    "elk.layered.cycleBreaking.strategy": "MODEL_ORDER",
    "elk.layered.edgeLabels.sideSelection": "ALWAYS_DOWN",
    "elk.separateConnectedComponents": "false",
}


class Rect(Struct, frozen=True):
    """A place and a size."""

    x: float
    y: float
    width: float
    height: float


class Box(Struct, frozen=True):
    """A state, a start or a place where many lines begin; `kind` None is no state."""

    name: str
    place: Rect
    block: Block
    kind: Kind | None
    padding: tuple[float, float]


class Path(Struct, frozen=True):
    """A line: its corners from its source to its target, and its label."""

    source: str
    target: str
    corners: tuple[tuple[float, float], ...]
    label: Block
    label_at: Rect | None


class Layout(Struct, frozen=True):
    """A drawing without its ink."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    paths: tuple[Path, ...]


START = "(start)"
#: How high the room for what is told of now is, at the foot of a state's box.
NOTES_HIGH = ROOM * SMALL.size * 1.45


class Room(StrEnum):
    """In which boxes room is kept for what is filled in later."""

    nowhere = "nowhere"
    open_states = "open_states"
    everywhere = "everywhere"


def layout_of(graph: Graph, room: Room = Room.nowhere) -> Layout:
    """Lay a graph out; `room` keeps free what is filled in later: counts, or where a matter is.

    Kept by what is drawn: policies that say the same about a workflow share its layout.
    """
    return _laid_out(replace(graph, policy="", version="", policy_name="", council="", compared_with=""), room)


@lru_cache(maxsize=512)
def _laid_out(graph: Graph, room: Room) -> Layout:
    boxes, edges = _boxes(graph, room), list(_edges(graph))
    unseen = [
        _edge((graph.open_states[-1], name, Block(())), len(edges) + index) for index, name in enumerate(_hubs(graph))
    ]
    placed = lay_out(
        {
            "id": "drawing",
            "layoutOptions": _OPTIONS,
            "children": [_child(box, index) for index, box in enumerate(boxes)],
            "edges": [*(_edge(edge, index) for index, edge in enumerate(edges)), *unseen],
        }
    )
    at = {child["id"]: child for child in placed["children"]}
    return Layout(
        placed["width"], placed["height"],
        tuple(Box(box.name, _rect(at[box.name]), box.block, box.kind, box.padding) for box in boxes),
        tuple(_path(edge, found) for edge, found in zip(edges, placed["edges"], strict=False)),
    )  # fmt: skip


# -- what is laid out
def hub_of(way: Way) -> str | None:
    """The name of the place where a line from many states begins; None for a line from the states themselves."""
    return f"({'+'.join(way.sources)})" if len(way.sources) > 1 else None


def _boxes(graph: Graph, room: Room) -> list[Box]:
    """In the order in which they are wanted from top to foot: what is open, where many lines begin, the ends."""
    ends = [node for node in graph.nodes if node.kind is Kind.end]
    return [
        Box(START, Rect(0, 0, _DOT, _DOT), Block(()), None, (0.0, 0.0)),
        *(_box(graph, node, room) for node in graph.nodes if node not in ends),
        *(_sized(name, block_of_hub(graph, sources), None, _HUB, 0) for name, sources in _hubs(graph).items()),
        *(_box(graph, node, room) for node in ends),
    ]


def _box(graph: Graph, node: Node, room: Room) -> Box:
    has_room = room is Room.everywhere or (room is Room.open_states and node.kind is not Kind.end)
    block = block_of(node, begins_here=node.is_initial and node.name != graph.first)
    return _sized(node.name, block, node.kind, _PADDING[node.kind], NOTES_HIGH if has_room else 0.0)


def _sized(name: str, block: Block, kind: Kind | None, padding: tuple[float, float], room: float) -> Box:
    across, down = padding
    wide = max(block.width, _NOTES) if room else block.width
    return Box(name, Rect(0, 0, wide + 2 * across, block.height + 2 * down + room), block, kind, padding)


def _hubs(graph: Graph) -> dict[str, tuple[str, ...]]:
    return {name: way.sources for way in graph.ways if (name := hub_of(way)) is not None}


def _edges(graph: Graph) -> Iterator[tuple[str, str, Block]]:
    yield START, graph.first, block_of_start(graph)
    for way in graph.ways:
        hub, label = hub_of(way), label_of(way)
        yield from ((source, way.target, label) for source in ((hub,) if hub else way.sources))


def _child(box: Box, index: int) -> dict[str, Any]:
    options = {"elk.layered.layering.layerConstraint": "FIRST"} if index == 0 else {}
    size = {"width": round(box.place.width, 1), "height": round(box.place.height, 1)}
    return {"id": box.name, "layoutOptions": options, **size}


def _edge(edge: tuple[str, str, Block], index: int) -> dict[str, Any]:
    source, target, label = edge
    sized = {"text": "x", "width": round(label.width, 1), "height": round(label.height, 1)}
    return {"id": f"e{index}", "sources": [source], "targets": [target], "labels": [sized] if label.lines else []}


# -- what comes back
def _rect(found: dict[str, Any]) -> Rect:
    return Rect(found["x"], found["y"], found["width"], found["height"])


def _path(edge: tuple[str, str, Block], found: dict[str, Any]) -> Path:
    section = found["sections"][0]
    points = [section["startPoint"], *section.get("bendPoints", ()), section["endPoint"]]
    labels = found.get("labels", ())
    return Path(
        edge[0], edge[1], tuple((point["x"], point["y"]) for point in points), edge[2],
        _rect(labels[0]) if labels else None,
    )  # fmt: skip
