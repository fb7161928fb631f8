"""Which session makes good which cancelled one: the linked one, else the first that is the same meeting again.

Either takes its place for the cases that it has discussed, and for no other.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from workflows.model import Matter


def is_named(cancellation: Matter, session: Matter) -> bool:
    """Whether the cancellation waits for this very session, or is about it: a missed one that took place after all."""
    return str(session.id) in (cancellation.data.get("replacement"), str(cancellation.parent))


def would_replace(cancellation: Matter, session: Matter, cases: Iterable[str]) -> bool:
    """Whether a session on these cases is the cancelled meeting again: its kind, people and cases."""
    same = (session.kind, session.supervisee) == (cancellation.kind, cancellation.supervisee)
    members = set(cancellation.data["participants"]) <= set(session.data["participants"])
    profession = bool(session.data.get("professional")) == bool(cancellation.data.get("professional"))
    return same and members and profession and set(cancellation.data["cases"]) <= set(cases)


def missing(cancellation: Matter, cases: Iterable[str]) -> tuple[str, ...]:
    """The cases of a cancelled session that are not among these."""
    named = set(cases)
    return tuple(ref for ref in cancellation.data["cases"] if ref not in named)


def left_over(cancellation: Matter, session: Matter, discussed: Iterable[str]) -> tuple[str, ...]:
    """The cases that are still owed when a session on those that it discussed was held.

    Where that session itself was taken for missed, and was to replace no other, none is: nothing was cancelled.
    """
    never_lost = cancellation.parent == session.id and not cancellation.data["supersedes"]
    return () if never_lost else missing(cancellation, discussed)


def made_good(session: Matter, cases: Iterable[str], held_at: datetime, found: Iterable[Matter]) -> list[Matter]:
    """The cancellations that a session held at this instant makes good: those that name it, else the oldest that fits.

    A session that was over before another was cancelled, or was to begin, does not take that one's place.
    """
    waiting = sorted((m for m in found if m.closed_at is None), key=lambda m: (m.opened_at, m.id))
    named = [m for m in waiting if is_named(m, session)]
    fitting = (m for m in waiting if would_replace(m, session, cases) and _owed_since(m) < held_at)
    return named or list(fitting)[:1]


def _owed_since(cancellation: Matter) -> datetime:
    lost = (cancellation.data["cancelled_at"], cancellation.data["starts_at"])
    return min(datetime.fromisoformat(text) for text in lost)
