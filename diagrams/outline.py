"""The accessible twin of a drawing: the same told as a title, a few sentences, a table and an outline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from diagrams.graph import Clock, Graph, Interval, Kind, Move, Node, Way
from diagrams.words import roles_in_words
from workflows.policy_words import listed
from workflows.vocabulary import PRODUCT_DEFAULT

#: What each kind of state waits for.
KINDS = {
    Kind.person: "somebody’s turn",
    Kind.time: "waits for time, or for an event",
    Kind.rung: "a step of escalation",
    Kind.passing: "only passed through",
    Kind.end: "an end",
}


class Row(Struct, frozen=True):
    """One row of the table: what may happen in a state, who or what does it, after how long, and where it leads."""

    state: str
    what: str
    who: str
    when: str
    clause: str
    leads_to: str
    change: str = ""


class Item(Struct, frozen=True):
    """One entry of the outline, with those below it."""

    text: str
    below: tuple[Item, ...] = ()


def told(graph: Graph) -> str:
    """The title of a drawing."""
    return f"{graph.title}: {subtitle(graph)}"


def subtitle(graph: Graph) -> str:
    """Whose policy a drawing shows, and what it is compared with."""
    own = f"{graph.policy_name} ({graph.council}), version {graph.version}"
    return f"{own}, compared with {graph.compared_with}" if graph.compared_with else own


def described(graph: Graph) -> str:
    """What a drawing shows, in a few sentences."""
    begin = listed(node.title for node in graph.nodes if node.is_initial)
    ends = listed(node.title for node in graph.nodes if node.kind is Kind.end)
    waits = [f"{node.title} waits for {node.waits_for}" for node in graph.nodes if node.waits_for]
    return (
        f"{graph.opened}: it begins with {begin}. It ends with {ends}. {'. '.join(waits)}{'. ' if waits else ''}"
        "The same stands in a table and an outline beside the picture."
    )


# -- the table
def table(graph: Graph) -> tuple[Row, ...]:
    """Everything that may happen, state by state in the order of the drawing."""
    return tuple(row for node in graph.nodes for row in _rows(graph, node))


def _rows(graph: Graph, node: Node) -> Iterator[Row]:
    for clock in node.clocks:
        yield _clock_row(node, clock)
    for move in node.meanwhile:
        yield _move_row(node, move, "stays here")
    for way in graph.ways:
        if node.name in way.sources:
            target = graph.node(way.target).title
            yield from (_move_row(node, move, target) for move in way.moves)


def _clock_row(node: Node, clock: Clock) -> Row:
    return Row(node.title, _capital(clock.says), "time", when(clock), clauses(clock.intervals), "stays here")


def _move_row(node: Node, move: Move, leads_to: str) -> Row:
    change = move.change.value if move.change else ""
    if move.clock:
        return Row(
            node.title, move.says, "time", when(move.clock), clauses(move.clock.intervals), leads_to, change
        )  # fmt: skip
    return Row(node.title, move.says, who(move), move.condition, "", leads_to, change)


def who(move: Move) -> str:
    """Who or what makes a move."""
    if move.clock:
        return "time"
    return roles_in_words(move.roles) if move.roles else "the service"


def when(clock: Clock) -> str:
    """After how long a deadline acts, for everything that it acts on."""
    now = _intervals(clock.intervals)
    return f"{now}; before: {_intervals(clock.before)}" if clock.before else now


def _intervals(intervals: Iterable[Interval]) -> str:
    return "; ".join(f"{one.words} ({one.about})" if one.about else one.words for one in intervals)


def clauses(intervals: Iterable[Interval]) -> str:
    """The clauses of several intervals, each once, the product default last."""
    found = dict.fromkeys(part for one in intervals for part in one.clause.split(", ") if part)
    return ", ".join(sorted(found, key=lambda clause: clause == PRODUCT_DEFAULT))


# -- the outline
def outline(graph: Graph) -> tuple[Item, ...]:
    """The same as a nested list: each state, whose turn it is, what may happen, and where that leads."""
    return (
        Item(f"Begins: {graph.opened}", tuple(Item(node.title) for node in graph.nodes if node.is_initial)),
        *(Item(f"{node.title} ({KINDS[node.kind]})", tuple(_about(graph, node))) for node in graph.nodes),
    )


def _about(graph: Graph, node: Node) -> Iterator[Item]:
    yield Item(node.says)
    if node.waits_for:
        yield Item(f"Waits for {node.waits_for}")
    if node.then:
        yield Item(f"When nobody is left in the line: {node.then}")
    yield from (Item(f"{when(clock)}: {clock.says} ({clauses(clock.intervals)})") for clock in node.clocks)
    if node.meanwhile:
        yield Item("While it stays here", tuple(Item(said(move)) for move in node.meanwhile))
    for way in graph.ways:
        if node.name in way.sources:
            yield _leads(graph, way)


def _leads(graph: Graph, way: Way) -> Item:
    return Item(f"Leads to {graph.node(way.target).title}", tuple(Item(said(move)) for move in way.moves))


def said(move: Move) -> str:
    """A move in one line: what it is, who makes it or when, and what the policy asks for."""
    if move.clock:
        given = clauses(move.clock.intervals)
        return f"{move.says}, {when(move.clock)}{f' ({given})' if given else ''}"
    return f"{move.says}: {who(move)}{f', {move.condition}' if move.condition else ''}"


def as_text(graph: Graph) -> str:
    """The outline as plain text."""
    return "\n".join((told(graph), *_lines(outline(graph), 0), ""))


def _lines(items: Iterable[Item], depth: int) -> Iterator[str]:
    for item in items:
        yield f"{'  ' * depth}- {item.text}"
        yield from _lines(item.below, depth + 1)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def noted(graph: Graph, notes: Mapping[str, str]) -> Graph:
    """The graph with something added to what its states say: counts, for renderers of text."""
    nodes = (replace(node, says=f"{node.says} {_capital(notes[node.name])}.") if node.name in notes else node
             for node in graph.nodes)  # fmt: skip
    return replace(graph, nodes=tuple(nodes))
