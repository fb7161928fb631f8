"""Making an example council ready: its organisation, its lists, somebody to sign in as, and its year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from service.engine.picture import read_organisation
from service.examples.acts import Tally, clock
from service.examples.councils import EXPORTS, LIVE_FROM, TODAY, Council
from service.examples.year import Year
from service.identity.tokens import keep_token
from service.imports import IMPORTS
from service.organisations import create_organisation
from workflows.calendar import local_day
from workflows.model import Actor
from workflows.vocabulary import Role

if TYPE_CHECKING:
    from service.engine.door import Door
    from service.engine.work import Work

#: The instant at which an example council's clock begins.
_BEGINS = clock(LIVE_FROM, "08:00")
_WORKERS = frozenset({"social_worker", "learning_mentor"})


class SignIn(NamedTuple):
    """A token for one of the people of an example council, and who that is."""

    ref: str
    name: str
    job_role: str
    token: str


class Played(NamedTuple):
    """How many days of a year are over, and what people did in them since it was taken up."""

    days: int
    of: int
    tally: Tally


def make_council(door: Door, council: Council, known: UUID | None) -> UUID:
    """The council's organisation with its lists. One that is `known` gets them only where its year has not begun."""
    own = known or _create(door, council)
    with door.database.read(own) as connection:
        begins = read_organisation(connection, own).now == _BEGINS
    for what in EXPORTS if begins else ():
        _import(door, own, council, what)
    return own


def _import(door: Door, own: UUID, council: Council, what: str) -> None:
    content, importer = council.file(what).read_bytes(), Actor(council.administrator)
    door.run(own, lambda work: IMPORTS[what](work, content, importer, dry_run=False))


def _create(door: Door, council: Council) -> UUID:
    return create_organisation(
        door.database, door.vault, name=council.name, policy_id=council.id, live_from=LIVE_FROM,
        admin_ref=council.administrator, sandbox_now=_BEGINS, now=_BEGINS,
    ).organisation_id  # fmt: skip


def sign_ins(door: Door, own: UUID) -> list[SignIn]:
    """A new token for a worker, for everybody in the line above them, for HR and for the administrator."""
    return door.run(own, lambda work: [_sign_in(work, ref) for ref in _typical(work)])


def _typical(work: Work) -> list[str]:
    directory, today = work.picture.directory, local_day(work.now)
    workers = [p for _, p in sorted(directory.people.items()) if p.job_role in _WORKERS and p.in_post(today)]
    worker = next((p for p in workers if p.supervisor != p.line_manager and not p.nqsw_start), workers[0])
    offices = (*directory.with_app_role(Role.hr, today)[:1], *directory.with_app_role(Role.administrator, today)[:1])
    found = (worker.ref, worker.supervisor, *directory.line(worker.supervisor), *offices)
    return list(dict.fromkeys(ref for ref in found if ref and directory.in_post(ref, today)))


def _sign_in(work: Work, ref: str) -> SignIn:
    token = keep_token(work.connection, work.organisation.id, ref, "example", ("all",), work.now, expires_at=None)
    person = work.picture.directory.people[ref]
    return SignIn(ref, person.name, person.job_role, token)


def play_year(door: Door, council: Council, own: UUID) -> Iterator[Played]:
    """Play what is left of the council's year, day by day. It may be left off after any day and taken up again."""
    year = Year(door, own, council.id, TODAY)
    days = (local_day(TODAY) - LIVE_FROM).days
    for day in year.days():
        yield Played((day - LIVE_FROM).days + 1, days, year.tally)
