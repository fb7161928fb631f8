"""The floor under deadlines in batches: the very rows that their enforcement wrote, written again by plain sets.

The tables are copied as they are before anything is enforced. Whatever differs afterwards, in whatever table, is
written into the copies in batches of the same size; in the end the two must be the same, row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, or_, select, text

from service.engine.due import BATCH
from service.storage.connection import Database, owner_transaction
from service.storage.matter_tables import (
    contents,
    deadlines,
    incidents,
    matter_keys,
    matter_people,
    matters,
    outbox,
    steps,
)
from service.storage.sets import Added, Changed, write_sets

if TYPE_CHECKING:
    from uuid import UUID

#: Everything that a batch of the engine may write, matters first.
_TABLES = (matters, steps, deadlines, matter_keys, contents, outbox, incidents, matter_people)
_COPIES = {table.name: table.to_metadata(type(table.metadata)(), name=f"plain_{table.name}") for table in _TABLES}
_FIXED = frozenset({"organisation_id", "id", "workflow", "kind", "parent", "opened_at", "policy_id"})
#: What is changed of rows that were there.
_MOVED = {"deadlines": ("status", "fires_at")}
Rows = list[dict[str, Any]]


def copy_tables(url: str) -> None:
    """Keep the tables as they are now."""
    with owner_transaction(url) as connection:
        for name in _COPIES:
            connection.execute(text(f"CREATE TABLE plain_{name} (LIKE {name} INCLUDING ALL)"))
            connection.execute(text(f"INSERT INTO plain_{name} SELECT * FROM {name}"))  # noqa: S608 - our own names
        connection.execute(text("GRANT ALL ON ALL TABLES IN SCHEMA public TO supervision_app"))
    with owner_transaction(url) as connection:
        for name in _COPIES:
            connection.execute(text(f"ANALYZE plain_{name}"))


def differing(url: str) -> dict[str, int]:
    """By table, how many rows are not in its copy as they are now; tables without any are left out."""
    query = "SELECT count(*) FROM (SELECT t::text FROM {0} AS t EXCEPT SELECT t::text FROM plain_{0} AS t) AS found"
    with owner_transaction(url) as connection:
        found = {name: connection.execute(text(query.format(name))).scalar_one() for name in _COPIES}
    return {name: rows for name, rows in found.items() if rows}


def batches_of(database: Database, organisation_id: UUID, part: int, parts: int) -> list[dict[str, Rows]]:
    """What was written for one part of the records and for what they opened, by batch and table."""
    records = select(matters.c.id).where(matters.c.workflow == "record").order_by(matters.c.id)
    with database.read(organisation_id) as connection:
        mine = list(connection.execute(records).scalars())[part::parts]
        return [_written(connection, mine[start : start + BATCH]) for start in range(0, len(mine), BATCH)]


def write_plainly(database: Database, organisation_id: UUID, batches: Iterable[dict[str, Rows]]) -> None:
    """Write it again: the matters of a batch are locked, then everything is written in one transaction."""
    copy = _COPIES[matters.name]
    for rows in batches:
        known = [row for row in rows[matters.name] if row["workflow"] == "record"]
        opened = [row for row in rows[matters.name] if row["workflow"] != "record"]
        with database.write(organisation_id) as connection:
            mine = copy.c.id.in_([row["id"] for row in known])
            connection.execute(select(copy).where(mine).with_for_update()).all()
            changed = Changed(copy, known, [row["version"] - 1 for row in known], _FIXED)
            others = [Added(_COPIES[t.name], rows[t.name], _MOVED.get(t.name, ())) for t in _TABLES[1:]]
            write_sets(connection, changed, [Added(copy, opened), *others])


def _written(connection: Connection, records: Sequence[UUID]) -> dict[str, Rows]:
    family = or_(matters.c.id.in_(records), matters.c.parent.in_(records))
    ids = list(connection.execute(select(matters.c.id).where(family)).scalars())
    return {table.name: list(_written_in(connection, table, ids)) for table in _TABLES}


def _written_in(connection: Connection, table: Table, ids: Sequence[UUID]) -> Iterator[dict[str, Any]]:
    key = [column.name for column in table.primary_key]
    before = {tuple(row[name] for name in key): row for row in _rows(connection, _COPIES[table.name], ids)}
    for row in _rows(connection, table, ids):
        if before.get(tuple(row[name] for name in key)) != row:
            yield row


def _rows(connection: Connection, table: Table, ids: Sequence[UUID]) -> Rows:
    about = table.c["matter_id" if "matter_id" in table.c else "id"]
    return [dict(row) for row in connection.execute(select(table).where(about.in_(ids))).mappings()]
