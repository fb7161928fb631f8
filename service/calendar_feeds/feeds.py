"""Whose feed is at a secret address: one for each person, which they renew or take back."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from service.storage.notice_tables import calendar_feeds

_ID_BYTES, _SECRET_BYTES = 16, 32


def renew_feed(connection: Connection, organisation_id: UUID, person: str, now: datetime) -> str:
    """A new token for somebody's feed, which nothing keeps; the one before leads nowhere from now on."""
    token = base64.urlsafe_b64encode(organisation_id.bytes + secrets.token_bytes(_SECRET_BYTES)).decode()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    values = {"hash": _hash(token), "made_at": now}
    row = insert(calendar_feeds).values(organisation_id=organisation_id, person=person, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["organisation_id", "person"], set_=values))
    return token


def end_feed(connection: Connection, organisation_id: UUID, person: str) -> None:
    """Take somebody's feed back; where there is none nothing happens."""
    own = (calendar_feeds.c.organisation_id == organisation_id, calendar_feeds.c.person == person)
    connection.execute(delete(calendar_feeds).where(*own))


def made_at(connection: Connection, organisation_id: UUID, person: str) -> datetime | None:
    """When somebody's feed got the address that it has; None where they have none."""
    own = (calendar_feeds.c.organisation_id == organisation_id, calendar_feeds.c.person == person)
    found: datetime | None = connection.execute(select(calendar_feeds.c.made_at).where(*own)).scalar_one_or_none()
    return found


def path_of(token: str) -> str:
    """Where a feed is, below the API's prefix."""
    return f"/calendar-feeds/{token}.ics"


def organisation_in(token: str) -> UUID | None:
    """The organisation that a token names; None for what can be no token."""
    try:
        content = base64.b64decode(token, altchars=b"-_", validate=True)
    except ValueError:
        return None
    return UUID(bytes=content[:_ID_BYTES]) if len(content) == _ID_BYTES + _SECRET_BYTES else None


def owner_of(connection: Connection, organisation_id: UUID, token: str) -> str | None:
    """Whose feed a token leads to, in a transaction of the organisation that it names."""
    own = (calendar_feeds.c.organisation_id == organisation_id, calendar_feeds.c.hash == _hash(token))
    found: str | None = connection.execute(select(calendar_feeds.c.person).where(*own)).scalar_one_or_none()
    return found


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
