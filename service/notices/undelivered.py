"""What reached nobody, for administrators: who, by which way and why, and never what it was about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from service.engine.lists import before, instant, page, read_cursor
from service.engine.reading import Reader
from service.storage.notice_tables import LOST, deliveries, messages
from workflows.receipts import iso


def list_undelivered(reader: Reader, cursor: str | None, limit: int) -> dict[str, Any]:
    """A page of messages that came back or were refused, newest first, while their notices were not sent anew.

    Raises CursorError.
    """
    own = and_(
        deliveries.c.organisation_id == messages.c.organisation_id, deliveries.c.message_id == messages.c.id
    )  # fmt: skip
    carries = select(func.count()).select_from(deliveries).where(own).scalar_subquery()
    query = select(messages, carries.label("notices")).where(
        messages.c.organisation_id == reader.viewer.organisation_id,
        messages.c.status.in_(LOST),
        messages.c.why != "left",
        carries > 0,
    )
    order = (messages.c.tried_at, messages.c.id)
    if cursor is not None:
        query = query.where(before(order, read_cursor(cursor, instant, UUID)))
    rows = list(reader.connection.execute(query.order_by(*(c.desc() for c in order)).limit(limit + 1)))
    items = [
        {
            "to": row.person, "channel": row.channel, "status": row.status, "why": row.why, "at": iso(row.tried_at),
            "attempts": row.attempts, "digest": row.digest, "notices": row.notices,
        }
        for row in rows[:limit]
    ]  # fmt: skip
    return page(items, [rows[limit - 1].tried_at.isoformat(), str(rows[limit - 1].id)] if len(rows) > limit else None)
