"""Which clocks and workers are alive, as each says itself every few seconds: rows of no organisation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import Column, String, Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from service.storage.column_types import Instant
from service.storage.metadata import metadata
from service.storage.tenancy import Access

if TYPE_CHECKING:
    from service.storage.connection import Database

heartbeats = Table(
    "heartbeats",
    metadata,
    #: Host, process and start: no two that live at once have the same.
    Column("process", String, primary_key=True),
    Column("kind", String, nullable=False),  # clock | worker
    Column("at", Instant, nullable=False),
)

#: Who said nothing for so long is taken for dead; it would have spoken six times meanwhile.
SILENT_AFTER = timedelta(seconds=60)


class Alive(Struct, frozen=True):
    """How many processes of each kind spoke lately, and when the last clock did."""

    clocks: int
    workers: int
    last_clock: datetime | None


def beat(database: Database, process: str, kind: str) -> datetime:
    """Say that a process is alive; the database's clock at that moment. Forgets whoever is long dead."""
    now = database.clock()
    with database.unbound(Access.write) as connection:
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        said = insert(heartbeats).values(process=process, kind=kind, at=now)
        connection.execute(said.on_conflict_do_update(index_elements=["process"], set_={"at": now}))
        connection.execute(delete(heartbeats).where(heartbeats.c.at < now - 60 * SILENT_AFTER))
    return now


def alive(database: Database) -> Alive:
    """Who spoke lately."""
    since = database.clock() - SILENT_AFTER
    with database.unbound(Access.read) as connection:
        counted = select(heartbeats.c.kind, func.count().filter(heartbeats.c.at >= since), func.max(heartbeats.c.at))
        found = {kind: (count, last) for kind, count, last in connection.execute(counted.group_by(heartbeats.c.kind))}
    clocks, last_clock = found.get("clock", (0, None))
    return Alive(clocks, found.get("worker", (0, None))[0], last_clock)
