"""Checkpoints: signed statements of where the histories stood, so that not even the database's owner rewrites them.

A checkpoint lists the heads that changed since the one before, names that one's hash, and is signed with a key that is
never in the database. Kept elsewhere as well (`export_checkpoints`), it also shows when the newest were taken away.

    hash = SHA-256(canonical JSON of organisation, number, at, heads, previous);  signature = Ed25519 over the hash
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct
from sqlalchemy import Integer, String, Uuid, bindparam, insert, select, text

from service.storage.checkpoint_tables import checkpoints
from service.storage.history import BEGINNING, canonical_json
from service.storage.wrapping import derived_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection, RowMapping

    from service.settings import Settings

_SEED = 32
#: The heads of one checkpoint at most: about half a megabyte. What is left goes into the next one.
HEADS = 5_000


class Checkpoint(Struct, frozen=True):
    """One signed statement. `heads` says by matter id which step was last (`version`) and its `hash`, hexadecimal."""

    organisation_id: UUID
    number: int
    at: datetime
    heads: dict[str, dict[str, Any]]
    previous: bytes
    hash: bytes
    signature: bytes

    @classmethod
    def of(cls, row: RowMapping) -> Checkpoint:
        """A stored row."""
        return cls(**row)

    @classmethod
    def imported(cls, entry: Mapping[str, Any]) -> Checkpoint:
        """What `exported` gave. Raises ValueError where it is nothing of the kind."""
        try:
            return cls(
                organisation_id=UUID(entry["organisation"]),
                number=entry["number"],
                at=datetime.fromisoformat(entry["at"]),
                heads=entry["heads"],
                previous=bytes.fromhex(entry["previous"]),
                hash=bytes.fromhex(entry["hash"]),
                signature=bytes.fromhex(entry["signature"]),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"This is no exported checkpoint: {error!r}.") from error

    def computed_hash(self) -> bytes:
        """The hash that what it says should have."""
        return _hash(self.organisation_id, self.number, self.at, self.heads, self.previous)

    def exported(self) -> dict[str, Any]:
        """As JSON, bytes in hexadecimal."""
        return {
            "organisation": str(self.organisation_id),
            "number": self.number,
            "at": _iso(self.at),
            "heads": self.heads,
            "previous": self.previous.hex(),
            "hash": self.hash.hex(),
            "signature": self.signature.hex(),
        }


def signing_key(settings: Settings) -> Ed25519PrivateKey:
    """The key that signs checkpoints: SUPERVISION_SIGNING_KEY, or else derived from the secret."""
    if settings.signing_key is None:
        return Ed25519PrivateKey.from_private_bytes(
            derived_key(settings.secret_key.get_secret_value(), "checkpoint signatures")
        )
    return Ed25519PrivateKey.from_private_bytes(seed_of(settings.signing_key.get_secret_value()))


def seed_of(given: str) -> bytes:
    """What a signing key is made of. Raises ValueError where it is not 32 bytes in base64."""
    try:
        seed = base64.b64decode(given, validate=True)
    except ValueError:
        seed = b""
    if len(seed) != _SEED:
        raise ValueError(
            "SUPERVISION_SIGNING_KEY is 32 random bytes in base64. Make one with `openssl rand -base64 32`, and keep "
            "it where the database's administrators cannot read it."
        )
    return seed


def public_key_text(settings: Settings) -> str:
    """The public half of that key in hexadecimal, for whoever checks what was signed."""
    return signing_key(settings).public_key().public_bytes_raw().hex()


def make_checkpoint(
    connection: Connection, organisation_id: UUID, now: datetime, key: Ed25519PrivateKey
) -> Checkpoint | None:
    """State and sign the heads that changed since the last checkpoint; None where none did.

    One covers at most `HEADS` of them: call again, each in a transaction of its own, until there is nothing to cover.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_ONE_AT_A_TIME, {"organisation": organisation_id})
    heads = _changed_heads(connection, organisation_id)
    if not heads:
        return None
    number, previous = _last(connection, organisation_id)
    digest = _hash(organisation_id, number + 1, now, heads, previous)
    made = Checkpoint(organisation_id, number + 1, now, heads, previous, digest, key.sign(digest))
    connection.execute(insert(checkpoints).values({c.name: getattr(made, c.name) for c in checkpoints.c}))
    return made


