"""Deadlines that have passed: enforced in order, each at its own instant, many in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import structlog
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.exc import SQLAlchemyError

from service.engine.incidents import report_incident
from service.engine.picture import Organisation
from service.engine.work import Work
from service.engine.writing import write
from service.storage.council_tables import organisations
from service.storage.matter_tables import deadlines
from service.storage.turns import Turn, shares_turn, takes_turn, wait_for_turn
from service.watching import metrics
from workflows.model import LIVE
from workflows.receipts import iso

if TYPE_CHECKING:
    from service.engine.door import Door

_log = structlog.get_logger()
#: The most deadlines that one transaction enforces.
BATCH = 500
#: How long a deadline that could not be decided waits for another try.
TRY_AGAIN = timedelta(hours=1)
#: The most deadlines that one call of the sandbox clock enforces before it answers.
CLOCK_CALL = 2_000


class Advanced(Struct, frozen=True):
    """How far a clock came, and how many deadlines were enforced on the way, without those of what is sealed."""

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
    fired, openly, changed = 0, 0, False
    with door.database.write(organisation_id) as connection:
        wait_for_turn(connection, organisation_id, Turn.enforcing)
        work = door.work(connection, organisation_id)
        if target < work.now:
            raise BackwardsError(f"The clock stands at {iso(work.now)} and only goes forward.")
        while fired < most and (instant := _next_instant(connection, organisation_id, target)) is not None:
            work = enforce_batch(_at(work, max(instant, work.now)), instant, min(BATCH, most - fired))
            fired, changed = fired + work.enforced, changed or work.people_changed
            openly += work.enforced_openly
            work = _fresh(work, work.organisation_after)
        reached = target if _next_instant(connection, organisation_id, target) is None else work.now
        own = organisations.c.id == organisation_id
        connection.execute(update(organisations).where(own).values(sandbox_now=reached))
    if changed:
        door.pictures.keep(work.organisation, work.picture)
    return Advanced(reached, openly)


def _at(work: Work, instant: datetime) -> Work:
    return _fresh(work, replace(work.organisation, now=instant))


def _fresh(work: Work, organisation: Organisation) -> Work:
    return Work(work.store, organisation, work.picture, work.sealer)


def _next_instant(connection: Connection, organisation_id: UUID, until: datetime) -> datetime | None:
    query = select(func.min(deadlines.c.fires_at)).where(
        deadlines.c.organisation_id == organisation_id, deadlines.c.fires_at <= until
    )
    return connection.execute(query).scalar()


def enforce_overdue(door: Door, organisation_id: UUID) -> int:
    """Deal with one batch of what has passed by the organisation's clock; 0 when nothing has, or others are at it.

    A batch is one instant. Several workers may share one where all that is overdue has one rank; while several instants
    are overdue, or several ranks, one worker at a time goes through them, so that their order holds.
    """
    return door.attempt(lambda: _overdue_once(door, organisation_id))


def _overdue_once(door: Door, organisation_id: UUID) -> int:
    with door.database.write(organisation_id) as connection:
        work = door.work(connection, organisation_id)
        first, in_order = _first_overdue(connection, organisation_id, work.now)
        take = takes_turn if in_order else shares_turn
        if first is None or not take(connection, organisation_id, Turn.enforcing):
            return 0
        done = enforce_batch(work, first, BATCH)
    door.committed(done)
    metrics.enforced(done.enforced, (work.now - first).total_seconds())
    return done.enforced + len(done.parked)


def _first_overdue(connection: Connection, organisation_id: UUID, now: datetime) -> tuple[datetime | None, bool]:
    """The first overdue instant, and whether something overdue has to be enforced after something else that is."""
    own, order = deadlines.c.organisation_id == organisation_id, (deadlines.c.fires_at, deadlines.c.rank)
    overdue = select(*order).where(own, deadlines.c.fires_at <= now).limit(1)
    first = connection.execute(overdue.order_by(*order)).one_or_none()
    last = connection.execute(overdue.order_by(*(column.desc() for column in order))).one_or_none()
    return first and first.fires_at, first != last


def enforce_batch(work: Work, instant: datetime, most: int) -> Work:
    """Enforce up to `most` deadlines of one instant and write them together; the Work that did it says how many.

    A deadline that cannot be decided is parked as an incident and tried again later: it never holds up the others. The
    batch ends with it, since each costs another pass: many would have all the others wait for one long transaction.
    """
    passed = _claim(work.connection, work.organisation.id, instant, most)
    parked: dict[tuple[UUID, int], Exception] = {}
    while True:
        done = _fresh(work, work.organisation)
        done.parked = parked
        stopped = _enforce(done, passed)
        if stopped is None:
            break
        if done.undecided is None:
            raise stopped.error
        parked[done.undecided] = stopped.error
        passed = passed[: stopped.after]
    write(done)
    for (matter_id, number), error in parked.items():
        _park(done, matter_id, number, error)
    return done


class _Stopped(NamedTuple):
    """What kept a deadline from being decided, and after how many of the batch, itself included."""

    error: Exception
    after: int


def _enforce(work: Work, passed: list[Row[Any]]) -> _Stopped | None:
    """Decide the deadlines in their order and what they lead to, as far as they can be decided."""
    work.load_with_cases({row.matter_id for row in passed})
    after = 0
    try:
        for after, row in enumerate(passed, start=1):  # noqa: B007 - told where it stops
            deadline = next((d for d in work.live[row.matter_id].matter.deadlines if d.number == row.number), None)
            if deadline is not None and work.may_enforce(row.matter_id, deadline):
                work.enforce(row.matter_id, deadline)
        work.settle()
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the others must not wait for it
        return _Stopped(error, after)
    return None


def _claim(connection: Connection, organisation_id: UUID, instant: datetime, most: int) -> list[Row[Any]]:
    """The deadlines of one instant in the order in which they are enforced; what another worker has is passed over."""
    query = (
        select(deadlines.c.matter_id, deadlines.c.number)
        .where(deadlines.c.organisation_id == organisation_id, deadlines.c.fires_at <= instant)
        .order_by(deadlines.c.fires_at, deadlines.c.rank, deadlines.c.matter_id, deadlines.c.number)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return list(connection.execute(query))


def _park(work: Work, matter_id: UUID, number: int, error: Exception) -> None:
    """Put a deadline off for a while and let administrators see why; its due instant stays what it is.

    What this very batch has met, stopped or moved needs it no more.
    """
    own = work.organisation.id
    connection = work.connection
    where = (deadlines.c.organisation_id == own, deadlines.c.matter_id == matter_id, deadlines.c.number == number)
    passed = (deadlines.c.status.in_(LIVE), deadlines.c.fires_at <= work.now)
    put_off = update(deadlines).where(*where, *passed).values(fires_at=work.now + TRY_AGAIN)
    if connection.execute(put_off).rowcount == 0:
        return
    _log.error("deadline_undecidable", matter=str(matter_id), deadline=number, exc_info=error)
    detail = f"Deadline {number} could not be decided ({type(error).__name__}); it is tried again every hour."
    report_incident(connection, own, work.now, "undecidable", detail, matter_id)
