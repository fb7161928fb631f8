"""A graph as SVG: our own drawing on ELK's layout, the same bytes for the same graph, in one file without scripts.

Nothing in it is styled by a sheet or an attribute `style`, so that it shows under `default-src 'self'` and in a PDF.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from msgspec import Struct, field

from diagrams import ink
from diagrams.blocks import Block, Line, block_of_notes
from diagrams.graph import Graph, Node
from diagrams.ladder import Rung, ladder
from diagrams.layout import NOTES_HIGH, START, Box, Layout, Room, layout_of
from diagrams.legend import NARROWEST, heading, legend
from diagrams.outline import described, subtitle
from diagrams.piece import Piece


class Overlay(Struct, frozen=True):
    """What is filled into a drawing after it was laid out: at most three short lines in each state."""

    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Where a click on a state leads.
    links: Mapping[str, str] = field(default_factory=dict)
    #: The states that a matter went through, and the one that it is in.
    passed: frozenset[str] = frozenset()
    here: str | None = None
    ladder: tuple[Rung, ...] = ()
    title: str = ""
    subtitle: str = ""
    description: str = ""
    #: The boxes that have room for notes.
    room: Room = Room.open_states


def draw(graph: Graph, overlay: Overlay | None = None) -> str:
    """The drawing of a graph; with an overlay it has room for counts, or for where one matter is."""
    over = overlay or Overlay()
    layout = layout_of(graph, over.room if overlay else Room.nowhere)
    width = max(layout.width, NARROWEST)
    above = heading(over.title or graph.title, over.subtitle or subtitle(graph), width)
    asked, key = ladder(over.ladder, width), legend(graph, width)
    foot = above.height + layout.height
    return "\n".join(
        (
            *_head(graph, over, width, foot + asked.height + key.height),
            above.svg,
            f'<g transform="translate({ink.number((width - layout.width) / 2)} {ink.number(above.height)})">',
            *_paths(layout), *_boxes(graph, layout, over),
            "</g>", *_below(asked, foot), *_below(key, foot + asked.height),
            "</svg>", "",
        )
    )  # fmt: skip


def _below(piece: Piece, y: float) -> Iterator[str]:
    if piece.svg:
        yield f'<g transform="translate(0 {ink.number(y)})">{piece.svg}</g>'


def _head(graph: Graph, over: Overlay, width: float, height: float) -> Iterator[str]:
    name = f"{graph.workflow}-{graph.policy}-{graph.version}".replace(".", "-").replace("@", "-")
    wide, high = ink.number(width), ink.number(height)
    role = "graphics-document document" if over.links else "img"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
        f'role="{role}" aria-labelledby="{name}-title" aria-describedby="{name}-desc" '
        f"font-family=\"Arial, Helvetica, 'Liberation Sans', sans-serif\" "
        f'font-size="{ink.number(ink.SIZE)}" fill="{ink.TEXT}" lang="en">'
    )
    title = f"{over.title or graph.title}: {over.subtitle or subtitle(graph)}"
    yield f'<title id="{name}-title">{escape(title)}</title>'
    yield f'<desc id="{name}-desc">{escape(over.description or described(graph))}</desc>'
    yield f'<rect width="{wide}" height="{high}" fill="{ink.PAPER}"/>'


def _paths(layout: Layout) -> Iterator[str]:
    """All lines first, so that boxes and labels lie above them."""
    for path in layout.paths:
        yield ink.line(path.corners)
    for path in layout.paths:
        if path.label_at is not None:
            yield f'<g role="presentation">{"".join(_text(path.label, path.label_at.x, path.label_at.y))}</g>'


def _boxes(graph: Graph, layout: Layout, over: Overlay) -> Iterator[str]:
    nodes = {node.name: node for node in graph.nodes}
    for box in layout.boxes:
        if box.name == START:
            yield ink.start(box.place)
        elif box.name in nodes:
            yield _state(nodes[box.name], box, over)
        else:
            yield f"<g>{ink.hub(box.place)}{''.join(_inside(box))}</g>"


def _state(node: Node, box: Box, over: Overlay) -> str:
    notes = over.notes.get(node.name, ())
    label = escape(" ".join((f"{node.title}.", node.says, *(f"{note}." for note in notes))))
    shape = ink.shape(node.kind, box.place, node.change, passed=node.name in over.passed, here=node.name == over.here)
    inner = "".join((shape, *_inside(box), *_noted(box, notes)))
    href = over.links.get(node.name)
    if href is not None:
        return f'<a href="{escape(href)}" aria-label="{label}">{inner}</a>'
    return f'<g role="group" aria-label="{label}">{inner}</g>' if over.links else f"<g>{inner}</g>"


def _inside(box: Box) -> Iterator[str]:
    across, down = box.padding
    yield from _text(box.block, box.place.x + across, box.place.y + down)


def _noted(box: Box, notes: tuple[str, ...]) -> Iterator[str]:
    if notes:
        across, down = box.padding
        foot = box.place.y + box.place.height - down - NOTES_HIGH
        yield ink.rule(box.place.x + across, foot + 2, box.place.width - 2 * across)
        yield from _text(block_of_notes(notes), box.place.x + across, foot + 6)


def _text(block: Block, x: float, y: float) -> Iterator[str]:
    """The lines of a block, one below the other; signs before them."""
    for line in block.lines:
        y += line.height
        baseline = y - line.style.size * 0.32
        if line.sign:
            yield ink.sign(line.sign, x, baseline - line.style.size * 0.36)
        yield _line(line, x + line.indent, baseline)


def _line(line: Line, x: float, y: float) -> str:
    return ink.text(line.text, x, y, line.style.size, bold=line.style.bold, quiet=line.style.quiet)
