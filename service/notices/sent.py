"""What was sent to whom, for administrators: when, by which way and what became of it, and never what it was about."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Column, ColumnElement, Row, Select, and_, func, or_, select

from service.engine.lists import before, instant, page, read_cursor
from service.engine.reading import Reader
from service.storage.matter_tables import outbox
from service.storage.notice_tables import LOST, deliveries, messages
from workflows.receipts import iso

#: What has left or was tried, what reached nobody, and what waits for its hour or is to be tried again.
Show = Literal["tried", "undelivered", "waiting"]


class Wanted(Struct, frozen=True):
    """Which messages are listed; with `person`, those to one person."""

    show: Show = "tried"
    person: str | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions on rows of `messages`."""
        found = [messages.c.person == self.person] if self.person is not None else []
        match self.show:
            case "tried":
                return [*found, messages.c.tried_at.is_not(None)]
            case "undelivered":
                return [*found, messages.c.status.in_(LOST), messages.c.why != "left", _notices() > 0]
            case "waiting":
                return [*found, messages.c.status == "waiting"]


def list_messages(reader: Reader, wanted: Wanted, cursor: str | None, limit: int) -> dict[str, Any]:
    """A page of messages, newest first; what waits, soonest first. Raises CursorError."""
    query = select(messages, _notices().label("notices")).where(
        messages.c.organisation_id == reader.viewer.organisation_id, *wanted.conditions
    )
    by, ordered = _soonest(query, cursor) if wanted.show == "waiting" else _newest(query, cursor)
    rows = list(reader.connection.execute(ordered.add_columns(by.label("by")).limit(limit + 1)))
    more = [rows[limit - 1].by.isoformat(), str(rows[limit - 1].id)] if len(rows) > limit else None
    return page([shape_of(row) for row in rows[:limit]], more)


def shape_of(row: Row[Any]) -> dict[str, Any]:
    """A message without what it says."""
    return {
        "to": row.person, "channel": row.channel, "status": row.status, "why": row.why,
        "at": row.tried_at and iso(row.tried_at), "next_at": row.next_at and iso(row.next_at),
        "attempts": row.attempts, "digest": row.digest, "notices": row.notices,
    }  # fmt: skip


def _notices() -> ColumnElement[int]:
    """How many notices a message carries still: what is sent anew goes over to another one."""
    own = and_(deliveries.c.organisation_id == messages.c.organisation_id, deliveries.c.message_id == messages.c.id)
    return select(func.count()).select_from(deliveries).where(own).scalar_subquery()


def _newest(query: Select[Any], cursor: str | None) -> tuple[Column[Any], Select[Any]]:
    order = (messages.c.tried_at, messages.c.id)
    if cursor is not None:
        query = query.where(before(order, read_cursor(cursor, instant, UUID)))
    return messages.c.tried_at, query.order_by(*(column.desc() for column in order))


def _soonest(query: Select[Any], cursor: str | None) -> tuple[Column[Any], Select[Any]]:
    if cursor is not None:
        at, last = read_cursor(cursor, instant, UUID)
        same = and_(messages.c.next_at == at, messages.c.id > last)
        query = query.where(or_(messages.c.next_at > at, same))
    return messages.c.next_at, query.order_by(messages.c.next_at, messages.c.id)


def unreached(reader: Reader) -> list[tuple[str, int]]:
    """Whoever's address takes no mail, with how many notices came back from it, by ref."""
    refs = sorted(person.ref for person in reader.picture.directory.people.values() if person.bounces)
    counted = (
        select(outbox.c.to, func.count().label("number"))
        .where(
            outbox.c.organisation_id == reader.viewer.organisation_id, outbox.c.to.in_(refs),
            outbox.c.status == "bounced",
        )
        .group_by(outbox.c.to)
    )  # fmt: skip
    found = {row.to: row.number for row in reader.connection.execute(counted)} if refs else {}
    return [(ref, found.get(ref, 0)) for ref in refs]
