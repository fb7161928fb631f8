"""The supervision that people and their cases are owed, as far as the asker sees it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from service.engine.reading import visible
from service.storage.tables import matters
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from service.engine.reading import Reader

#: What is owed to a worker: their own supervision first, then that of each case.
_OWED = (Workflow.entitlement.value, Workflow.frequency.value)


def owed_to(reader: Reader, ref: str, limit: int) -> list[dict[str, Any]]:
    """What somebody and their cases are owed, soonest due first."""
    query = (
        visible(reader.viewer.office)
        .where(matters.c.supervisee == ref, matters.c.workflow.in_(_OWED), matters.c.closed_at.is_(None))
        .order_by(matters.c.workflow, matters.c.next_due, matters.c.id)
        .limit(limit)
    )
    return reader.shapes(reader.connection.execute(query, reader.viewer.parameters()))


def duties_of(reader: Reader, supervisees: Collection[str]) -> list[dict[str, Any]]:
    """How often each of these people is to be supervised themselves."""
    query = visible(reader.viewer.office).where(
        matters.c.supervisee.in_(sorted(supervisees)), matters.c.workflow == Workflow.entitlement.value,
        matters.c.closed_at.is_(None),
    )  # fmt: skip
    return reader.shapes(reader.connection.execute(query.order_by(matters.c.id), reader.viewer.parameters()))
