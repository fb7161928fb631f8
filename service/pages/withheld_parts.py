"""Which characters of a text are withheld: of the sentences that were ticked, and wherever certain words stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

#: From one character up to another, counted from 0.
Span = tuple[int, int]


class NotThereError(ValueError):
    """Words do not stand in the text; it says which."""


def spans_of(text: str, sentences: Iterable[str], words: Iterable[str]) -> list[Span]:
    """The parts to withhold, in order and without overlap. Raises NotThereError."""
    found = [*_each(text, sentences, _exactly), *_each(text, words, _as_words)]
    joined: list[Span] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _each(text: str, wanted: Iterable[str], pattern: Callable[[str], re.Pattern[str]]) -> Iterator[Span]:
    for one in wanted:
        places = [match.span() for match in pattern(one).finditer(text)]
        if not places:
            raise NotThereError(f"“{one}” does not stand in this section")
        yield from places


def _exactly(sentence: str) -> re.Pattern[str]:
    return re.compile(re.escape(sentence))


def _as_words(words: str) -> re.Pattern[str]:
    """Whole words, however they are capitalised: “Ann” is not withheld of “Annual”."""
    return re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)
