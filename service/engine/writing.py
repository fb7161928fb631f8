"""Writing what a transaction decided: whole sets at a time, each matter only if nobody changed it meanwhile."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, update

from service.storage.sets import insert_new, insert_or_move, insert_rows, update_versions
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
    from uuid import UUID

    from service.engine.work import Work

#: What never changes once a matter is open.
_FIXED = frozenset({"organisation_id", "id", "workflow", "kind", "parent", "opened_at", "policy_id"})


class StaleError(Exception):
    """Somebody changed a matter between its reading and its writing; the transaction is to be done again."""


def write(work: Work) -> None:
    """Write everything that `work` decided, in its transaction. Raises StaleError; commits nothing."""
    connection, writes = work.connection, work.writes
    _write_matters(connection, work.changed())
    insert_rows(connection, steps, writes.steps)
    insert_or_move(connection, deadlines, list(writes.deadlines.values()), ("status", "fires_at"))
    insert_rows(connection, matter_keys, writes.keys)
    insert_rows(connection, contents, writes.contents)
    insert_rows(connection, outbox, writes.notices)
    insert_rows(connection, incidents, writes.incidents)
    own = work.organisation.id
    joined = [{"organisation_id": own, "matter_id": matter, "person": ref} for matter, ref in writes.joined]
    insert_new(connection, matter_people, joined)
    _write_people(connection, own, writes.people)
    if work.people_changed:
        connection.execute(
            update(organisations)
            .where(organisations.c.id == own)
            .values(directory_version=organisations.c.directory_version + 1)
        )


def _write_matters(connection: Connection, changed: list[tuple[dict[str, Any], int]]) -> None:
    insert_rows(connection, matters, [row for row, read_version in changed if read_version == 0])
    known = [(row, read_version) for row, read_version in changed if read_version]
    rows, read = [row for row, _ in known], [version for _, version in known]
    if update_versions(connection, matters, rows, read, _FIXED) != len(known):
        raise StaleError("a matter was changed meanwhile")


def _write_people(connection: Connection, organisation_id: UUID, changes: dict[tuple[str, str], Any]) -> None:
    by_field: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for (ref, name), value in changes.items():
        by_field[name].append({"own": organisation_id, "person": ref, name: value})
    for name, rows in by_field.items():
        where = (people.c.organisation_id == bindparam("own"), people.c.ref == bindparam("person"))
        connection.execute(update(people).where(*where).values({name: bindparam(name)}), rows)
