"""How wide text is, and where its lines break: measured with a typeface that is here, with room for those like it.

Drawings ask for Arial or what stands in for it. Roboto is measured, whose widths are known without the reader's
machine, and a margin keeps every line of Arial, Helvetica and Liberation Sans inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from font_roboto import font_files  # type: ignore[import-untyped]

#: The widest line of Arial in any drawing, against Roboto's: 1.06 in regular and 1.10 in bold.
_MARGIN = {"Roboto": 1.08, "RobotoBold": 1.12}


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of one line in the size's unit, never less than what a browser draws."""
    face = "RobotoBold" if bold else "Roboto"
    advances = _advances(face)
    return sum(advances.get(character, 1.0) for character in text) * size * _MARGIN[face]


@cache
def _advances(face: str) -> Mapping[str, float]:
    """The width of every character of a typeface, as a part of its size."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # noqa: PLC0415 - slow to import

    with TTFont(font_files[face], lazy=True) as font:
        metrics, unit = font["hmtx"].metrics, font["head"].unitsPerEm
        return {chr(code): metrics[glyph][0] / unit for code, glyph in font.getBestCmap().items()}


def wrap(text: str, size: float, most: float, *, bold: bool = False) -> tuple[str, ...]:
    """The lines of a text that are at most so wide; a word that is wider has a line of its own."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold=bold) <= most:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)
