"""How fast this machine runs plain Python just now: a shared machine's speed changes between two figures of one run."""

from __future__ import annotations

import time

_TURNS = 1_000_000
_BEST_OF = 5


def milliseconds() -> float:
    """Processor time of a million turns of a plain loop, the best of a few: what seconds are to be compared by."""
    return min(_loop() for _ in range(_BEST_OF)) * 1e3


def _loop() -> float:
    began, total = time.process_time(), 0
    for number in range(_TURNS):
        total += number * number % 7
    return time.process_time() - began
