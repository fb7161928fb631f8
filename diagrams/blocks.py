"""The text of a drawing as blocks of lines: what stands in a state's box and beside a line, with its size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct

from diagrams.graph import Change, Clock, Graph, Interval, Kind, Move, Node, Way
from diagrams.measure import width, wrap
from diagrams.words import roles_in_words
from workflows.vocabulary import PRODUCT_DEFAULT


class Sign(StrEnum):
    """The sign before a line: who or what makes it happen, told apart by shape."""

    none = ""
    person = "person"
    clock = "clock"
    service = "service"
    loop = "loop"
    start = "start"
    added = "added"
    removed = "removed"


class Style(Struct, frozen=True):
    """How large a line is, and whether it is bold or quiet."""

    size: float
    bold: bool = False
    quiet: bool = False


TITLE, TEXT, STRONG, SMALL = Style(15, bold=True), Style(12.5), Style(12.5, bold=True), Style(11.5, quiet=True)
#: The room that a sign takes before its line.
SIGN = 18.0
_LEADING = 1.32
_BOX, _LABEL = 236.0, 178.0
#: The lines that are kept free in each box for what is told of now.
ROOM = 3


class Line(Struct, frozen=True):
    """One line of text, with the sign before it, if it has one."""

    text: str
    style: Style
    sign: Sign = Sign.none
    indent: float = 0.0
    #: A little more room above, where something else begins.
    gap: float = 0.0

    @property
    def height(self) -> float:
        """How far the next line is below."""
        return self.style.size * _LEADING + self.gap

    @property
    def width(self) -> float:
        """Sign and text together."""
        return self.indent + width(self.text, self.style.size, bold=self.style.bold)


class Block(Struct, frozen=True):
    """Lines that belong together."""

    lines: tuple[Line, ...]

    @property
    def width(self) -> float:
        """The widest line."""
        return max((line.width for line in self.lines), default=0.0)

    @property
    def height(self) -> float:
        """All lines."""
        return sum(line.height for line in self.lines)


def block_of(node: Node, *, begins_here: bool = False) -> Block:
    """What stands in a state's box; `begins_here` where a matter may begin in it and no line says so."""
    lines = [*_plain(node.title, TITLE, _BOX), *_plain(node.says, TEXT, _BOX)]
    if node.waits_for:
        lines += _signed(f"Waits for {node.waits_for}", TEXT, Sign.person, _BOX, gap=4)
    elif node.kind is Kind.time:
        text, sign = (
            ("Waits for time", Sign.clock) if node.is_timed else ("Waits for something elsewhere", Sign.service)
        )
        lines += _signed(text, TEXT, sign, _BOX, gap=4)
    if begins_here:
        lines += _signed("May begin here", TEXT, Sign.start, _BOX, gap=4)
    if node.then:
        lines += _signed(f"When nobody is left in the line: {node.then}", SMALL, Sign.person, _BOX, gap=2)
    for clock in node.clocks:
        lines += _marked(clock.change, _clock(clock, clock.says[:1].upper() + clock.says[1:], _BOX))
    for move in node.meanwhile:
        lines += _move(move, _BOX, Sign.loop)
    return Block(tuple(_marked(node.change, lines)))


def label_of(way: Way) -> Block:
    """What stands beside a line."""
    return Block(tuple(line for move in way.moves for line in _move(move, _LABEL)))


def block_of_hub(graph: Graph, sources: tuple[str, ...]) -> Block:
    """What stands where lines begin that lead away from many states."""
    if set(sources) == set(graph.open_states):
        return Block(tuple(_plain("At any time before the end", STRONG, _BOX)))
    names = ", ".join(graph.node(name).title for name in sources)
    return Block((*_plain("From any of", STRONG, _BOX), *_plain(names, TEXT, _BOX)))


def block_of_start(graph: Graph) -> Block:
    """What stands beside the start."""
    return Block(tuple(_plain(graph.opened, TEXT, _LABEL)))


def block_of_notes(notes: Iterable[str]) -> Block:
    """What is told of now, in the room that is kept for it."""
    return Block(tuple(Line(text, SMALL if index else STRONG) for index, text in enumerate(notes)))


# -- lines
def _plain(text: str, style: Style, most: float) -> list[Line]:
    return [Line(part, style) for part in wrap(text, style.size, most, bold=style.bold)]


def _signed(text: str, style: Style, sign: Sign, most: float, gap: float = 0.0) -> list[Line]:
    parts = wrap(text, style.size, most - SIGN, bold=style.bold)
    return [
        Line(part, style, Sign.none if index else sign, SIGN, 0.0 if index else gap) for index, part in enumerate(parts)
    ]


def _move(move: Move, most: float, loop: Sign = Sign.none) -> list[Line]:
    """A move with who makes it, or with the clock that does."""
    if move.clock is not None:
        return _marked(move.change, _clock(move.clock, move.says, most))
    if not move.roles:
        return _marked(move.change, _signed(move.says, TEXT, loop or Sign.service, most, gap=4))
    lines = _signed(move.says, STRONG, loop or Sign.person, most, gap=4)
    lines += _below(roles_in_words(move.roles), SMALL, most)
    if move.condition:
        lines += _below(move.condition, SMALL, most)
    return _marked(move.change, lines)


def _clock(clock: Clock, says: str, most: float) -> list[Line]:
    """What time does: what follows, then each interval with its clause, or marked as a product default."""
    lines = _signed(says, TEXT, Sign.clock, most, gap=4)
    for interval in clock.intervals:
        lines += _below(interval_in_words(interval), SMALL, most)
    for interval in clock.before:
        lines += _below(f"before: {interval_in_words(interval)}", SMALL, most)
    return lines


def _below(text: str, style: Style, most: float) -> list[Line]:
    return [Line(part, style, indent=SIGN) for part in wrap(text, style.size, most - SIGN)]


def _marked(change: Change | None, lines: list[Line]) -> list[Line]:
    """Say of something whether only one of two policies has it."""
    if change in {Change.added, Change.removed}:
        sign = Sign(change.value)
        return [*_signed(f"{change.value.capitalize()}:", STRONG, sign, _LABEL, gap=4), *lines]
    return lines


def interval_in_words(interval: Interval) -> str:
    """An interval with what it is about, and with its clause or the mark that no policy gives it."""
    about = f"{interval.about}, " if interval.about else ""
    if not interval.clause:
        return f"{interval.words} ({interval.about})" if interval.about else interval.words
    return f"{interval.words} ({about}{interval.clause})"


def has_default(graph: Graph) -> bool:
    """Whether anything that is drawn is a product default."""
    return any(PRODUCT_DEFAULT in line.text for line in _all_lines(graph))


def _all_lines(graph: Graph) -> Iterator[Line]:
    for node in graph.nodes:
        yield from block_of(node).lines
    for way in graph.ways:
        yield from label_of(way).lines
