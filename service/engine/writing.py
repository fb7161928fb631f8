"""Writing what a transaction decided: whole sets at a time, each matter only if nobody changed it meanwhile."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from service.storage.tables import (
    contents,
    deadlines,
    incidents,
    matter_keys,
    matter_people,
    matters,
    organisations,
    outbox,
    people,
    steps,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from sqlalchemy import Table

    from service.engine.work import Work

#: What never changes once a matter is open.
_FIXED = {"organisation_id", "id", "workflow", "kind", "parent", "opened_at", "policy_id"}
_UPDATE = (
    update(matters)
    .where(
        matters.c.organisation_id == bindparam("own"),
        matters.c.id == bindparam("matter"),
        matters.c.version == bindparam("read_version"),
    )
    .values({c.name: bindparam(c.name) for c in matters.c if c.name not in _FIXED})
)
#: How each engine inserts where a row may be there already.
INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


class StaleError(Exception):
    """Somebody changed a matter between its reading and its writing; the transaction is to be done again."""


def write(work: Work) -> None:
    """Write everything that `work` decided, in its transaction. Raises StaleError; commits nothing."""
    connection, writes = work.connection, work.writes
    _write_matters(connection, work.changed())
    _insert(connection, steps, writes.steps)
    _write_deadlines(connection, writes.deadlines.values())
    _insert(connection, matter_keys, writes.keys)
    _insert(connection, contents, writes.contents)
    _insert(connection, outbox, writes.notices)
    _insert(connection, incidents, writes.incidents)
    _write_joined(connection, work.organisation.id, writes.joined)
    _write_people(connection, work.organisation.id, writes.people)
    if work.people_changed:
        connection.execute(
            update(organisations)
            .where(organisations.c.id == work.organisation.id)
            .values(directory_version=organisations.c.directory_version + 1)
        )


def _write_matters(connection: Connection, changed: list[tuple[dict[str, Any], int]]) -> None:
    _insert(connection, matters, [row for row, read_version in changed if read_version == 0])
    known = [_update_row(row, read_version) for row, read_version in changed if read_version]
    if known and connection.execute(_UPDATE, known).rowcount != len(known):
        raise StaleError("a matter was changed meanwhile")


def _update_row(row: dict[str, Any], read_version: int) -> dict[str, Any]:
    values = {name: value for name, value in row.items() if name not in _FIXED}
    return {**values, "own": row["organisation_id"], "matter": row["id"], "read_version": read_version}


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _write_deadlines(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """New deadlines are kept, known ones only change where they stand: a receipt stays as it was written."""
    ready = list(rows)
    if not ready:
        return
    statement = INSERTS[connection.dialect.name](deadlines)
    moved = {name: statement.excluded[name] for name in ("status", "fires_at")}
    key = ["organisation_id", "matter_id", "number"]
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=moved), ready)


def _write_joined(connection: Connection, organisation_id: UUID, joined: Iterable[tuple[UUID, str]]) -> None:
    rows = [{"organisation_id": organisation_id, "matter_id": i, "person": ref} for i, ref in joined]
    if rows:
        connection.execute(INSERTS[connection.dialect.name](matter_people).on_conflict_do_nothing(), rows)


def _write_people(connection: Connection, organisation_id: UUID, changes: dict[tuple[str, str], Any]) -> None:
    by_field: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for (ref, name), value in changes.items():
        by_field[name].append({"own": organisation_id, "person": ref, name: value})
    for name, rows in by_field.items():
        where = (people.c.organisation_id == bindparam("own"), people.c.ref == bindparam("person"))
        connection.execute(update(people).where(*where).values({name: bindparam(name)}), rows)
