"""A copy for a portfolio: whatever the council's lists can tell somebody by is found, to be withheld (HAR-39).

The service knows cases by reference and staff by name, and no name of an adult or a carer: whoever takes the copy looks
through it for those.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from workflows.directory import Person

#: What a reference may look like: the longest run of letters, digits and what joins them.
_TOKEN = re.compile(r"[^\W_][\w./-]*[^\W_]|[^\W_]")
#: What may also stand between two references.
_JOINED = re.compile(r"[./]")
#: Shorter parts of a name are words like any other.
_SHORTEST_NAME = 3
#: What is to be read through before the copy leaves.
READ_THROUGH = (
    "References of cases and names of staff were withheld. The service knows no adult, carer or other person by name: "
    "read the copy through, and take out whatever else somebody could be recognised by, before it leaves the council."
)


def tokens(texts: Iterable[str]) -> set[str]:
    """Everything in some texts that may be a reference: each run as it stands, its parts, and either in other case."""
    runs = {run for text in texts for run in _TOKEN.findall(text)}
    found = runs | {part for run in runs for part in _JOINED.split(run) if part}
    return {one for token in found for one in (token, token.upper(), token.lower())}


def identifying(text: str, cases: Iterable[str], people: Iterable[Person]) -> list[tuple[int, int]]:
    """Where a text names one of these cases or people, as half-open spans in its order; they may overlap."""
    references = _places(text, set(cases), r"[\w-]", re.IGNORECASE)
    named = _places(text, {name for person in people for name in _names(person)}, r"\w", re.NOFLAG)
    return sorted([*references, *named])


def _places(text: str, words: set[str], inside: str, flags: re.RegexFlag) -> Iterable[tuple[int, int]]:
    """Where any of some words stands by itself, the longest first."""
    if not words:
        return ()
    any_of = "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))
    return (found.span() for found in re.finditer(rf"(?<!{inside})(?:{any_of})(?!{inside})", text, flags))


def _names(person: Person) -> Iterable[str]:
    """The whole name, its parts, and the address."""
    yield from (said for said in (person.name, person.email) if said)
    yield from (part for part in person.name.split() if len(part) >= _SHORTEST_NAME)
