"""Reading the daily snapshot: how many stood where at the end of a day, and how long they had stayed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Table, func, select

from service.engine.counting import Counting, Standing
from service.identity.grounds import OWN
from service.storage.council_tables import organisations
from service.storage.snapshot_tables import reopened_days, snapshot_counts, snapshot_days, snapshot_stays
from workflows.calendar import local_day

if TYPE_CHECKING:
    from sqlalchemy import Connection

_DAY = timedelta(days=1)
_BOUNDS = select(
    organisations.c.created_at,
    select(func.min(reopened_days.c.day)).where(reopened_days.c.organisation_id == OWN).scalar_subquery(),
).where(organisations.c.id == OWN)


def told_until(connection: Connection, counting: Counting, first: date) -> date:
    """The first of the days from `first` to the last one counted that no snapshot tells of, or the one after all.

    Before there was an organisation there is nothing to tell.
    """
    values = counting.viewer.parameters()
    created_at, reopened = connection.execute(_BOUNDS, values).one()
    day, last = max(first, local_day(created_at)), min(counting.last_day, (reopened or date.max) - _DAY)
    taken = set(
        connection.execute(select(snapshot_days.c.day).where(*_days(snapshot_days, day, last)), values).scalars()
    )
    while day in taken:
        day += _DAY
    return day


def count_taken(connection: Connection, counting: Counting) -> dict[str, Standing]:
    """What was open at the end of a day that was taken, by state."""
    table, day = snapshot_counts, counting.last_day
    query = select(table.c.state, func.sum(table.c.open).label("open")).where(*_groups(table, counting, day, day))
    found = connection.execute(query.group_by(table.c.state), counting.viewer.parameters())
    return {row.state: Standing(int(row.open), overdue=None) for row in found}


def stays_taken(connection: Connection, counting: Counting, until: date) -> Mapping[str, Counter[int]]:
    """How long matters had stayed in each state that they left before a day, as far back as is told of, by state."""
    table = snapshot_stays
    query = select(table.c.state, table.c.seconds, func.sum(table.c.stays).label("stays")).where(
        *_groups(table, counting, counting.first_day, until - _DAY)
    )
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for row in connection.execute(query.group_by(table.c.state, table.c.seconds), counting.viewer.parameters()):
        found[row.state][row.seconds] = int(row.stays)
    return found


def _groups(table: Table, counting: Counting, first: date, last: date) -> list[ColumnElement[bool]]:
    narrowed = {"team": counting.narrowed.team, "policy_version": counting.narrowed.policy_version}
    return [
        *_days(table, first, last), table.c.workflow == counting.workflow.value,
        *(table.c[name] == value for name, value in narrowed.items() if value is not None),
    ]  # fmt: skip


def _days(table: Table, first: date, last: date) -> tuple[ColumnElement[Any], ...]:
    return table.c.organisation_id == OWN, table.c.day >= first, table.c.day <= last
