"""The words in which a policy is told: lines with their clauses, lists, periods and names of things."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from workflows.policy_parts import Period
from workflows.vocabulary import SessionKind, Unit


class Line(Struct, frozen=True):
    """One sentence, or a few, and the clause that says so; "product default" where no policy does."""

    sentence: str
    clause: str


class Chapter(Struct, frozen=True):
    """Lines about one subject."""

    title: str
    lines: tuple[Line, ...]


def line(sentence: str, given: Period) -> Line:
    """A sentence that tells a period, with the note and the clause of that period."""
    return Line(with_note(sentence, given.note), given.clause)


def with_note(sentence: str, note: str) -> str:
    """A sentence and the policy file's own remark about it."""
    return f"{sentence} {note}" if note else sentence


def within(period: Period) -> str:
    """How long something may take: "5 working days"."""
    return period.term.words()


def every(period: Period) -> str:
    """How often something happens: "every 4 weeks", "every month", "once in each calendar month"."""
    if period.unit is Unit.calendar_months:
        return "once in each calendar month"
    return f"every {within(period).removeprefix('1 ')}"


def plain(identifier: str) -> str:
    """An identifier as words: `team_manager` and `child-in-need` without their joints."""
    return identifier.replace("_", " ").replace("-", " ")


def listed(words: Iterable[str]) -> str:
    """Words as a list in a sentence: "a, b and c"."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def kinds(chosen: frozenset[SessionKind]) -> str:
    """Kinds of session, always in the same order."""
    return listed(kind for kind in SessionKind if kind in chosen)
