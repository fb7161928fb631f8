"""What stands around a drawing: its heading above, and below it what the shapes and signs mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from diagrams import ink
from diagrams.blocks import SIGN, SMALL, TEXT, Sign, has_default
from diagrams.graph import Graph, Kind
from diagrams.layout import Rect
from diagrams.measure import width, wrap
from diagrams.outline import KINDS
from diagrams.piece import Piece

_SIGNS = (
    (Sign.person, "somebody does it"),
    (Sign.clock, "time does it"),
    (Sign.service, "the service does it, after something else"),
    (Sign.loop, "it stays where it is"),
    (Sign.start, "the start"),
)
_COMPARED = ((Sign.added, "added"), (Sign.removed, "removed"))
_DEFAULT = "product default: a value that no policy gives; this service sets it until the council does"
_LARGE, _SAMPLE, _GAP, _ROW, _LEFT = 21.0, 26.0, 22.0, 22.0, 16.0
#: No drawing is narrower, so that its heading and its legend have room.
NARROWEST = 520.0


def heading(title: str, subtitle: str, wide: float) -> Piece:
    """The title of a drawing and, below it, whose policy it is."""
    y, parts = 18.0, []
    for text, size, bold in ((title, _LARGE, True), (subtitle, TEXT.size, False)):
        for part in wrap(text, size, wide - 2 * _LEFT, bold=bold):
            y += size * 1.25
            parts.append(ink.text(part, _LEFT, y, size, bold=bold))
    return Piece("".join(parts), y + 14)


def legend(graph: Graph, wide: float) -> Piece:
    """The shapes and signs that occur, in rows as wide as the drawing."""
    x, y, parts = _LEFT, 8.0, [ink.rule(_LEFT, 4.0, wide - 2 * _LEFT)]
    for text, sample in _entries(graph):
        needs = _SAMPLE + 8 + width(text, SMALL.size)
        if x > _LEFT and x + needs > wide - _LEFT:
            x, y = _LEFT, y + _ROW
        parts.append(sample(x, y))
        parts.append(_said(text, x + _SAMPLE + 8, y + 15))
        x += needs + _GAP
    y += _ROW
    if has_default(graph):
        for part in wrap(_DEFAULT, SMALL.size, wide - 2 * _LEFT):
            parts.append(_said(part, _LEFT, y + 15))
            y += SMALL.size * 1.4
    return Piece("".join(parts), y + 16)


def _entries(graph: Graph) -> Iterator[tuple[str, Callable[[float, float], str]]]:
    used = {node.kind for node in graph.nodes}
    for kind in Kind:
        if kind in used:
            yield KINDS[kind], _shape(kind)
    for sign, text in (*_SIGNS, *(_COMPARED if graph.compared_with else ())):
        yield text, _sign(sign)


def _shape(kind: Kind) -> Callable[[float, float], str]:
    def sample(x: float, y: float) -> str:
        return ink.sample(kind, Rect(x, y + 3, _SAMPLE, 16))

    return sample


def _sign(sign: Sign) -> Callable[[float, float], str]:
    def sample(x: float, y: float) -> str:
        return ink.sign(sign, x + (_SAMPLE - SIGN) / 2 + 2, y + 11)

    return sample


def _said(text: str, x: float, y: float) -> str:
    return ink.text(text, x, y, SMALL.size, quiet=True)
