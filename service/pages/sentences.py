"""What the rules say, in the language of this answer.

Rules are pure and speak English, and so do the receipts, notices and incidents that are kept. A sentence with values in
it is recognised by its pattern, which `extracting` has put into the catalogue, and its values are looked up in turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache, lru_cache

from msgspec import Struct

from service.pages.dates import long_day
from service.pages.languages import SOURCE, Language, current, gettext
from service.pages.periods import period_in_words

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_DAY = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}")
#: Between the parts of a value that is a list.
_BETWEEN = re.compile(r"(, | and | or )")
#: A sentence with the clause that it follows from.
_WITH_CLAUSE = re.compile(r"(.+)( \([^()]*\))", re.DOTALL)
#: Between two sentences of one text.
_SENTENCES = re.compile(r"(?<=[.!?]) (?=[A-Z“])")
_KEPT = 4_096
#: No sentence of the rules has more characters; what is longer is somebody's own, and slow to compare.
_LONGEST = 1_000


class Pattern(Struct, frozen=True):
    """A message with values in it, as it is recognised: by its longest piece first, which most texts do not have."""

    message: str
    piece: str
    whole: re.Pattern[str]


def translated(text: str) -> str:
    """A word or a sentence of the rules in the language of this answer; what is no message stays as it is."""
    spoken = current()
    return text if spoken.tag == SOURCE or len(text) > _LONGEST else _translated(spoken, text)


@lru_cache(_KEPT)
def _translated(spoken: Language, text: str) -> str:
    found = _as_one(spoken, text)
    if found is None:
        found = _in_parts(spoken, text)
    return text if found is None else found


def _as_one(spoken: Language, text: str) -> str | None:
    """The text as one message, with or without values, or as a period; None where it is none."""
    period = period_in_words(text)
    if period is not None:
        return period
    if text in spoken.messages:
        return spoken.catalogue.gettext(text)
    for pattern in _patterns(spoken):
        match = pattern.whole.fullmatch(text) if pattern.piece in text else None
        if match is not None:
            values = {name: _value(spoken, value) for name, value in match.groupdict().items()}
            return spoken.catalogue.gettext(pattern.message) % values
    return None


def _in_parts(spoken: Language, text: str) -> str | None:
    """A text of several sentences, each by itself; None where it is one."""
    parts = _SENTENCES.split(text)
    return " ".join(_translated(spoken, part) for part in parts) if len(parts) > 1 else None


def _value(spoken: Language, text: str) -> str:
    """What stands in a sentence: words of the rules, several of them, or a sentence with its clause; else data."""
    found = _known(spoken, text)
    if found is not None:
        return found
    with_clause = _WITH_CLAUSE.fullmatch(text)
    if with_clause is not None:
        return f"{_value(spoken, with_clause[1])}{with_clause[2]}"
    parts = _BETWEEN.split(text)
    said = [_known(spoken, part) if number % 2 == 0 else _joining(part) for number, part in enumerate(parts)]
    return text if None in said else "".join(filter(None, said))


def _known(spoken: Language, text: str) -> str | None:
    """A day, a word or a sentence of the rules; None for what is data."""
    day = _day(text)
    if day is not None:
        return long_day(day)
    return _as_one(spoken, text) or _within(spoken, text)


def _day(text: str) -> date | None:
    if _DAY.fullmatch(text) is None:
        return None
    try:
        return datetime.strptime(text, "%d %B %Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def _joining(between: str) -> str:
    match between.strip():
        case "and":
            return " " + gettext("and") + " "
        case "or":
            return " " + gettext("or") + " "
        case _:
            return between


def _within(spoken: Language, text: str) -> str | None:
    """A stored name within a sentence, as "line_manager" or "line manager", by the word that stands alone for it."""
    alone = capitalised(text.replace("_", " "))
    if alone == text or alone not in spoken.messages:
        return None
    found = spoken.catalogue.gettext(alone)
    return found[:1].lower() + found[1:]


def capitalised(words: str) -> str:
    """Words as they stand alone."""
    return words[:1].upper() + words[1:]


@cache
def _patterns(spoken: Language) -> Sequence[Pattern]:
    """What rules say with values in it, those that say most themselves first."""
    found = (message for message in spoken.said if _PLACEHOLDER.search(message))
    return sorted(map(_pattern, found), key=lambda one: (-len(_PLACEHOLDER.sub("", one.message)), one.message))


def _pattern(message: str) -> Pattern:
    literal = max(_literals(message), key=len)
    return Pattern(message, literal, re.compile("".join(_as_regex(message)), re.DOTALL))


def _literals(message: str) -> list[str]:
    return [piece.replace("%%", "%") for piece in _PLACEHOLDER.split(message)[::2]]


def _as_regex(message: str) -> Iterator[str]:
    seen: set[str] = set()
    for number, piece in enumerate(_PLACEHOLDER.split(message)):
        if number % 2 == 0:
            yield re.escape(piece.replace("%%", "%"))
        elif piece in seen:
            yield f"(?P={piece})"
        else:
            seen.add(piece)
            yield f"(?P<{piece}>.+?)"
