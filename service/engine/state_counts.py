"""How many matters of a workflow stand in which state, now and at the end of an earlier day, and how long they stay.

What is open now is counted from an index. What was comes from the daily snapshot, and from the history for days that
were not taken yet, for a viewer's own matters, and for matters that were opened within some days: no snapshot knows
these apart. What is sealed is counted for nobody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, bindparam, func, lateral, select

from service.engine.counting import Counting, Standing, is_counted
from service.engine.snapshots import count_taken, stays_taken, told_until
from service.engine.state_history import count_then, stays_since
from service.identity.grounds import OWN
from service.storage.column_types import Instant
from service.storage.matter_tables import matters
from workflows.calendar import day_start

if TYPE_CHECKING:
    from sqlalchemy import Connection


def count(connection: Connection, counting: Counting) -> dict[str, Standing]:
    """What is or was open, by state; nothing of what is sealed."""
    if not is_counted(counting.workflow):
        return {}
    if counting.day is None:
        return _count_now(connection, counting)
    if counting.is_of_groups and told_until(connection, counting, counting.day) > counting.day:
        return count_taken(connection, counting)
    return count_then(connection, counting)


def stays(connection: Connection, counting: Counting) -> Mapping[str, Counter[int]]:
    """How long matters had stayed in each state that they left lately: how many how long, by state."""
    if not is_counted(counting.workflow):
        return {}
    if not counting.is_of_groups:
        return stays_since(connection, counting, day_start(counting.first_day))
    untold = told_until(connection, counting, counting.first_day)
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for part in (
        stays_taken(connection, counting, untold),
        stays_since(connection, counting, day_start(untold)),
    ):
        for state, lengths in part.items():
            found[state] += lengths
    return found


def _count_now(connection: Connection, counting: Counting) -> dict[str, Standing]:
    values = counting.viewer.parameters() | {"counted": counting.workflow.value}
    if counting.is_of_all and connection.dialect.name == "postgresql":
        query = _state_by_state()
    else:
        query = _grouped().where(*counting.conditions())
    return {
        row.state: Standing(row.open, row.overdue, row.oldest, row.next_due)
        for row in connection.execute(query, values)
    }


_COUNTS = (func.count().label("open"), func.count(matters.c.overdue_since).label("overdue"))
_OLDEST = func.min(matters.c.opened_at, type_=Instant).label("oldest")
_NEXT_DUE = func.min(matters.c.next_due, type_=Instant).label("next_due")


@cache
def _grouped() -> Select[Any]:
    return (
        select(matters.c.state, *_COUNTS, _OLDEST, _NEXT_DUE)
        .where(matters.c.closed_at.is_(None))
        .group_by(matters.c.state)
    )


@cache
def _state_by_state() -> Select[Any]:
    """The same of everything, one state after another: grouping takes longer than the counting itself.

    The index has the states, and the oldest in each, in their order: these are looked up.
    """
    every = (
        matters.c.organisation_id == OWN, matters.c.workflow == bindparam("counted"), matters.c.closed_at.is_(None),
    )  # fmt: skip
    first = func.min(matters.c.state)
    states = select(first.label("state")).where(*every).cte("states", recursive=True)
    later = select(first).where(*every, matters.c.state > states.c.state).scalar_subquery()
    states = states.union_all(select(later).where(states.c.state.is_not(None)))
    in_it = (*every, matters.c.state == states.c.state)
    here = lateral(select(*_COUNTS, _NEXT_DUE).where(*in_it).correlate(states))
    oldest = select(_OLDEST).where(*in_it).correlate(states).scalar_subquery()
    return select(states.c.state, here, oldest.label("oldest")).where(states.c.state.is_not(None))
