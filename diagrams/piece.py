"""A part of a drawing that stands above or below the rest."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """Something drawn, and how high it is."""

    svg: str
    height: float