def stored_checkpoints(connection: Connection, organisation_id: UUID, after: int = 0) -> Iterator[Checkpoint]:
    """Those with a number above `after`, in order, one in memory at a time."""
    query = (
        select(checkpoints)
        .where(checkpoints.c.organisation_id == organisation_id, checkpoints.c.number > after)
        .order_by(checkpoints.c.number)
        .execution_options(yield_per=1)
    )
    for row in connection.execute(query).mappings():
        yield Checkpoint.of(row)


def export_checkpoints(connection: Connection, organisation_id: UUID, after: int = 0) -> Iterator[dict[str, Any]]:
    """Those with a number above `after` as JSON, to be kept where nobody can change them."""
    return (checkpoint.exported() for checkpoint in stored_checkpoints(connection, organisation_id, after))


def last_checkpoint_at(connection: Connection, organisation_id: UUID) -> datetime | None:
    """When the newest was signed; None where there is none."""
    query = select(checkpoints.c.at).where(checkpoints.c.organisation_id == organisation_id)
    return connection.execute(query.order_by(checkpoints.c.number.desc()).limit(1)).scalar_one_or_none()


def _last(connection: Connection, organisation_id: UUID) -> tuple[int, bytes]:
    """Number and hash of the newest checkpoint, or what comes before the first."""
    query = (
        select(checkpoints.c.number, checkpoints.c.hash)
        .where(checkpoints.c.organisation_id == organisation_id)
        .order_by(checkpoints.c.number.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return (row.number, row.hash) if row else (0, BEGINNING)


def _changed_heads(connection: Connection, organisation_id: UUID) -> dict[str, dict[str, Any]]:
    rows = connection.execute(_CHANGED[connection.dialect.name], {"organisation": organisation_id, "heads": HEADS})
    return {str(row.id): {"version": row.version, "hash": row.hash} for row in rows}


def _hash(organisation_id: UUID, number: int, at: datetime, heads: dict[str, dict[str, Any]], previous: bytes) -> bytes:
    said = {
        "organisation": str(organisation_id),
        "number": number,
        "at": _iso(at),
        "heads": heads,
        "previous": previous.hex(),
    }
    return sha256(canonical_json(said)).digest()


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


#: Two at once would both be the next one. Released when the transaction ends; SQLite has one writer anyway.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(CAST(:organisation AS text), 0))").bindparams(
    bindparam("organisation", type_=Uuid())
)
#: What no checkpoint says yet. EXCEPT, because planners misjudge how much is in a JSON column.
_CHANGED_QUERIES = {
    "postgresql": """
        SELECT id, version, encode(head, 'hex') AS hash FROM matters WHERE organisation_id = :organisation
        EXCEPT
        SELECT CAST(said.key AS uuid), CAST(said.value ->> 'version' AS integer), said.value ->> 'hash'
        FROM checkpoints CROSS JOIN LATERAL jsonb_each(checkpoints.heads) AS said
        WHERE checkpoints.organisation_id = :organisation
        ORDER BY id LIMIT :heads
    """,
    "sqlite": """
        SELECT id, version, lower(hex(head)) AS hash FROM matters WHERE organisation_id = :organisation
        EXCEPT
        SELECT replace(said.key, '-', ''), said.value ->> 'version', said.value ->> 'hash'
        FROM checkpoints CROSS JOIN json_each(checkpoints.heads) AS said
        WHERE checkpoints.organisation_id = :organisation
        ORDER BY id LIMIT :heads
    """,
}
_CHANGED = {
    engine: text(query)
    .bindparams(bindparam("organisation", type_=Uuid()))
    .columns(id=Uuid(), version=Integer(), hash=String())
    for engine, query in _CHANGED_QUERIES.items()
}
