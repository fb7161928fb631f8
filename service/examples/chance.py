"""Chance that repeats itself: the same seed and question get the same answer, whenever and how often it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar
from uuid import UUID

from msgspec import Struct

_T = TypeVar("_T")
_BYTES = 8
_WHOLE = 1 << 8 * _BYTES


class Chance(Struct, frozen=True):
    """Answers questions that are named by keys; nothing is remembered, so that a year can be taken up anywhere."""

    seed: str

    def of(self, *keys: object) -> float:
        """A number from 0 up to, and not including, 1."""
        return int.from_bytes(self._digest(_BYTES, keys)) / _WHOLE

    def identity(self, *keys: object) -> UUID:
        """An id of chance."""
        return UUID(bytes=self._digest(2 * _BYTES, keys))

    def _digest(self, size: int, keys: tuple[object, ...]) -> bytes:
        return blake2b("|".join((self.seed, *map(str, keys))).encode(), digest_size=size).digest()

    def happens(self, share: float, *keys: object) -> bool:
        """Yes in that share of all questions."""
        return self.of(*keys) < share

    def whole(self, low: int, high: int, *keys: object) -> int:
        """A whole number between two, both included."""
        return low + int(self.of(*keys) * (high - low + 1))

    def pick(self, options: Sequence[_T], *keys: object) -> _T:
        """One of several. Raises IndexError where there is none."""
        return options[self.whole(0, len(options) - 1, *keys)]

    def shuffled(self, things: Sequence[_T], *keys: object) -> list[_T]:
        """All of them, in an order of chance."""
        order = sorted(range(len(things)), key=lambda index: (self.of(*keys, index), index))
        return [things[index] for index in order]
