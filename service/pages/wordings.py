"""What is contested in a record, beside what the record says: its sections as they were sent, and as they are now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

_SECTION = "sections."
#: A text cut up, each piece with whether it is contested.
Pieces = tuple[tuple[str, bool], ...]
_DISPUTES = frozenset({"dispute", "object_late"})


class Wording(Struct, frozen=True):
    """One section as it was sent and as it is now, in pieces, each with whether it is contested."""

    title: str
    before: Pieces
    #: The words that were contested in it.
    contested: tuple[str, ...]
    #: What stands there now, None where nothing was changed.
    after: Pieces | None


class Contested(Struct, frozen=True):
    """What a supervisee does not accept: section by section, and words that stand in none of them."""

    wordings: tuple[Wording, ...]
    elsewhere: tuple[str, ...]


def contested_in(history: Sequence[Mapping[str, Any]], titles: Mapping[str, str]) -> Contested:
    """What of a record is contested, from its history; `titles` are the headings of its form's sections."""
    disputed = next((n for n, step in enumerate(history) if step["trigger"] in _DISPUTES), len(history))
    before, after = _sections(history[:disputed]), _sections(history)
    passages = [line for step in history for line in str(step["data"].get("passages", "")).splitlines() if line.strip()]
    wordings = tuple(_wordings(before, after, passages, titles))
    found = {passage for wording in wordings for passage in wording.contested}
    return Contested(wordings, tuple(passage for passage in dict.fromkeys(passages) if passage not in found))


def _sections(history: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The newest text of every section, as far as these steps go."""
    return {
        name.removeprefix(_SECTION): text
        for step in history
        for name, text in step["data"].items()
        if name.startswith(_SECTION)
    }


def _wordings(
    before: Mapping[str, str], after: Mapping[str, str], passages: Iterable[str], titles: Mapping[str, str]
) -> Iterator[Wording]:
    for name in dict.fromkeys((*titles, *before, *after)):
        old, new = before.get(name, ""), after.get(name, "")
        both = f"{old}\n{new}".casefold()
        here = tuple(dict.fromkeys(passage for passage in passages if passage.casefold() in both))
        if here or old != new:
            changed = _pieces(new, here) if old != new else None
            yield Wording(titles.get(name, name), _pieces(old, here), here, changed)


def _pieces(text: str, passages: Sequence[str]) -> Pieces:
    """The text cut where contested words begin and end."""
    if not passages:
        return ((text, False),)
    anyone = "|".join(re.escape(passage) for passage in sorted(passages, key=len, reverse=True))
    pieces = re.split(f"({anyone})", text, flags=re.IGNORECASE)
    return tuple((piece, number % 2 == 1) for number, piece in enumerate(pieces) if piece)
