"""Counts of one process in windows of time, each from its first hit on."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

#: Counts to keep before those that are over are forgotten.
_MANY = 10_000


class OwnCounts:
    """The storage in memory that comes with `limits` starts a thread for every request that comes alone."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._counts: dict[str, tuple[float, int]] = {}
        self._lock = Lock()

    def add(self, key: str, seconds: int) -> tuple[int, float]:
        """Count in the window that is open, or open one for so long: how many there are, and when it closes."""
        now = self._clock()
        with self._lock:
            until, count = self._counts.get(key, (0.0, 0))
            if until <= now:
                until, count = now + seconds, 0
                self._forget(now)
            self._counts[key] = (until, count + 1)
        return count + 1, until

    def fill(self, key: str, amount: int, until: float) -> None:
        """Let a window be full until then, as others have filled it."""
        with self._lock:
            self._counts[key] = (until, amount)

    def _forget(self, now: float) -> None:
        if len(self._counts) >= _MANY:
            self._counts = {key: found for key, found in self._counts.items() if found[0] > now}

    def __len__(self) -> int:
        return len(self._counts)
