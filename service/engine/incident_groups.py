"""Incidents for people: what is reported again and again about the same thing is one, however often that was."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Row, case, func, select

from service.engine.lists import before, instant, page, read_cursor, seen_incidents
from service.engine.reading import Reader
from service.storage.column_types import Instant
from workflows.receipts import iso


def same_thing(incident: FromClause) -> tuple[ColumnElement[Any], ...]:
    """What incidents about the same thing have in common: the matter and the kind; without a matter, the words too."""
    about_no_matter = case((incident.c.matter_id.is_(None), incident.c.detail), else_=None)
    return incident.c.matter_id, incident.c.kind, about_no_matter


def list_incident_groups(reader: Reader, cursor: str | None, limit: int, *, is_open: bool) -> dict[str, Any]:
    """A page of what there are or were incidents about, the newest of each, with how many there are and since when.

    Raises CursorError.
    """
    seen = seen_incidents(reader.viewer).subquery("seen")
    ended = seen.c.ended_at.is_(None) if is_open else seen.c.ended_at.is_not(None)
    same = same_thing(seen)
    groups = select(
        seen,
        func.row_number().over(partition_by=same, order_by=(seen.c.at.desc(), seen.c.id.desc())).label("place"),
        func.count().over(partition_by=same).label("times"),
        func.min(seen.c.at, type_=Instant).over(partition_by=same).label("first_at"),
    ).where(ended).subquery("groups")  # fmt: skip
    order = (groups.c.at, groups.c.id)
    query = select(groups).where(groups.c.place == 1)
    if cursor is not None:
        query = query.where(before(order, read_cursor(cursor, instant, UUID)))
    newest_first = query.order_by(*(column.desc() for column in order)).limit(limit + 1)
    rows = list(reader.connection.execute(newest_first, reader.viewer.parameters()))
    more = [rows[limit - 1].at.isoformat(), str(rows[limit - 1].id)] if len(rows) > limit else None
    return page([_shape(row) for row in rows[:limit]], more)


def count_open_groups(reader: Reader) -> int:
    """What there are incidents about that the reader sees."""
    seen = seen_incidents(reader.viewer).subquery("seen")
    things = select(*same_thing(seen)).where(seen.c.ended_at.is_(None)).distinct().subquery("things")
    query = select(func.count()).select_from(things)
    return reader.connection.execute(query, reader.viewer.parameters()).scalar_one()


def _shape(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": str(row.id), "about": str(row.matter_id) if row.matter_id else None, "kind": row.kind,
        "detail": row.detail, "at": iso(row.at), "closed_at": iso(row.ended_at) if row.ended_at else None,
        "times": row.times, "first_at": iso(row.first_at),
    }  # fmt: skip
