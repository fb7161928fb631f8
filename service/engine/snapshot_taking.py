"""Taking the daily snapshot of a council out of what stands now and its history, some days at a time, newest first.

What stood at the end of the last of these days is read, and the end of each day before it follows by taking back what
happened since. One statement reads both, so that no other transaction comes in between.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import dropwhile, islice, takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Table,
    and_,
    delete,
    func,
    insert,
    literal,
    null,
    select,
    union_all,
)

from service.engine.counting import SUBJECT
from service.engine.picture import read_organisation
from service.engine.state_history import changes, stood
from service.engine.stays import rounded
from service.identity.grounds import OWN, SEALED
from service.storage.column_types import Instant
from service.storage.council_tables import organisations, people
from service.storage.matter_tables import matters
from service.storage.snapshot_tables import reopened_days, snapshot_counts, snapshot_days, snapshot_stays
from workflows.calendar import day_start, local_day
from workflows.registry import DEFINITIONS

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection, Row

    from service.engine.door import Door

_DAY = timedelta(days=1)
#: A day is taken when it has been over for this long: no transaction that began in it goes on as long.
_UNDER_WAY = timedelta(hours=1)
#: The most days that one transaction takes.
AT_ONCE = 28
_TAKEN = (snapshot_days, snapshot_counts, snapshot_stays)
_ENDS = frozenset(
    (workflow.value, state)
    for workflow, table in DEFINITIONS.items()
    for state in table.states
    if table.states[state].final
)
_COLUMNS = (matters.c.workflow, matters.c.policy_version, SUBJECT.label("subject"))
_COUNTED = (matters.c.organisation_id == OWN, matters.c.workflow.not_in([workflow.value for workflow in SEALED]))


class Group(NamedTuple):
    """What is counted together."""

    workflow: str
    state: str
    team: str
    policy_version: str

    @property
    def is_open(self) -> bool:
        """Whether matters in this state are open."""
        return (self.workflow, self.state) not in _ENDS


def take_days(door: Door, organisation_id: UUID) -> int:
    """Take the newest days that are over and were not taken; how many those were. 0 also while another process does."""
    with door.database.write(organisation_id) as connection:
        if not _is_alone(connection, organisation_id):
            return 0
        _forget_reopened(connection, organisation_id)
        days = _missing(connection, organisation_id)
        if days:
            _take(connection, organisation_id, days)
        return len(days)


def _is_alone(connection: Connection, own: UUID) -> bool:
    """Whether no other process takes days of this organisation; none will until the transaction ends."""
    if connection.dialect.name != "postgresql":
        return True
    key = func.hashtextextended(f"snapshot {own}", 0)
    return bool(connection.execute(select(func.pg_try_advisory_xact_lock(key))).scalar_one())


def _forget_reopened(connection: Connection, own: UUID) -> None:
    """Forget what was taken of days to which steps were dated back since, and of the days after them."""
    marks = connection.execute(select(reopened_days.c.id, reopened_days.c.day).where(_own(reopened_days, own))).all()
    if marks:
        first = min(mark.day for mark in marks)
        for table in _TAKEN:
            connection.execute(delete(table).where(_own(table, own), table.c.day >= first))
        seen = reopened_days.c.id.in_([mark.id for mark in marks])
        connection.execute(delete(reopened_days).where(_own(reopened_days, own), seen))


def _missing(connection: Connection, own: UUID) -> list[date]:
    """The newest days without a gap that are over and were not taken, the newest first."""
    now = read_organisation(connection, own).now
    created_at = connection.execute(select(organisations.c.created_at).where(organisations.c.id == own)).scalar_one()
    taken = set(connection.execute(select(snapshot_days.c.day).where(_own(snapshot_days, own))).scalars())
    today, first = local_day(now - _UNDER_WAY), local_day(created_at)
    over = (today - n * _DAY for n in range(1, (today - first).days + 1))
    untaken = dropwhile(taken.__contains__, over)
    return list(islice(takewhile(lambda day: day not in taken, untaken), AT_ONCE))


def _take(connection: Connection, own: UUID, days: list[date]) -> None:
    """Take days without a gap, which are given newest first."""
    until = day_start(days[0] + _DAY)
    more, left = _added_up(connection.execute(_told(day_start(days[-1]), until), {"own": own}))
    standing = more[local_day(until)]
    counts = []
    for day in days:
        counts += [_row(own, day, group, open=number) for group, number in standing.items() if number]
        standing.subtract(more[day])
    stays = [_row(own, day, group, seconds=length, stays=n) for (day, group, length), n in left.items()]
    now = read_organisation(connection, own).now
    taken = [{"organisation_id": own, "day": day, "taken_at": now} for day in days]
    for table, rows in zip(_TAKEN, (taken, counts, stays), strict=True):
        if rows:
            connection.execute(insert(table), rows)


def _told(since: datetime, until: datetime) -> CompoundSelect[Any]:
    """Every coming and leaving from an instant until another, and what stood at the latter, as if it came then."""
    moves, then = changes(_COUNTED, _COLUMNS, since, until).subquery(), stood(_COUNTED, _COLUMNS, until).subquery()
    of_then = (*_group(then), null().label("source"), then.c.state, null().label("came"), literal(until, Instant))
    return union_all(
        select(*_group(moves), moves.c.source, moves.c.dest, moves.c.came, moves.c.at, literal(1).label("number"))
        .select_from(_with_people(moves)),
        select(*of_then, func.count()).select_from(_with_people(then)).group_by(*_group(then), then.c.state),
    )  # fmt: skip


def _group(found: FromClause) -> tuple[ColumnElement[Any], ...]:
    return found.c.workflow, people.c.team, found.c.policy_version


def _with_people(found: FromClause) -> FromClause:
    return found.outerjoin(people, and_(people.c.organisation_id == OWN, people.c.ref == found.c.subject))


def _added_up(rows: Iterable[Row[Any]]) -> tuple[dict[date, Counter[Group]], Counter[tuple[date, Group, int]]]:
    """By day how many more were open in each group at its end, and how many left one after so long."""
    more: dict[date, Counter[Group]] = defaultdict(Counter)
    left: Counter[tuple[date, Group, int]] = Counter()
    for row in rows:
        day, to = local_day(row.at), Group(row.workflow, row.dest, row.team or "", row.policy_version)
        if to.is_open:
            more[day][to] += row.number
        gone = to._replace(state=row.source)
        if row.source is not None and gone.is_open:
            more[day][gone] -= 1
            left[day, gone, rounded((row.at - row.came).total_seconds())] += 1
    return more, left


def _row(own: UUID, day: date, group: Group, **values: int) -> dict[str, Any]:
    return {"organisation_id": own, "day": day, **group._asdict(), **values}


def _own(table: Table, own: UUID) -> ColumnElement[bool]:
    found: ColumnElement[bool] = table.c.organisation_id == own
    return found
