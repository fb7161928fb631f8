"""A part of a drawing that stands above or below the rest."""

from __future__ import annotations

from msgspec import Struct


class Piece(Struct, frozen=True):
    """Something drawn, and how high it is."""

    svg: str
    height: float
