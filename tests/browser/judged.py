"""Which pages were judged already: journeys lead through the same ones again and again, on either database."""

from __future__ import annotations

import re

#: What differs between two pages that are the same: the ids of matters and organisations, and a form's proof.
_OWN = re.compile(r'[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}|(?<=name="proof" value=")[^"]*')
_JUDGED: set[tuple[str, bool, str]] = set()


def is_new(page: str, viewport: object, *, scripts: bool) -> bool:
    """Whether no such page was seen before in this window, with or without scripts; it is known from now on."""
    seen = (_OWN.sub("", page), scripts, str(viewport))
    is_known = seen in _JUDGED
    _JUDGED.add(seen)
    return not is_known
