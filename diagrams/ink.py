"""The shapes of a drawing: each kind of state is told apart by its outline, and its colour only helps."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec.structs import replace

from diagrams.blocks import Sign
from diagrams.graph import Change, Kind

if TYPE_CHECKING:
    from diagrams.layout import Rect

PAPER, TEXT, QUIET, LINE = "#ffffff", "#0b0c0c", "#484f53", "#505a5f"
#: Outline and filling by kind; each passes 4.5:1 for the text on it.
_COLOURS = MappingProxyType(
    {
        Kind.person: ("#1d70b8", "#eef5fb"),
        Kind.time: ("#505a5f", "#f3f2f1"),
        Kind.rung: ("#8a4b08", "#fdf3e4"),
        Kind.end: ("#0b0c0c", "#ffffff"),
        Kind.passing: ("#505a5f", "#ffffff"),
    }
)
_HERE, _PASSED = "#00703c", "#e6f3ec"
#: The size of most text.
SIZE = 12.5
_CORNER, _CUT, _BAR, _RADIUS = 8.0, 12.0, 6.0, 8.0
_ARROW_LONG, _ARROW_WIDE = 9.0, 4.5
#: How the outline of something that only one of two policies has is broken.
_DASHES = MappingProxyType({Change.added: "", Change.removed: ' stroke-dasharray="6 4"', Change.changed: ""})


def number(value: float) -> str:
    """A length with one decimal at most: short, and the same on every machine."""
    return f"{value:.1f}".removesuffix(".0")


def text(words: str, x: float, y: float, size: float, *, bold: bool = False, quiet: bool = False) -> str:
    """A line of text; what the whole drawing has is not said again."""
    how = "" if size == SIZE else f' font-size="{number(size)}"'
    how += ' font-weight="bold"' if bold else ""
    how += f' fill="{QUIET}"' if quiet else ""
    return f'<text x="{number(x)}" y="{number(y)}"{how}>{escape(words, quote=False)}</text>'


# -- states
def shape(kind: Kind, at: Rect, change: Change | None, *, passed: bool, here: bool) -> str:
    """The outline of a state."""
    stroke, fill = _COLOURS[kind]
    width = 4.0 if here or change is Change.added else 2.0
    ink = f'fill="{_PASSED if passed or here else fill}" stroke="{_HERE if here else stroke}" '
    ink += f'stroke-width="{number(width)}"{_DASHES[change] if change else ""}'
    match kind:
        case Kind.end:
            return _rounded(at, at.height / 2 if at.height < 3 * _CUT else 3 * _RADIUS, ink) + _inner(at, ink)
        case Kind.time:
            return _cut(at, ink)
        case Kind.rung:
            return _rung(at, ink, stroke)
        case _:
            return _rounded(at, _CORNER if kind is Kind.person else 0.0, ink)


def _rounded(at: Rect, radius: float, ink: str) -> str:
    size = f'width="{number(at.width)}" height="{number(at.height)}" rx="{number(radius)}"'
    return f'<rect x="{number(at.x)}" y="{number(at.y)}" {size} {ink}/>'


def _inner(at: Rect, ink: str) -> str:
    """The second outline of an end."""
    place = f'x="{number(at.x + 4)}" y="{number(at.y + 4)}"'
    size = f'width="{number(at.width - 8)}" height="{number(at.height - 8)}" rx="{number(3 * _RADIUS - 4)}"'
    return f"<rect {place} {size} {ink}/>"


def _cut(at: Rect, ink: str, cut: float = _CUT) -> str:
    """A box whose corners are cut off."""
    left, right, top, foot = at.x, at.x + at.width, at.y, at.y + at.height
    corners = (
        (left + cut, top), (right - cut, top), (right, top + cut), (right, foot - cut), (right - cut, foot),
        (left + cut, foot), (left, foot - cut), (left, top + cut),
    )  # fmt: skip
    return f'<path d="{_through(corners)}Z" {ink}/>'


def _rung(at: Rect, ink: str, stroke: str) -> str:
    """A box as one step of a ladder: two rails, and a bar above and below."""
    left, right, top, foot = at.x + 4, at.x + at.width - 4, at.y, at.y + at.height
    bars = "".join(f"M{number(left)} {number(y)}H{number(right)}" for y in (top + _BAR, foot - _BAR))
    rails = "".join(f"M{number(x)} {number(top)}V{number(foot)}" for x in (left, right))
    box = f'<rect x="{number(left)}" y="{number(top + 2 * _BAR)}" width="{number(right - left)}" '
    box += f'height="{number(at.height - 4 * _BAR)}" {ink}/>'
    thin, thick = (f'stroke="{stroke}" stroke-width="{width}"' for width in ("2.5", "5"))
    return f'{box}<path d="{bars}" {thin}/><path d="{rails}" {thick}/>'


def sample(kind: Kind, at: Rect) -> str:
    """A small shape for the legend."""
    stroke, fill = _COLOURS[kind]
    ink = f'fill="{fill}" stroke="{stroke}" stroke-width="1.5"'
    left, right, top, foot = at.x, at.x + at.width, at.y, at.y + at.height
    match kind:
        case Kind.end:
            inner = replace(at, x=left + 2.5, y=top + 2.5, width=at.width - 5, height=at.height - 5)
            return _rounded(at, at.height / 2, ink) + _rounded(inner, inner.height / 2, ink)
        case Kind.time:
            return _cut(at, ink, 5.0)
        case Kind.rung:
            rails = "".join(f"M{number(x)} {number(top)}V{number(foot)}" for x in (left + 2, right - 2))
            bars = "".join(f"M{number(left)} {number(y)}H{number(right)}" for y in (top + 4, foot - 4))
            return f'<path d="{rails}{bars}" {ink}/>'
        case _:
            return _rounded(at, 4.0 if kind is Kind.person else 0.0, ink)


def start(at: Rect) -> str:
    """The start: a filled dot."""
    middle = f'cx="{number(at.x + at.width / 2)}" cy="{number(at.y + at.height / 2)}"'
    return f'<circle {middle} r="{number(at.width / 2)}" fill="{TEXT}"/>'


def hub(at: Rect) -> str:
    """The place where lines from many states begin."""
    ink = f'fill="{PAPER}" stroke="{LINE}" stroke-width="1.5" stroke-dasharray="5 4"'
    return _rounded(at, at.height / 2, ink)


def rule(x: float, y: float, width: float) -> str:
    """A thin line above what is told of now."""
    return f'<path d="M{number(x)} {number(y)}h{number(width)}" stroke="{LINE}" stroke-width="1"/>'


# -- lines
def line(corners: Sequence[tuple[float, float]]) -> str:
    """A right-angled line with rounded corners and an arrow head."""
    (before_x, before_y), (x, y) = corners[-2:]
    dx, dy = _direction(before_x, before_y, x, y)
    shaft = (*corners[:-1], (x - dx * _ARROW_LONG * 0.8, y - dy * _ARROW_LONG * 0.8))
    base_x, base_y = x - dx * _ARROW_LONG, y - dy * _ARROW_LONG
    head = (
        (x, y), (base_x + dy * _ARROW_WIDE, base_y + dx * _ARROW_WIDE),
        (base_x - dy * _ARROW_WIDE, base_y - dx * _ARROW_WIDE),
    )  # fmt: skip
    stroke = f'fill="none" stroke="{LINE}" stroke-width="1.6"'
    return f'<path d="{_bent(shaft)}" {stroke}/><path d="{_through(head)}Z" fill="{LINE}"/>'


def _direction(x: float, y: float, to_x: float, to_y: float) -> tuple[float, float]:
    length = max(abs(to_x - x), abs(to_y - y)) or 1.0
    return (to_x - x) / length, (to_y - y) / length


def _through(points: Sequence[tuple[float, float]]) -> str:
    first, *others = (f"{number(x)} {number(y)}" for x, y in points)
    return f"M{first}" + "".join(f"L{point}" for point in others)


def _bent(points: Sequence[tuple[float, float]]) -> str:
    """Through all points, each corner rounded as far as its two sides allow."""
    parts = [f"M{number(points[0][0])} {number(points[0][1])}"]
    for before, at, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(_RADIUS, _far(before, at) / 2, _far(at, after) / 2)
        in_x, in_y = _direction(*before, *at)
        out_x, out_y = _direction(*at, *after)
        parts.append(f"L{number(at[0] - in_x * radius)} {number(at[1] - in_y * radius)}")
        parts.append(
            f"Q{number(at[0])} {number(at[1])} {number(at[0] + out_x * radius)} {number(at[1] + out_y * radius)}"
        )
    parts.append(f"L{number(points[-1][0])} {number(points[-1][1])}")
    return "".join(parts)


def _far(one: tuple[float, float], other: tuple[float, float]) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


# -- signs
def sign(which: Sign, x: float, middle: float) -> str:
    """A sign of 13 by 13 before a line whose middle is at this height."""
    where = f'transform="translate({number(x)} {number(middle - 6.5)})"'
    return f"<g {where}>{_SIGNS[which]}</g>"


_THIN = f'fill="none" stroke="{TEXT}" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round"'
_SIGNS = MappingProxyType(
    {
        Sign.person: f'<circle cx="6.5" cy="3.4" r="2.7" fill="{TEXT}"/>'
        f'<path d="M1.2 12.6c0-7.4 10.6-7.4 10.6 0z" fill="{TEXT}"/>',
        Sign.clock: f'<circle cx="6.5" cy="6.5" r="5.7" {_THIN}/><path d="M6.5 3v3.7l2.6 1.6" {_THIN}/>',
        Sign.service: f'<path d="M1 6.5h9.4M7.2 3l3.6 3.5L7.2 10" {_THIN}/>',
        Sign.loop: f'<path d="M10.9 4.2A5 5 0 1 0 11.5 7.5" {_THIN}/><path d="M11.4 1v3.6H7.8" {_THIN}/>',
        Sign.start: f'<circle cx="6.5" cy="6.5" r="5" fill="{TEXT}"/>',
        Sign.added: f'<path d="M6.5 1.5v10M1.5 6.5h10" stroke="{TEXT}" stroke-width="2.4"/>',
        Sign.removed: f'<path d="M1.5 6.5h10" stroke="{TEXT}" stroke-width="2.4"/>',
    }
)
