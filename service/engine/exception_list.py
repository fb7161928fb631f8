"""The exception list: open intervals that no clause of the policy gives, or that somebody has approved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text

from service.engine.lists import Filter, page, read_cursor
from service.engine.reading import Reader, visible
from service.storage.matter_tables import EXCEPTIONS, WATCHED, matters


def list_exceptions(reader: Reader, wanted: Filter, cursor: str | None, limit: int) -> dict[str, Any]:
    """A page of the open intervals that the policy does not give or that somebody has approved. Raises CursorError."""
    listed = text(f"{WATCHED} AND {EXCEPTIONS[reader.connection.dialect.name]}")
    query = visible(reader.viewer.office).where(listed, *wanted.conditions()).order_by(matters.c.id).limit(limit + 1)
    if cursor is not None:
        query = query.where(matters.c.id > read_cursor(cursor, UUID)[0])
    rows = list(reader.connection.execute(query, reader.viewer.parameters()))
    items = [
        {**shape, "exception": _exception(row.data)}
        for shape, row in zip(reader.shapes(rows[:limit]), rows, strict=False)
    ]
    return page(items, [str(rows[limit - 1].id)] if len(rows) > limit else None)


def _exception(data: Mapping[str, Any]) -> dict[str, Any]:
    """Why an interval is an exception, and the clause that it goes by meanwhile; no word that anybody wrote."""
    approved = f"Approved by {data['approved_by']}." if data.get("approved_by") else None
    return {"because": data.get("exception") or approved, "every": data["every"], "clause": data.get("clause")}
