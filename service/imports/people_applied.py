"""A changed people's list taking effect: rows, the line of management, and everybody's employment."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select, update

from service.engine.bounces import set_bouncing
from service.engine.foresight import chunks, foresee, load_all
from service.engine.ids import new_id
from service.engine.picture import person_of
from service.imports.entrusted import of_consequence, raised, tell
from service.imports.people import PeopleChanges, PersonBecomes, PersonRow
from service.imports.unwritten import as_row
from service.storage.council_tables import line, people
from service.storage.matter_tables import matters
from workflows.calendar import local_day
from workflows.directory import Directory
from workflows.model import SYSTEM, Opening
from workflows.payloads import Nothing
from workflows.refusals import Refused
from workflows.takeover import TAKEN_OVER
from workflows.vocabulary import Role, Workflow

if TYPE_CHECKING:
    from service.engine.work import Work
    from workflows.model import Actor

_COLUMNS = tuple(c for c in people.c if c.name != "organisation_id")
#: What somebody's employment acts upon; their other facts are only read.
_ACTS_ON = (
    "supervisor", "job_role", "team", "registration", "nqsw_start", "nqsw_extended_to", "start_date", "end_date"
)  # fmt: skip
#: What the service itself decides about people, and no file changes.
_THE_SERVICES_OWN = ("cover", "bounces")


def listed(work: Work) -> dict[str, PersonRow]:
    """Everybody on the list, by ref, as the table has them."""
    query = select(*_COLUMNS).where(people.c.organisation_id == work.organisation.id)
    return {row["ref"]: dict(row) for row in work.connection.execute(query).mappings()}


# -- what follows
def follow(work: Work, changes: PeopleChanges, importer: Actor) -> None:
    """Let the rules see the new list, open the employments of the new people, and tell the others' what changed."""
    if not changes.added and not changes.changed:
        return
    before, entrusted = work.picture.directory, of_consequence(changes)
    _see(work, (*changes.added, *changes.changed))
    touched = [one for one in changes.changed if one.changes(*_ACTS_ON)]
    above = raised(changes, before, work.picture.directory, importer)
    below = _below_another_profession(changes, work.picture.directory)
    employments = _employments(work, {*(one.ref for one in (*touched, *entrusted)), *above, *below})
    _read_ahead(work, touched, employments.values())
    fresh = [one for one in (*changes.added, *touched) if one.ref not in employments]
    for ref in dict.fromkeys((*(one.ref for one in touched), *below)):
        if ref in employments:
            _relist(work, employments[ref])
    for one in fresh:
        employments |= _employ(work, one.after)
    tell(work, entrusted, above, employments, importer, before)
    work.settle()


def _see(work: Work, changed: Iterable[PersonBecomes]) -> None:
    before = work.picture.directory
    known = {**before.people, **{one.ref: person_of(as_row(one.after)) for one in changed}}
    work.see(Directory.of(known.values(), (a for rows in before.absences.values() for a in rows)))


def _below_another_profession(changes: PeopleChanges, directory: Directory) -> list[str]:
    """Whoever's supervisor has another profession now: professional supervision may begin or end (HAR-13)."""
    managers = (one.ref for one in changes.changed if one.changes("registration"))
    return [ref for manager in managers for ref in directory.on_the_list_of(manager)]


def _employments(work: Work, refs: Iterable[str]) -> dict[str, UUID]:
    """The employment of each of these people, whatever its state; whoever had left before they were listed has none."""
    found: dict[str, UUID] = {}
    for some in chunks(refs):
        query = select(matters.c.person, matters.c.id).where(
            matters.c.organisation_id == work.organisation.id,
            matters.c.workflow == Workflow.employment,
            matters.c.person.in_(some),
        )
        found |= {row.person: row.id for row in work.connection.execute(query)}
    return found


def _read_ahead(work: Work, touched: Iterable[PersonBecomes], employments: Iterable[UUID]) -> None:
    load_all(work, employments)
    moved = [one.ref for one in touched if one.changes("supervisor", "job_role", "nqsw_start", "nqsw_extended_to")]
    for workflow in (*TAKEN_OVER, Workflow.handover):
        foresee(work, workflow, "supervisee", moved)
    work.known.read_tallies([one.ref for one in touched if one.changes("supervisor")])


def _employ(work: Work, row: PersonRow) -> dict[str, UUID]:
    """Watch somebody's dates from now on, if the employment is not over: the new one by their ref."""
    end = row["end_date"]
    if end is not None and end < local_day(work.now):
        return {}
    opening = Opening(Workflow.employment, new_id(work.now), person=row["ref"])
    return {row["ref"]: work.open(opening, SYSTEM, Role.system).id}


def _relist(work: Work, employment: UUID) -> None:
    """Tell an employment that its person's facts are others now; one that is over may have nothing to do."""
    with suppress(Refused):
        work.fire(employment, "relist", Nothing(), SYSTEM)


# -- what is kept
def keep(work: Work, changes: PeopleChanges) -> None:
    """Write the rows, and the line of management where it has changed; the rest is the engine's to write."""
    own = {"organisation_id": work.organisation.id}
    if changes.added:
        work.connection.execute(insert(people), [{**own, **one.after} for one in changes.added])
    if changes.changed:
        work.connection.execute(_UPDATE, [_bound(work, one.after) for one in changes.changed])
    moved = {one.ref for one in changes.changed if one.changes("line_manager")}
    _write_line(work, moved | {one.ref for one in changes.added})
    for one in changes.changed:
        if one.after["bounces"] and one.changes("email"):
            set_bouncing(work, one.ref, bounces=False)


_UPDATE = (
    update(people)
    .where(people.c.organisation_id == bindparam("own"), people.c.ref == bindparam("person"))
    .values({c.name: bindparam(c.name) for c in _COLUMNS if c.name not in ("ref", *_THE_SERVICES_OWN)})
)


def _bound(work: Work, row: PersonRow) -> dict[str, Any]:
    given = {name: value for name, value in row.items() if name not in ("ref", *_THE_SERVICES_OWN)}
    return {**given, "own": work.organisation.id, "person": row["ref"]}


def _write_line(work: Work, moved: set[str]) -> None:
    """Rewrite the line above whoever has another manager, and above everybody below them."""
    directory = work.picture.directory
    below = [ref for ref in directory.people if ref in moved or not moved.isdisjoint(directory.line(ref))]
    for some in chunks(below):
        gone = delete(line).where(line.c.organisation_id == work.organisation.id, line.c.below.in_(some))
        work.connection.execute(gone)
    rows = [
        {"organisation_id": work.organisation.id, "below": ref, "above": above, "depth": depth}
        for ref in below
        for depth, above in enumerate(directory.line(ref), start=1)
    ]
    if rows:
        work.connection.execute(insert(line), rows)
