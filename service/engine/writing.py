"""Writing what a transaction decided: whole sets at a time, each matter only if nobody changed it meanwhile.

The matters of a transaction are locked when they are read, its organisation at the very end. All share its row there,
and who changes people, calendar or policies takes it alone: so nobody commits what was decided on others, and nobody
who waits for the row has anything that its holder still needs.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, String, bindparam, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from service.engine.disposal import destroy
from service.engine.ids import new_id
from service.storage.council_tables import organisations, people
from service.storage.matter_tables import (
    contents,
    deadlines,
    idempotency_keys,
    incidents,
    matter_keys,
    matter_people,
    matters,
    outbox,
    steps,
)
from service.storage.sets import Added, AsRead, Changed, write_sets
from service.storage.snapshot_tables import reopened_days
from workflows.calendar import day_start, local_day

if TYPE_CHECKING:
    from uuid import UUID

    from service.engine.work import Work
    from workflows.model import Admission

#: What never changes once a matter is open.
_FIXED = frozenset({"organisation_id", "id", "workflow", "kind", "parent", "opened_at", "policy_id"})


class StaleError(Exception):
    """Somebody changed a matter between its reading and its writing; the transaction is to be done again."""


class KeyTakenError(Exception):
    """An Idempotency-Key came before: what was done now is to be undone, and the kept answer given."""


def write(work: Work) -> None:
    """Write everything that `work` decided, in its transaction, once; commits nothing.

    Raises StaleError, and KeyTakenError where the answer was to be kept under a key that came before.
    """
    connection, writes, own = work.connection, work.writes, work.organisation.id
    matter_rows = work.changed()
    known = [(row, read) for row, read in matter_rows if read]
    changed = Changed(matters, [row for row, _ in known], [read for _, read in known], _FIXED)
    joined = [{"organisation_id": own, "matter_id": matter, "person": ref} for matter, ref in writes.joined]
    added = (
        Added(matters, [row for row, read in matter_rows if not read]),
        Added(steps, writes.steps),
        Added(deadlines, list(writes.deadlines.values()), moved=("status", "fires_at")),
        Added(matter_keys, writes.keys),
        Added(contents, writes.contents),
        Added(outbox, writes.notices),
        Added(incidents, writes.incidents),
        Added(matter_people, joined, if_new=True),
        Added(idempotency_keys, writes.answers, if_new=True),
    )
    changes_council = work.people_changed or work.calendar_changed
    written = write_sets(connection, changed, added, None if changes_council else _as_read(work))
    work.written = True
    if not written.as_read:
        raise StaleError("people, calendar or policies were changed meanwhile")
    if written.changed != len(known):
        raise StaleError("a matter was changed meanwhile")
    if written.new.get(idempotency_keys.name, 0) != len(writes.answers):
        raise KeyTakenError
    if writes.destroyed:
        destroy(connection, own, writes.destroyed)
    _write_people(connection, own, writes.people)
    for admission in writes.admissions:
        _admit(connection, own, admission)
    if changes_council:
        _write_versions(work)
    _reopen_days(work)


def _reopen_days(work: Work) -> None:
    """Have the days to which steps were dated back told of anew: what came due earlier is done at its own instant."""
    first = min((step["at"] for step in work.writes.steps), default=work.now)
    if first < day_start(local_day(work.now)):
        row = {"organisation_id": work.organisation.id, "id": new_id(work.now), "day": local_day(first)}
        work.connection.execute(insert(reopened_days), row)


def _as_read(work: Work) -> AsRead:
    """What was decided on: whoever changes it from now on waits for this transaction."""
    read = work.organisation
    versions = {"directory_version": read.directory_version, "calendar_version": read.calendar_version}
    return AsRead(organisations, {"id": read.id, **versions})


def _write_versions(work: Work) -> None:
    """Count the change of people, absences or days; whoever decided on what is otherwise by now begins anew."""
    read, after = _as_read(work).values, work.organisation_after
    versions = {"directory_version": after.directory_version, "calendar_version": after.calendar_version}
    same = (organisations.c[name] == value for name, value in read.items())
    if work.connection.execute(update(organisations).where(*same).values(versions)).rowcount != 1:
        raise StaleError("people, calendar or policies were changed meanwhile")


def _admit(connection: Connection, organisation_id: UUID, admission: Admission) -> None:
    """Let somebody see a set of matters, however large, with one statement; who sees one already stays on it."""
    theirs = select(matters.c.organisation_id, matters.c.id, literal(admission.person, String)).where(
        matters.c.organisation_id == organisation_id,
        matters.c.supervisee == admission.supervisee,
        matters.c.workflow == admission.workflow,
    )
    inserts = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    rows = inserts(matter_people).from_select(["organisation_id", "matter_id", "person"], theirs)
    connection.execute(rows.on_conflict_do_nothing())


def _write_people(connection: Connection, organisation_id: UUID, changes: dict[tuple[str, str], Any]) -> None:
    by_field: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for (ref, name), value in changes.items():
        by_field[name].append({"own": organisation_id, "person": ref, name: value})
    for name, rows in by_field.items():
        where = (people.c.organisation_id == bindparam("own"), people.c.ref == bindparam("person"))
        connection.execute(update(people).where(*where).values({name: bindparam(name)}), rows)
