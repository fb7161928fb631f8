"""Measures a layout: which boxes, labels and lines lie on each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from diagrams.layout import Layout, Path, Rect

#: Lines may end on an outline, and a label may begin beside its line.
_SLACK = 0.5
_Segment = tuple[float, float, float, float]


def overlaps(layout: Layout) -> Iterator[str]:
    """Everything that lies on something else, in words; nothing for a good drawing."""
    boxes = [(f"box {box.name}", box.place) for box in layout.boxes]
    labels = [(f"label {p.source}→{p.target}", p.label_at) for p in layout.paths if p.label_at is not None]
    places = [*boxes, *labels]
    for (one, at), (other, there) in combinations(places, 2):
        if _meet(at, there):
            yield f"{one} lies on {other}"
    for path in layout.paths:
        yield from (
            f"line {path.source}→{path.target} runs through {name}"
            for name, place in places
            if any(_crosses(segment, place) for segment in _segments(path))
        )
    for one_path, other_path in combinations(layout.paths, 2):
        if any(_run_together(a, b) for a in _segments(one_path) for b in _segments(other_path)):
            yield f"lines {one_path.source}→{one_path.target} and {other_path.source}→{other_path.target} run together"
    yield from (f"{name} is outside" for name, place in places if not _inside(place, layout))


def _inside(place: Rect, layout: Layout) -> bool:
    across = place.x >= 0 and place.x + place.width <= layout.width
    return across and place.y >= 0 and place.y + place.height <= layout.height


def _segments(path: Path) -> Iterator[_Segment]:
    for (x, y), (to_x, to_y) in pairwise(path.corners):
        yield min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y)


def _meet(one: Rect, other: Rect) -> bool:
    return (
        one.x + _SLACK < other.x + other.width
        and other.x + _SLACK < one.x + one.width
        and one.y + _SLACK < other.y + other.height
        and other.y + _SLACK < one.y + one.height
    )


def _crosses(segment: _Segment, place: Rect) -> bool:
    left, top, right, foot = segment
    return (
        left < place.x + place.width - _SLACK
        and right > place.x + _SLACK
        and top < place.y + place.height - _SLACK
        and foot > place.y + _SLACK
    )


def _run_together(one: _Segment, other: _Segment) -> bool:
    """Whether two lines lie on each other for a way; that they cross at a right angle is no harm."""
    for along, across in ((0, 1), (1, 0)):
        both_run = one[across] == one[across + 2] and other[across] == other[across + 2]
        shared = min(one[along + 2], other[along + 2]) - max(one[along], other[along])
        if both_run and shared > _SLACK and abs(one[across] - other[across]) < 3 * _SLACK:
            return True
    return False
