"""Whom a people's list lets do other things than before, or sign in as another account: told to others, and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID

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


def tell(
    work: Work, found: Iterable[PersonBecomes], employments: Mapping[str, UUID], importer: Actor, before: Directory
) -> None:
    """Tell it where it is kept, in each one's employment. A council's first list has nobody to be told."""
    told = {ref for office in TOLD for ref in before.with_app_role(office, local_day(work.now))} - {importer.ref}
    listed = [one for one in found if one.ref in employments and (told or one.before is not None)]
    bound = _bound(work, [one.ref for one in listed if one.changes("sign_in_id")])
    for one in listed:
        said = _said(one, importer, is_bound=one.ref in bound)
        if said.gained or said.lost or said.other_sign_in:
            with suppress(Refused):
                work.fire(employments[one.ref], "entrust", said, SYSTEM)


def _said(one: PersonBecomes, importer: Actor, *, is_bound: bool) -> Entrusted:
    had, has = (set(row["app_roles"]) if row else set() for row in (one.before, one.after))
    had_account = is_bound or bool(one.before and one.before["sign_in_id"])
    return Entrusted(
        gained=_roles(has - had), lost=_roles(had - has), other_sign_in=had_account and one.changes("sign_in_id"),
        by=importer.ref,
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
