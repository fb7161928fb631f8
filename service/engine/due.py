"""Deadlines that have passed: enforced in order, each at its own instant, many in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, select, update

from service.engine.work import Work
from service.engine.writing import write
from service.storage.tables import deadlines, organisations

if TYPE_CHECKING:
    from service.engine.door import Door

#: The most deadlines that one transaction enforces.
BATCH = 500
#: The most deadlines that one call of the sandbox clock enforces before it answers.
CLOCK_CALL = 2_000


@dataclass(frozen=True, slots=True)
class Advanced:
    """How far a clock came, and how many deadlines were enforced on the way."""

    now: datetime
    fired: int


class BackwardsError(Exception):
    """A clock only goes forward."""


def advance(door: Door, organisation_id: UUID, target: datetime, most: int = CLOCK_CALL) -> Advanced:
    """Move a sandbox's clock to `target`, enforcing on the way; short of it after `most` deadlines.

    Every deadline is enforced with the clock at its own instant, so that nothing is late in a sandbox.
    Raises BackwardsError where the clock is already past `target`.
    """
    return door.attempt(lambda: _advance_once(door, organisation_id, target, most))


def _advance_once(door: Door, organisation_id: UUID, target: datetime, most: int) -> Advanced:
    fired, works = 0, []
    with door.database.write(organisation_id) as connection:
        work = door.work(connection, organisation_id)
        if target < work.now:
            raise BackwardsError(f"The clock stands at {work.now.isoformat()} and only goes forward.")
        while fired < most and (instant := _next_instant(connection, organisation_id, target)) is not None:
            work = _at(work, max(instant, work.now))
            fired += enforce_batch(work, instant, min(BATCH, most - fired))
            works.append(work)
            work = _after(work)
        reached = target if _next_instant(connection, organisation_id, target) is None else work.now
        own = organisations.c.id == organisation_id
        connection.execute(update(organisations).where(own).values(sandbox_now=reached))
    if works:
        door.pictures.keep(work.organisation, work.picture)
    return Advanced(reached, fired)


def _at(work: Work, instant: datetime) -> Work:
    organisation = replace(work.organisation, now=instant)
    return Work(work.store, organisation, work.picture, work.sealer)


def _after(work: Work) -> Work:
    """The organisation as the next instant finds it."""
    bump = 1 if work.people_changed else 0
    organisation = replace(work.organisation, directory_version=work.organisation.directory_version + bump)
    return Work(work.store, organisation, work.picture, work.sealer)


def _next_instant(connection: Connection, organisation_id: UUID, until: datetime) -> datetime | None:
    query = select(func.min(deadlines.c.fires_at)).where(
        deadlines.c.organisation_id == organisation_id, deadlines.c.fires_at <= until
    )
    return connection.execute(query).scalar()


def enforce_batch(work: Work, instant: datetime, most: int) -> int:
    """Enforce up to `most` deadlines of one instant and write them together; how many were enforced."""
    passed = _claim(work.connection, work.organisation.id, instant, most)
    work.load({row.matter_id for row in passed})
    fired = 0
    for row in passed:
        deadline = next((d for d in work.live[row.matter_id].matter.deadlines if d.number == row.number), None)
        if deadline is not None and deadline.fires_at is not None and deadline.fires_at <= work.now:
            work.enforce(row.matter_id, deadline)
            fired += 1
    fired += work.settle()
    write(work)
    return fired


def _claim(connection: Connection, organisation_id: UUID, instant: datetime, most: int) -> list[Row[Any]]:
    """The deadlines of one instant in the order in which they are enforced; what another worker has is passed over."""
    query = (
        select(deadlines.c.matter_id, deadlines.c.number)
        .where(deadlines.c.organisation_id == organisation_id, deadlines.c.fires_at <= instant)
        .order_by(deadlines.c.fires_at, deadlines.c.rank, deadlines.c.matter_id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return list(connection.execute(query))
