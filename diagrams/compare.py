"""Two policies, or two versions of one, on one picture: what the later has more, has no more, or has otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from diagrams.graph import Change, Clock, Graph, Move, Node, lines_between

_Step = tuple[Move, str, str]


def compared(before: Graph, after: Graph) -> Graph:
    """The graph of what either has, each difference marked; `after` gives it its name."""
    nodes = tuple(_nodes(before, after))
    order = tuple(node.name for node in nodes)
    return replace(
        after, nodes=nodes, ways=tuple(lines_between(order, _steps(before, after))),
        compared_with=f"{before.policy_name} ({before.council}), version {before.version}",
    )  # fmt: skip


# -- states
def _nodes(before: Graph, after: Graph) -> Iterator[Node]:
    """In the order of the table, which both keep: what is gone stands before what comes after it."""
    old, new = {node.name: node for node in before.nodes}, {node.name: node for node in after.nodes}
    for name in _in_order(list(old), list(new)):
        if name not in new:
            yield replace(old[name], change=Change.removed)
        elif name not in old:
            yield replace(new[name], change=Change.added)
        else:
            yield _node(old[name], new[name])


def _in_order(old: list[str], new: list[str]) -> list[str]:
    merged = list(new)
    for index, name in enumerate(old):
        if name not in merged:
            follows = next((later for later in old[index:] if later in merged), None)
            merged.insert(merged.index(follows) if follows else len(merged), name)
    return merged


def _node(old: Node, new: Node) -> Node:
    return replace(
        new,
        waits_for=_both(old.waits_for, new.waits_for), then=_both(old.then, new.then),
        clocks=tuple(_clocks(old.clocks, new.clocks)), meanwhile=tuple(_moves(old.meanwhile, new.meanwhile)),
        change=Change.changed if old != new else None,
    )  # fmt: skip


def _both(old: str, new: str) -> str:
    return new if old == new else f"{new or 'nobody'} (before: {old or 'nobody'})"


def _clocks(old: Iterable[Clock], new: Iterable[Clock]) -> Iterator[Clock]:
    earlier, later = {clock.deadline: clock for clock in old}, {clock.deadline: clock for clock in new}
    for name in dict.fromkeys((*later, *earlier)):
        if name not in later:
            yield replace(earlier[name], change=Change.removed)
        elif name not in earlier:
            yield replace(later[name], change=Change.added)
        else:
            yield _clock(earlier[name], later[name])


def _clock(old: Clock, new: Clock) -> Clock:
    return new if old.intervals == new.intervals else replace(new, before=old.intervals, change=Change.changed)


# -- moves
def _moves(old: Iterable[Move], new: Iterable[Move]) -> Iterator[Move]:
    both = _merged([(move, "", "") for move in old], [(move, "", "") for move in new])
    return (move for move, _, _ in both)


def _steps(before: Graph, after: Graph) -> Iterator[_Step]:
    return _merged(list(_each(before)), list(_each(after)))


def _each(graph: Graph) -> Iterator[_Step]:
    for way in graph.ways:
        yield from ((move, source, way.target) for source in way.sources for move in way.moves)


def _merged(old: list[_Step], new: list[_Step]) -> Iterator[_Step]:
    earlier, later = {_key(step): step for step in old}, {_key(step): step for step in new}
    for key in dict.fromkeys((*later, *earlier)):
        if key not in later:
            move, source, target = earlier[key]
            yield replace(move, change=Change.removed), source, target
        elif key not in earlier:
            move, source, target = later[key]
            yield replace(move, change=Change.added), source, target
        else:
            move, source, target = later[key]
            yield _move(earlier[key][0], move), source, target


def _key(step: _Step) -> tuple[str, str, tuple[str, ...], str, str]:
    move, source, target = step
    return move.trigger, move.says, move.roles, source, target


def _move(old: Move, new: Move) -> Move:
    if old == new:
        return new
    clock = _clock(old.clock, new.clock) if old.clock and new.clock else new.clock
    return replace(new, clock=clock, condition=_both_conditions(old.condition, new.condition), change=Change.changed)


def _both_conditions(old: str, new: str) -> str:
    return new if old == new else f"{new or 'always'} (before: {old or 'always'})"
