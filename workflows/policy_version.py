"""In which order the versions of a policy come: 9 before 10, and 2.1 after 2."""

from __future__ import annotations

import re

_PARTS = re.compile(r"[0-9]+|[^0-9]+")


def version_order(version: str) -> tuple[tuple[int, str], ...]:
    """What versions are sorted by: numbers by their value, words before numbers."""
    return tuple((int(part), "") if "0" <= part[0] <= "9" else (-1, part) for part in _PARTS.findall(version))
