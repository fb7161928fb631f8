"""Handwritten notes: allowed only where the agreement in force between the two says so, and scanned (CBC-56)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workflows.model import Facts, Matter, Selector
from workflows.record_form import record_rules
from workflows.turn import Turn
from workflows.vocabulary import Workflow

#: The states in which an agreement is in force.
_IN_FORCE = frozenset({"active", "review_due"})


def agreements_looked_at(matter: Matter, data: Any, _facts: Facts) -> Iterable[Selector]:
    """The agreement of the two; looked for only where notes were written by hand."""
    if data.handwritten is not None:
        yield Selector(Workflow.agreement, supervisee=matter.supervisee, supervisor=matter.supervisor)


def may_be_handwritten(turn: Turn, data: Any) -> str | None:
    """Whether notes that were written by hand may be sent as the record."""
    return None if data.handwritten is None else handwriting_agreed(turn)


def handwriting_agreed(turn: Turn) -> str | None:
    """Whether the agreement in force allows it; where none is known it is refused."""
    for matter in turn.facts.related:
        in_force = matter.workflow is Workflow.agreement and matter.state in _IN_FORCE
        if in_force and matter.data.get("terms", {}).get("handwriting"):
            return None
    clause = record_rules(turn).handwriting_clause
    return f"No agreement in force between the two allows handwritten records ({clause}): type the record."


def keep_scan(turn: Turn, data: Any) -> None:
    """Keep where the scan is; the reference is sealed like any text."""
    if data.handwritten is not None:
        turn.keep(handwritten=True)
        turn.write(scan=data.handwritten.scan)
