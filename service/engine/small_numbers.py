"""Counts from which nobody can be recognised: small ones are withheld, and with them what they could be worked out of.

No policy gives a limit; under five is a product default, as is usual for figures about people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

#: The smallest number that is shown to those who may not list what is counted (product default).
SMALLEST = 5


class Count(Struct, frozen=True):
    """How many are open, and how many of those are overdue; None is a number that is withheld."""

    open: int | None
    overdue: int | None = 0


def withheld(counts: Mapping[str, Count]) -> dict[str, Count]:
    """The same counts, without the small ones: none is between nought and five, nor what is left beside a part."""
    return {name: _safe(count) for name, count in counts.items()}


def _safe(count: Count) -> Count:
    if count.open is None or 0 < count.open < SMALLEST:
        return Count(None, None)
    overdue = count.overdue
    tells_of_few = overdue is not None and (0 < overdue < SMALLEST or 0 < count.open - overdue < SMALLEST)
    return Count(count.open, None if tells_of_few else overdue)


def total(counts: Mapping[str, Count]) -> int | None:
    """All together; None as soon as one of them is withheld, which could be worked out of it."""
    return _sum(count.open for count in counts.values())


def total_overdue(counts: Mapping[str, Count]) -> int | None:
    """All that is overdue; None as soon as one of them is withheld."""
    return _sum(count.overdue for count in counts.values())


def _sum(numbers: Iterable[int | None]) -> int | None:
    found = list(numbers)
    known = [number for number in found if number is not None]
    return sum(known) if len(known) == len(found) else None
