"""Periods in words: "3 working days", in the form that the language has for the number."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from service.pages.languages import ngettext

_PERIOD = re.compile(r"(\d+) (working day|day|hour|week|month|year|calendar month)s?")
_IN_WORDS: Mapping[str, Callable[[int], str]] = {
    "working day": lambda n: ngettext("%(num)s working day", "%(num)s working days", n),
    "day": lambda n: ngettext("%(num)s day", "%(num)s days", n),
    "hour": lambda n: ngettext("%(num)s hour", "%(num)s hours", n),
    "week": lambda n: ngettext("%(num)s week", "%(num)s weeks", n),
    "month": lambda n: ngettext("%(num)s month", "%(num)s months", n),
    "year": lambda n: ngettext("%(num)s year", "%(num)s years", n),
    "calendar month": lambda n: ngettext("%(num)s calendar month", "%(num)s calendar months", n),
}


def period_in_words(text: str) -> str | None:
    """A period that the rules have put into words, in the language of this answer; None where it is no period."""
    found = _PERIOD.fullmatch(text)
    return _IN_WORDS[found[2]](int(found[1])) if found else None
