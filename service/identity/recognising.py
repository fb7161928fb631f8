"""Whom on the council's list an identity belongs to. Whoever is not certain is nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, or_, select

from service.storage.council_tables import people
from service.storage.sign_in_tables import sign_in_bindings

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from service.identity.openid import Identity


class NotRecognisedError(Exception):
    """The identity is nobody's here who is in post: `reason` says why, for the log and never for whoever asks."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def recognise(connection: Connection, own: UUID, identity: Identity, today: date, moment: datetime) -> str:
    """The ref of the person whose identity this is; who is recognised by a verified address is remembered.

    The list's `sign_in_id` goes before everything. An address counts only for somebody who has no identity yet, so that
    nobody is given to another identity but by the list or by `organisation sign-in forget`. Raises NotRecognisedError.
    """
    person = _by_list(connection, own, identity) or _by_binding(connection, own, identity)
    if person is None:
        person = _by_address(connection, own, identity, today)
        row = {
            "organisation_id": own, "person": person.ref, "issuer": identity.issuer, "identity": identity.id,
            "bound_at": moment,
        }  # fmt: skip
        connection.execute(insert(sign_in_bindings), row)
    if not _in_post(person, today):
        raise NotRecognisedError("left")
    ref: str = person.ref
    return ref


def forget(connection: Connection, own: UUID, person: str) -> bool:
    """Let somebody be recognised anew by their address; False where they never were."""
    mine = and_(sign_in_bindings.c.organisation_id == own, sign_in_bindings.c.person == person)
    return connection.execute(delete(sign_in_bindings).where(mine)).rowcount == 1


def _by_list(connection: Connection, own: UUID, identity: Identity) -> Row[Any] | None:
    query = select(people).where(people.c.organisation_id == own, people.c.sign_in_id == identity.id)
    return connection.execute(query).one_or_none()


def _by_binding(connection: Connection, own: UUID, identity: Identity) -> Row[Any] | None:
    """Whom the identity was taken for before, unless the list has given them another one since."""
    bound = and_(sign_in_bindings.c.organisation_id == own, sign_in_bindings.c.person == people.c.ref)
    query = (
        select(people)
        .join(sign_in_bindings, bound)
        .where(
            people.c.organisation_id == own,
            sign_in_bindings.c.issuer == identity.issuer,
            sign_in_bindings.c.identity == identity.id,
        )
    )
    person = connection.execute(query).one_or_none()
    if person is not None and person.sign_in_id is not None:
        raise NotRecognisedError("the list names another identity")
    return person


def _by_address(connection: Connection, own: UUID, identity: Identity, today: date) -> Row[Any]:
    if identity.email is None:
        raise NotRecognisedError("unknown, and no verified address")
    started = or_(people.c.start_date.is_(None), people.c.start_date <= today)
    not_left = or_(people.c.end_date.is_(None), people.c.end_date >= today)
    same = func.lower(people.c.email) == identity.email.lower()
    found = connection.execute(select(people).where(people.c.organisation_id == own, same, started, not_left)).all()
    if len(found) != 1:
        raise NotRecognisedError("the address is nobody's" if not found else "the address is not one person's")
    person = found[0]
    bound = select(sign_in_bindings.c.person).where(
        sign_in_bindings.c.organisation_id == own, sign_in_bindings.c.person == person.ref
    )
    if person.sign_in_id is not None or connection.execute(bound).first() is not None:
        raise NotRecognisedError("the address belongs to somebody with another identity")
    return person


def _in_post(person: Row[Any], today: date) -> bool:
    begun = person.start_date is None or person.start_date <= today
    return begun and (person.end_date is None or today <= person.end_date)
