"""Wrapped keys kept apart from the database: useless without the secret, and no way back for what was disposed of."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import Struct
from sqlalchemy import insert, select

from service.storage.certificates import read_certificates
from service.storage.matter_tables import matter_keys, matters

if TYPE_CHECKING:
    from sqlalchemy import Column, Connection


class NotABackupError(Exception):
    """A file that holds no backup of keys, or one of another organisation."""


class Restored(Struct, frozen=True):
    """How many keys came back, were there all along, were refused, or belong to no matter of this database."""

    restored: int
    there: int
    disposed: int
    unknown: int


def backup_keys(connection: Connection, organisation_id: UUID) -> Iterator[str]:
    """One line of JSON for each matter's wrapped key."""
    query = select(matter_keys).where(matter_keys.c.organisation_id == organisation_id)
    for row in connection.execute(query.order_by(matter_keys.c.matter_id)):
        wrapped = base64.b64encode(row.wrapped).decode()
        yield json.dumps({"organisation": str(organisation_id), "matter": str(row.matter_id), "wrapped": wrapped})


def restore_keys(connection: Connection, organisation_id: UUID, lines: Iterable[str]) -> Restored:
    """Bring back the keys that are missing; one that a certificate of disposal names stays destroyed.

    Raises NotABackupError, and then nothing was brought back.
    """
    kept = dict(_read(line, organisation_id) for line in lines if line.strip())
    there = _ids(connection, organisation_id, matter_keys.c.matter_id)
    disposed = read_certificates(connection, organisation_id).keys()
    known = _ids(connection, organisation_id, matters.c.id)
    missing = kept.keys() - there
    back = (missing & known) - disposed
    rows = [{"organisation_id": organisation_id, "matter_id": i, "wrapped": kept[i]} for i in sorted(back)]
    if rows:
        connection.execute(insert(matter_keys), rows)
    return Restored(len(rows), len(kept.keys() & there), len(missing & disposed), len(missing - known))


def _ids(connection: Connection, organisation_id: UUID, column: Column[UUID]) -> set[UUID]:
    query = select(column).where(column.table.c.organisation_id == organisation_id)
    return set(connection.execute(query).scalars())


def _read(line: str, organisation_id: UUID) -> tuple[UUID, bytes]:
    try:
        found = json.loads(line)
        own, matter = UUID(found["organisation"]), UUID(found["matter"])
        wrapped = base64.b64decode(found["wrapped"], validate=True)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise NotABackupError("This is no backup of keys.") from None
    if own != organisation_id:
        raise NotABackupError("This is a backup of another council's keys.")
    return matter, wrapped
