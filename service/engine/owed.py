"""The supervision that people and their cases are owed, as far as the asker sees it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, Select, String, bindparam

from service.engine.reading import visible
from service.storage.fetching import fetch
from service.storage.matter_tables import matters
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Row

    from service.engine.reading import Reader
    from service.identity.grounds import Office

#: What is owed to a worker: their own supervision first, then that of each case.
_OWED = (Workflow.entitlement.value, Workflow.frequency.value)


@cache
def _owed(office: Office) -> Select[Any]:
    to = bindparam("owed_to", type_=String)
    return (
        visible(office)
        .where(matters.c.supervisee == to, matters.c.workflow.in_(_OWED), matters.c.closed_at.is_(None))
        .order_by(matters.c.workflow, matters.c.next_due, matters.c.id)
        .limit(bindparam("most", type_=Integer))
    )


def owed_rows(reader: Reader, ref: str, limit: int) -> Sequence[Row[Any]]:
    """Rows, with their `standing`, of what somebody and their cases are owed, soonest due first."""
    values = {**reader.viewer.parameters(), "owed_to": ref, "most": limit}
    return fetch(reader.connection, _owed(reader.viewer.office), values)


def duties_of(reader: Reader, supervisees: Collection[str]) -> list[dict[str, Any]]:
    """How often each of these people is to be supervised themselves."""
    query = visible(reader.viewer.office).where(
        matters.c.supervisee.in_(sorted(supervisees)), matters.c.workflow == Workflow.entitlement.value,
        matters.c.closed_at.is_(None),
    )  # fmt: skip
    return reader.shapes(reader.connection.execute(query.order_by(matters.c.id), reader.viewer.parameters()))
