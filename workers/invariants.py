"""What must always hold in a council: named checks, run every quarter of an hour; what fails is an incident.

Administrators see incidents, and are not to learn that anything sealed exists: what fails of that is in the figures and
the log of whoever runs the service, and in no incident.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct
from sqlalchemy import ColumnElement, FromClause, and_, case, exists, false, func, or_, select, text

from service.identity.grounds import SEALED
from service.storage.checkpoints import last_checkpoint_at
from service.storage.council_tables import organisations, people
from service.storage.matter_tables import WAITS_FOR_SEVERAL, deadlines, incidents, matters
from workflows.calendar import local_day
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Role, Workflow

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from workflows.table import Definition

#: What is enforced each second is long past after this, however much falls due at once.
_LONG_PAST = timedelta(minutes=15)
#: Histories are signed once a day; whatever changed before the day before is in a checkpoint.
_SIGNED_AFTER = timedelta(hours=26)
#: Whoever left has their work taken over within the night; two days later that has failed.
_TAKEN_OVER_AFTER = timedelta(days=2)

#: Moves that replace a matter by a newer one: nothing waits for them.
_REPLACES = frozenset({"supersede", "relist"})
#: Somebody in post leaves at some time or never.
_MAY_LAST = frozenset({(Workflow.employment, "in_post")})


class At(NamedTuple):
    """One council at one instant of its own clock."""

    own: UUID
    now: datetime
    is_sandbox: bool


class Broken(NamedTuple):
    """How often a check fails: of everything, and of what the council's administrators may know of."""

    in_all: int
    told: int


class Invariant(Struct, frozen=True):
    """One check: its name in metrics and incidents, what it means that it fails, and how often it does."""

    name: str
    broken_says: str
    count_broken: Callable[[Connection, At], Broken]


def _long_past(connection: Connection, at: At) -> Broken:
    its_matter = and_(matters.c.organisation_id == deadlines.c.organisation_id, matters.c.id == deadlines.c.matter_id)
    past = (deadlines.c.organisation_id == at.own, deadlines.c.fires_at < at.now - _LONG_PAST)
    return _count(connection, *past, of=deadlines.join(matters, its_matter))


def _abandoned_claims(connection: Connection, _at: At) -> Broken:
    """Claims are locks of a transaction, and so end with their owner; one that does nothing for long has none."""
    if connection.dialect.name != "postgresql":
        return Broken(0, 0)
    claims = int(connection.execute(select(func.abandoned_claims())).scalar_one())
    return Broken(claims, claims)


def _no_way_on(connection: Connection, at: At) -> Broken:
    """Open matters in a state that nobody knows, or that only time leads out of while no deadline runs."""
    unknown = [and_(matters.c.workflow == name, matters.c.state.not_in(states)) for name, states in _known_states()]
    waits = [
        and_(matters.c.workflow == name, matters.c.state.in_(states), matters.c.next_due.is_(None))
        for name, states in _states_of_time()
        if states
    ]
    return _count(connection, *_open(at), or_(*unknown, *waits))


def _unsigned(connection: Connection, at: At) -> Broken:
    """Whether histories went on that no checkpoint covers. `supervision verify` compares each of them."""
    if at.is_sandbox:
        return Broken(0, 0)
    signed_at = last_checkpoint_at(connection, at.own)
    if signed_at is not None and signed_at > at.now - _SIGNED_AFTER:
        return Broken(0, 0)
    late = matters.c.last_at < at.now - _SIGNED_AFTER
    went_on = late if signed_at is None else and_(late, matters.c.last_at > signed_at)
    return _count(connection, matters.c.organisation_id == at.own, went_on)


def _reached_nobody(connection: Connection, at: At) -> Broken:
    """Open matters that climb and lie with somebody who left, with an office in which nobody is, or with nobody at all.

    Where an open incident tells of the matter already, this one would say it twice.
    """
    left_by = local_day(at.now - _TAKEN_OVER_AFTER)
    stays = (people.c.organisation_id == at.own, or_(people.c.end_date.is_(None), people.c.end_date >= left_by))
    open_one = (incidents.c.organisation_id == at.own, incidents.c.closed_at.is_(None))
    told = exists().where(*open_one, incidents.c.matter_id == matters.c.id)
    asked = matters.c.ladder["asked"].as_string()
    holder, office = matters.c.holder, matters.c.holder_role
    reached_nobody = case(
        (holder.is_not(None), ~exists().where(*stays, people.c.ref == holder)),
        (office.is_not(None), office.not_in(_offices(connection, *stays))),
        (text(WAITS_FOR_SEVERAL.format(matters.name)), false()),
        else_=asked == "[]",
    )
    return _count(connection, *_open(at), asked.is_not(None), reached_nobody, ~told)


def _offices(connection: Connection, *stays: ColumnElement[bool]) -> set[str]:
    """The roles in the service of everybody who stays."""
    given = connection.execute(select(people.c.app_roles).where(*stays).distinct()).scalars()
    return {role for roles in given for role in roles}


INVARIANTS = (
    Invariant("no_deadline_long_past", "Deadlines passed a quarter of an hour ago and were not enforced", _long_past),
    Invariant("no_claim_without_owner", "Transactions hold what they claimed and do nothing", _abandoned_claims),
    Invariant("every_open_matter_has_a_way_on", "Open matters wait for something that never comes", _no_way_on),
    Invariant("every_chain_in_a_checkpoint", "Histories went on without being signed for more than a day", _unsigned),
    Invariant("every_escalation_reached_somebody", "Escalated matters lie with nobody who is in post", _reached_nobody),
)


def at_of(connection: Connection, own: UUID, now: datetime) -> At:
    """A council at `now` of the database's clock, or at the instant of its sandbox."""
    sandbox_now = connection.execute(select(organisations.c.sandbox_now).where(organisations.c.id == own)).scalar_one()
    return At(own, sandbox_now or now, sandbox_now is not None)


def _open(at: At) -> tuple[ColumnElement[bool], ...]:
    return matters.c.organisation_id == at.own, matters.c.closed_at.is_(None)


@cache
def _known_states() -> list[tuple[Workflow, list[str]]]:
    return [(workflow, sorted(definition.states)) for workflow, definition in DEFINITIONS.items()]


@cache
def _states_of_time() -> list[tuple[Workflow, list[str]]]:
    """By workflow, the states that a deadline leads out of, and neither people nor other matters do."""
    return [
        (workflow, [s for s in definition.states if _only_time(definition, s)])
        for workflow, definition in DEFINITIONS.items()
    ]


def _only_time(definition: Definition, state: str) -> bool:
    out = [move for move in definition.moves if state in move.source and move.dest not in (None, state)]
    if any(move.roles - {Role.system} for move in definition.moves if state in move.source):
        return False
    enforced = {rule.enforces for rule in definition.deadlines.values()}
    triggers = {move.trigger for move in out} - _REPLACES
    return bool(triggers) and triggers <= enforced and (definition.workflow, state) not in _MAY_LAST


def _count(connection: Connection, *broken: ColumnElement[bool], of: FromClause = matters) -> Broken:
    told = func.count().filter(matters.c.workflow.not_in(SEALED))
    return Broken(*connection.execute(select(func.count(), told).select_from(of).where(*broken)).one())
