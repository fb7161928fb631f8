"""How long matters stay in a state: lengths of time as people are told of them, and how many stayed so long."""

from __future__ import annotations

from collections import Counter
from math import ceil

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def rounded(seconds: float) -> int:
    """A length of time in whole units of the largest kind that says enough, in seconds.

    Longer ones are never rounded to less, so that what half of them stay up to is the same before and after.
    """
    unit = next((size for size in (_DAY, _HOUR) if seconds >= size), _MINUTE)
    return round(seconds / unit) * unit


def length(seconds: int) -> str:
    """A rounded length of time in words: "3 days", "40 minutes"."""
    name, size = next(((name, size) for name, size in (("day", _DAY), ("hour", _HOUR)) if seconds >= size),
                      ("minute", _MINUTE))  # fmt: skip
    number = seconds // size
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def up_to(stays: Counter[int], share: float) -> int:
    """The length that at least such a share of them stayed up to. There must be some."""
    wanted = ceil(stays.total() * share)
    for seconds in sorted(stays):
        wanted -= stays[seconds]
        if wanted <= 0:
            break
    return seconds
