"""Tokens of machines and of browsers: shown once, kept only as a hash, listed and ended by their owners."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, update

from service.engine.ids import new_id
from service.identity.scopes import hash_of
from service.storage.council_tables import tokens

#: How a token starts, so that scanners of code and logs know one when they see it.
PREFIX = "sup_"
_RANDOM_BYTES = 32


def new_token() -> tuple[str, bytes]:
    """A token's text, and the hash by which it is known again."""
    text = PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
    return text, hash_of(text)


def keep_token(  # noqa: PLR0913 - all that a token is, each by its name
    connection: Connection,
    organisation_id: UUID,
    person: str,
    name: str,
    scopes: Sequence[str],
    now: datetime,
    *,
    expires_at: datetime | None,
    ends_at: datetime | None = None,
    authenticated_at: datetime | None = None,
) -> str:
    """Make a token for somebody; the answer is its text, which nothing keeps. `name` says what it is for.

    `now` is the organisation's instant; the others are compared with the database's clock.
    """
    text, hashed = new_token()
    row = {
        "organisation_id": organisation_id, "id": new_id(now), "person": person, "hash": hashed, "name": name,
        "scopes": list(scopes), "created_at": now, "expires_at": expires_at, "ends_at": ends_at,
        "authenticated_at": authenticated_at,
    }  # fmt: skip
    connection.execute(insert(tokens), row)
    return text


# -- looking at them
def usable(organisation_id: UUID, moment: datetime) -> ColumnElement[bool]:
    """Whether a token of an organisation still opens anything at a moment of the database's clock."""
    lasting = or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > moment)
    return and_(tokens.c.organisation_id == organisation_id, tokens.c.revoked_at.is_(None), lasting)


def kept_token(connection: Connection, organisation_id: UUID, text: str) -> Row[Any]:
    """What is kept of a token that was just made."""
    own = (tokens.c.organisation_id == organisation_id, tokens.c.hash == hash_of(text))
    return connection.execute(select(tokens).where(*own)).one()


def list_usable(
    connection: Connection, organisation_id: UUID, moment: datetime, person: str | None, after: UUID | None, limit: int
) -> Sequence[Row[Any]]:
    """The tokens that still work, oldest first: one person's, or everybody's."""
    query = select(tokens).where(usable(organisation_id, moment)).order_by(tokens.c.id).limit(limit)
    if person is not None:
        query = query.where(tokens.c.person == person)
    if after is not None:
        query = query.where(tokens.c.id > after)
    return connection.execute(query).all()


def list_of_programs(
    connection: Connection, organisation_id: UUID, moment: datetime, after: UUID | None, limit: int
) -> Sequence[Row[Any]]:
    """Everybody's tokens that still work and are no browser's, oldest first."""
    query = select(tokens).where(usable(organisation_id, moment), tokens.c.ends_at.is_(None))
    if after is not None:
        query = query.where(tokens.c.id > after)
    return connection.execute(query.order_by(tokens.c.id).limit(limit)).all()


def find_usable(connection: Connection, organisation_id: UUID, moment: datetime, token_id: UUID) -> Row[Any] | None:
    """A token that still works."""
    query = select(tokens).where(usable(organisation_id, moment), tokens.c.id == token_id)
    return connection.execute(query).one_or_none()


def authenticated_at(connection: Connection, organisation_id: UUID, token_id: UUID) -> datetime | None:
    """When the owner of a browser's token last showed who they are; None where nobody said."""
    query = select(tokens.c.authenticated_at).where(
        tokens.c.organisation_id == organisation_id, tokens.c.id == token_id
    )
    found: datetime | None = connection.execute(query).scalar_one()
    return found


def is_known(connection: Connection, organisation_id: UUID, token_id: UUID) -> bool:
    """Whether an organisation has or had a token with this id."""
    query = select(tokens.c.id).where(tokens.c.organisation_id == organisation_id, tokens.c.id == token_id)
    return connection.execute(query).first() is not None


def count_usable(connection: Connection, organisation_id: UUID, moment: datetime, person: str) -> int:
    """How many tokens of somebody still work, their browsers' among them."""
    mine = and_(usable(organisation_id, moment), tokens.c.person == person)
    return connection.execute(select(func.count()).select_from(tokens).where(mine)).scalar_one()


# -- ending them
def revoke(
    connection: Connection, organisation_id: UUID, token_id: UUID, now: datetime, person: str | None = None
) -> bool:
    """End a token, with `person` only theirs; False where there is none with this id that still works."""
    whose = [] if person is None else [tokens.c.person == person]
    return _end(connection, organisation_id, now, tokens.c.id == token_id, *whose) == 1


def revoke_browsers(connection: Connection, organisation_id: UUID, person: str, now: datetime) -> None:
    """End every visit of somebody, in whichever browser."""
    _end(connection, organisation_id, now, tokens.c.person == person, tokens.c.ends_at.is_not(None))


def _end(connection: Connection, organisation_id: UUID, now: datetime, *which: ColumnElement[bool]) -> int:
    own = (tokens.c.organisation_id == organisation_id, tokens.c.revoked_at.is_(None), *which)
    return connection.execute(update(tokens).where(*own).values(revoked_at=now)).rowcount
