"""API tokens: shown once to whoever made them, kept only as a hash."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, update

from service.engine.ids import new_id
from service.storage.tables import tokens

#: How a token starts, so that scanners of code and logs know one when they see it.
PREFIX = "sup_"
_RANDOM_BYTES = 32


def new_token() -> tuple[str, bytes]:
    """A token's text, and the hash by which it is known again."""
    text = PREFIX + secrets.token_urlsafe(_RANDOM_BYTES)
    return text, hash_of(text)


def hash_of(text: str) -> bytes:
    """What is kept of a token: SHA-256, which suffices for text that nobody could guess."""
    return hashlib.sha256(text.encode()).digest()


def keep_token(
    connection: Connection,
    organisation_id: UUID,
    person: str,
    name: str,
    scopes: Sequence[str],
    now: datetime,
    expires_at: datetime | None,
) -> str:
    """Make a token for somebody; the answer is its text, which nothing keeps. `name` says what it is for."""
    text, hashed = new_token()
    row = {
        "organisation_id": organisation_id, "id": new_id(now), "person": person, "hash": hashed, "name": name,
        "scopes": list(scopes), "created_at": now, "expires_at": expires_at,
    }  # fmt: skip
    connection.execute(insert(tokens), row)
    return text


def revoke(connection: Connection, organisation_id: UUID, token_id: UUID, now: datetime) -> bool:
    """End a token; False where there is none with this id that still works."""
    own = (tokens.c.organisation_id == organisation_id, tokens.c.id == token_id, tokens.c.revoked_at.is_(None))
    return connection.execute(update(tokens).where(*own).values(revoked_at=now)).rowcount == 1


def revoke_hashed(connection: Connection, organisation_id: UUID, hashed: bytes, now: datetime) -> None:
    """End the token that has this hash, such as that of a browser which is signed out."""
    own = (tokens.c.organisation_id == organisation_id, tokens.c.hash == hashed, tokens.c.revoked_at.is_(None))
    connection.execute(update(tokens).where(*own).values(revoked_at=now))
