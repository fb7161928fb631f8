"""Whom the agreement of two people names, for the matters between them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workflows.model import Facts, Opening, Selector
from workflows.turn import Turn
from workflows.vocabulary import Workflow

_IN_FORCE = ("active", "review_due")


def between_the_two(opening: Opening, _facts: Facts) -> Iterable[Selector]:
    """The agreement of the two people of a matter that is opened."""
    return (Selector(Workflow.agreement, supervisee=opening.supervisee, supervisor=opening.supervisor),)


def named(turn: Turn, term: str) -> str | None:
    """The person whom the agreement in force names for something; None where nobody is, or who is named has left."""
    ref: str | None = _term(turn, term)
    return ref if ref and turn.facts.directory.in_post(ref, turn.on) else None


def interval(turn: Turn, term: str) -> dict[str, Any] | None:
    """The interval that the agreement in force gives, as a value and a unit; None where it gives none."""
    found: dict[str, Any] | None = _term(turn, term)
    return found


def _term(turn: Turn, term: str) -> Any:
    for matter in turn.facts.related:
        if matter.workflow is Workflow.agreement and matter.state in _IN_FORCE:
            return matter.data["terms"].get(term)
    return None
