"""A drawing as PNG: the few kinds of SVG element that our drawings have, painted large and then made smooth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from itertools import pairwise
from xml.etree import ElementTree as ET

from font_roboto import font_files  # type: ignore[import-untyped]
from fontTools.pens.recordingPen import RecordingPen  # type: ignore[import-untyped]
from fontTools.svgLib.path import parse_path  # type: ignore[import-untyped]
from msgspec import Struct
from PIL import Image, ImageDraw, ImageFont

#: Pixels of the picture for one unit of the drawing, and of the canvas for one of the picture: edges are smooth so.
_SCALE, _SMOOTH = 1.5, 2
_FINE = _SCALE * _SMOOTH
#: Into how many straight pieces a curve is cut.
_PIECES = 8
_MOVE = re.compile(r"translate\(([-\d.]+)[ ,]([-\d.]+)\)")
_Point = tuple[float, float]


class _Canvas(Struct, frozen=True):
    ink: ImageDraw.ImageDraw

    def at(self, points: list[_Point]) -> list[_Point]:
        return [(x * _FINE, y * _FINE) for x, y in points]


def as_png(svg: str) -> bytes:
    """The picture of a drawing, for whoever can open no SVG."""
    root = ET.fromstring(svg)  # noqa: S314 - our own drawing
    wide, high = (float(root.get(name, "0")) for name in ("width", "height"))
    image = Image.new("RGB", (round(wide * _FINE), round(high * _FINE)), "white")
    _paint(_Canvas(ImageDraw.Draw(image)), root, 0.0, 0.0)
    small = image.resize((round(wide * _SCALE), round(high * _SCALE)), Image.Resampling.BOX)
    written = BytesIO()
    small.save(written, "PNG")
    return written.getvalue()


def _paint(canvas: _Canvas, element: ET.Element, x: float, y: float) -> None:
    moved = _MOVE.match(element.get("transform", ""))
    x, y = (x + float(moved[1]), y + float(moved[2])) if moved else (x, y)
    match element.tag.rpartition("}")[2]:
        case "text":
            _text(canvas, element, x, y)
        case "rect" | "circle" | "path":
            for points in _outlines(element):
                _outline(canvas, element, [(px + x, py + y) for px, py in points])
        case _:
            pass
    for child in element:
        _paint(canvas, child, x, y)


def _text(canvas: _Canvas, element: ET.Element, x: float, y: float) -> None:
    face = "RobotoBold" if element.get("font-weight") else "Roboto"
    font = _font(face, float(element.get("font-size", "12.5")))
    place = ((x + float(element.get("x", "0"))) * _FINE, (y + float(element.get("y", "0"))) * _FINE)
    canvas.ink.text(place, element.text or "", fill=element.get("fill", "#0b0c0c"), font=font, anchor="ls")


@cache
def _font(face: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_files[face], round(size * _FINE))


def _outline(canvas: _Canvas, element: ET.Element, points: list[_Point]) -> None:
    fill, stroke = element.get("fill", "none"), element.get("stroke")
    scaled = canvas.at(points)
    if fill != "none" and len(points) > 2:  # noqa: PLR2004 - two points have no inside
        canvas.ink.polygon(scaled, fill=fill)
    if stroke is None:
        return
    width = round(float(element.get("stroke-width", "1")) * _FINE)
    dashes = [float(part) * _FINE for part in element.get("stroke-dasharray", "").split()]
    for piece in _dashed(scaled, dashes) if dashes else (scaled,):
        canvas.ink.line(piece, fill=stroke, width=width, joint="curve")


def _dashed(points: list[_Point], dashes: list[float]) -> Iterator[list[_Point]]:
    """A line cut into its dashes."""
    drawn, left = True, dashes[0]
    for (x, y), (to_x, to_y) in pairwise(points):
        length = ((to_x - x) ** 2 + (to_y - y) ** 2) ** 0.5
        done = 0.0
        while done < length:
            step = min(left, length - done)
            ends = [((done + part) / length) for part in (0.0, step)]
            if drawn:
                yield [(x + (to_x - x) * end, y + (to_y - y) * end) for end in ends]
            done, left = done + step, left - step
            if left <= 0:
                drawn = not drawn
                left = dashes[0] if drawn else dashes[1]


# -- outlines as points
def _outlines(element: ET.Element) -> Iterator[list[_Point]]:
    match element.tag.rpartition("}")[2]:
        case "rect":
            yield from _flat(_rounded(element))
        case "circle":
            x, y, radius = (float(element.get(name, "0")) for name in ("cx", "cy", "r"))
            ring = (
                f"M{x - radius} {y}A{radius} {radius} 0 1 1 {x + radius} {y}A{radius} {radius} 0 1 1 {x - radius} {y}Z"
            )
            yield from _flat(ring)
        case _:
            yield from _flat(element.get("d", ""))


def _rounded(element: ET.Element) -> str:
    x, y, wide, high, given = (float(element.get(name, "0")) for name in ("x", "y", "width", "height", "rx"))
    r = min(given, wide / 2, high / 2)
    right, foot = x + wide, y + high
    if not r:
        return f"M{x} {y}H{right}V{foot}H{x}Z"
    return (
        f"M{x + r} {y}H{right - r}A{r} {r} 0 0 1 {right} {y + r}V{foot - r}A{r} {r} 0 0 1 {right - r} {foot}"
        f"H{x + r}A{r} {r} 0 0 1 {x} {foot - r}V{y + r}A{r} {r} 0 0 1 {x + r} {y}Z"
    )


@cache
def _commands(path: str) -> tuple[tuple[str, tuple[_Point, ...]], ...]:
    pen = RecordingPen()
    parse_path(path, pen)
    return tuple(pen.value)


def _flat(path: str) -> Iterator[list[_Point]]:
    """The straight pieces of a path, one list for each of its parts."""
    points: list[_Point] = []
    for name, values in _commands(path):
        match name:
            case "moveTo":
                points = [values[0]]
            case "lineTo":
                points.append(values[0])
            case "qCurveTo" | "curveTo":
                points += _curve(points[-1], values)
            case "closePath":
                yield [*points, points[0]]
                points = []
            case _:
                if len(points) > 1:
                    yield points
                points = []


def _curve(start: _Point, values: tuple[_Point, ...]) -> Iterator[_Point]:
    """Points on a curve of any degree, by repeated halving of its control polygon."""
    controls = (start, *values)
    for piece in range(1, _PIECES + 1):
        part, rest = piece / _PIECES, list(controls)
        while len(rest) > 1:
            rest = [(x + (to_x - x) * part, y + (to_y - y) * part) for (x, y), (to_x, to_y) in pairwise(rest)]
        yield rest[0]
