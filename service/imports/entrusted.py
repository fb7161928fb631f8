"""Whom a people's list lets do more or other things than before: told to others, and kept.

By a role, by another account in somebody's place, or by a place above others, whose matters their supervisor and the
line may read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from service.storage.sign_in_tables import sign_in_bindings
from workflows.calendar import local_day
from workflows.entrusting import TOLD, Entrusted
from workflows.model import SYSTEM
from workflows.refusals import Refused
from workflows.vocabulary import Role

if TYPE_CHECKING:
    from service.engine.work import Work
    from service.imports.people import PeopleChanges, PersonBecomes
    from workflows.directory import Directory
    from workflows.model import Actor


def of_consequence(changes: PeopleChanges) -> list[PersonBecomes]:
    """Who may do other things from now on, or signs in as another account."""
    changed = [one for one in changes.changed if one.changes("app_roles", "sign_in_id")]
    return [*changed, *(one for one in changes.added if one.after["app_roles"])]


class Raised(Struct, frozen=True):
    """Below whom a list puts others: `above` are those whose line they are in now, `supervises` their other workers."""

    above: tuple[str, ...] = ()
    supervises: tuple[str, ...] = ()


def raised(changes: PeopleChanges, before: Directory, after: Directory, importer: Actor) -> dict[str, Raised]:
    """Who stands above whom from now on, of those who could be a reader that somebody has made.

    Whoever loads the list, any administrator, and whoever it lists for the first time; all other managers change as
    a council does. People below those who are named follow them.
    """
    watched = {one.ref for one in changes.added} | ({importer.ref} if importer.ref else set())
    watched |= {ref for ref, person in after.people.items() if Role.administrator in person.app_roles}
    above = [
        (ref, one.ref)
        for one in changes.changed
        if one.changes("line_manager")
        for ref in watched.intersection(after.line(one.ref)).difference(before.line(one.ref))
    ]
    made = [(one.after["supervisor"], one.ref) for one in changes.changed if one.changes("supervisor")]
    told = set(above)
    lines, workers = _by_first(above), _by_first(pair for pair in made if pair[0] in watched and pair not in told)
    return {ref: Raised(tuple(lines[ref]), tuple(workers[ref])) for ref in {**lines, **workers}}


def _by_first(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for first, second in pairs:
        found[first].append(second)
    return found


def tell(
    work: Work,
    found: Collection[PersonBecomes],
    above: Mapping[str, Raised],
    employments: Mapping[str, UUID],
    importer: Actor,
    before: Directory,
) -> None:
    """Tell it where it is kept, in each one's employment. A council's first list has nobody to be told."""
    told = {ref for office in TOLD for ref in before.with_app_role(office, local_day(work.now))} - {importer.ref}
    listed = {one.ref: one for one in found if told or one.before is not None}
    bound = _bound(work, [ref for ref, one in listed.items() if one.changes("sign_in_id")])
    for ref in [ref for ref in {**listed, **above} if ref in employments]:
        said = _said(listed.get(ref), above.get(ref, Raised()), importer, is_bound=ref in bound)
        if said.gained or said.lost or said.other_sign_in or said.above or said.supervises:
            with suppress(Refused):
                work.fire(employments[ref], "entrust", said, SYSTEM)


def _said(one: PersonBecomes | None, place: Raised, importer: Actor, *, is_bound: bool) -> Entrusted:
    before, after = (one.before, one.after) if one else (None, None)
    had, has = (set(row["app_roles"]) if row else set() for row in (before, after))
    had_account = is_bound or bool(before and before["sign_in_id"])
    return Entrusted(
        gained=_roles(has - had), lost=_roles(had - has), by=importer.ref, above=place.above,
        supervises=place.supervises,
        other_sign_in=had_account and one is not None and one.changes("sign_in_id"),
    )  # fmt: skip


def _roles(names: Iterable[Any]) -> tuple[Role, ...]:
    return tuple(Role(name) for name in sorted(names))


def _bound(work: Work, refs: list[str]) -> set[str]:
    """Those of them whose account is known by their address."""
    if not refs:
        return set()
    query = select(sign_in_bindings.c.person).where(
        sign_in_bindings.c.organisation_id == work.organisation.id, sign_in_bindings.c.person.in_(refs)
    )
    return set(work.connection.execute(query).scalars())
