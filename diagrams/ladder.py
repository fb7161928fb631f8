"""Who is asked after whom about one matter, drawn as a ladder below its drawing."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from diagrams import ink
from diagrams.blocks import TEXT
from diagrams.measure import wrap
from diagrams.piece import Piece

_LEFT, _RAIL, _ROW, _PAD = 16.0, 14.0, 8.0, 26.0


class Stands(StrEnum):
    """How somebody on the line stands to being asked."""

    asked = "asked"
    has_it = "has it now"
    skipped = "skipped"
    ahead = "asked next"


class Rung(Struct, frozen=True):
    """Somebody on the line: who, how they stand to it, and when or why."""

    name: str
    stands: Stands
    because: str = ""

    def in_words(self) -> str:
        """The rung as a sentence."""
        return f"{self.name}: {self.stands.value}{f', {self.because}' if self.because else ''}"


def ladder(rungs: Sequence[Rung], wide: float) -> Piece:
    """The ladder from the first who is asked to the last, as high as its rungs need."""
    if not rungs:
        return Piece("", 0.0)
    y, parts = 14.0, []
    parts.append(_said("Who is asked after whom", _LEFT, y + 12, bold=True))
    y += 28
    top = y
    for rung in rungs:
        lines = wrap(rung.in_words(), TEXT.size, wide - 2 * _LEFT - _PAD)
        middle = y + _ROW + TEXT.size * 0.7
        parts.append(_step(rung.stands, middle))
        for index, line in enumerate(lines):
            bold = rung.stands is Stands.has_it
            parts.append(_said(line, _LEFT + _PAD, y + _ROW + TEXT.size * (1 + 1.3 * index), bold=bold))
        y += _ROW * 2 + TEXT.size * 1.3 * len(lines)
    rails = "".join(f"M{ink.number(x)} {ink.number(top)}V{ink.number(y)}" for x in (_LEFT, _LEFT + _RAIL))
    parts.insert(0, f'<path d="{rails}" stroke="{ink.TEXT}" stroke-width="3"/>')
    return Piece("".join(parts), y + 10)


def _step(stands: Stands, middle: float) -> str:
    """A bar between the rails: broken for whoever was passed over, thin for whoever is still to be asked."""
    dashes = ' stroke-dasharray="3 3"' if stands is Stands.skipped else ""
    width = {Stands.has_it: "6", Stands.ahead: "1.5"}.get(stands, "3")
    place = f"M{ink.number(_LEFT)} {ink.number(middle)}h{ink.number(_RAIL)}"
    return f'<path d="{place}" stroke="{ink.TEXT}" stroke-width="{width}"{dashes}/>'


def _said(text: str, x: float, y: float, *, bold: bool) -> str:
    return ink.text(text, x, y, TEXT.size, bold=bold)
