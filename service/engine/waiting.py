"""What waits for somebody: soonest due first, and what has no date last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Row, Select, Uuid, and_, bindparam, func, or_

from service.engine.lists import FAR, instant, page, read_cursor
from service.engine.reading import Reader, visible
from service.identity.access import waits_for
from service.identity.grounds import Office
from service.storage.column_types import Instant
from service.storage.fetching import fetch
from service.storage.matter_tables import matters


@cache
def _from_the_soonest(office: Office, dialect: str, workflow: str | None) -> Select[Any]:
    soonest = func.coalesce(matters.c.next_due, FAR, type_=Instant)
    query = visible(office).add_columns(soonest.label("soonest")).where(waits_for(office, dialect))
    if workflow is not None:
        query = query.where(matters.c.workflow == workflow)
    return query.order_by(soonest, matters.c.id).limit(bindparam("most", type_=Integer))


@cache
def _further(office: Office, dialect: str, workflow: str | None) -> Select[Any]:
    soonest = func.coalesce(matters.c.next_due, FAR, type_=Instant)
    at, last = bindparam("after", type_=Instant), bindparam("last", type_=Uuid)
    beyond = or_(soonest > at, and_(soonest == at, matters.c.id > last))
    return _from_the_soonest(office, dialect, workflow).where(beyond)


def waiting_rows(
    reader: Reader, cursor: str | None, limit: int, workflow: str | None = None
) -> tuple[Sequence[Row[Any]], list[str] | None]:
    """Rows of matters with their `standing`, and what the next page goes on after, if there is one.

    Raises CursorError.
    """
    own = (reader.viewer.office, reader.connection.dialect.name, workflow)
    values: dict[str, Any] = {**reader.viewer.parameters(), "most": limit + 1}
    if cursor is None:
        query = _from_the_soonest(*own)
    else:
        query = _further(*own)
        values |= dict(zip(("after", "last"), _place(cursor), strict=True))
    rows = fetch(reader.connection, query, values)
    more = [rows[limit - 1].soonest.isoformat(), str(rows[limit - 1].id)] if len(rows) > limit else None
    return rows[:limit], more


def _place(cursor: str) -> tuple[datetime, UUID]:
    at, last = read_cursor(cursor, instant, UUID)
    return at, last


def inbox(reader: Reader, cursor: str | None, limit: int, workflow: str | None = None) -> dict[str, Any]:
    """A page of what waits for the asker, of one workflow or of all. Raises CursorError."""
    rows, more = waiting_rows(reader, cursor, limit, workflow)
    return page(reader.shapes(rows), more)
