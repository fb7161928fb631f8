"""Circles: people who stand above themselves, so that nobody could ever be asked last."""

from __future__ import annotations

from collections.abc import Mapping

#: The most people that a sentence about a circle names.
_NAMED = 8


def circles(above: Mapping[str, str | None]) -> dict[str, tuple[str, ...]]:
    """Everybody who is on a circle, with the circle as it starts from them. `above` says who is above whom."""
    found: dict[str, tuple[str, ...]] = {}
    done: set[str] = set()
    for start in above:
        path: dict[str, None] = {}
        here: str | None = start
        while here is not None and here not in done and here not in path:
            path[here] = None
            here = above.get(here)
        if here in path:
            walked = list(path)
            ring = walked[walked.index(here) :]
            found |= (
                {ref: (*ring[i:], *ring[:i]) for i, ref in enumerate(ring)}
                if len(ring) <= _NAMED
                else (dict.fromkeys(ring, tuple(ring)))
            )
        done.update(path)
    return found


def in_words(circle: tuple[str, ...]) -> str:
    """The circle for a sentence: a → b → a."""
    shown = circle[:_NAMED]
    rest = ("…",) if len(circle) > _NAMED else ()
    return " → ".join((*shown, *rest, circle[0]))
