"""What the history says of states: where matters stood just before an instant, and each coming and leaving since.

Two statements for whatever is asked of them: a drawing asks for one workflow, and a snapshot for all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, or_, select, union_all

from service.engine.counting import Counting, Standing
from service.engine.stays import rounded
from service.identity.grounds import OWN
from service.storage.column_types import Instant
from service.storage.matter_tables import matters, steps
from workflows.registry import DEFINITIONS

if TYPE_CHECKING:
    from sqlalchemy import Connection

_Conditions = Sequence[ColumnElement[bool]]
_Columns = Sequence[ColumnElement[Any]]


def _of_matter(of_steps: Any) -> ColumnElement[bool]:  # noqa: ANN401 - the table or an alias of it
    return and_(matters.c.organisation_id == of_steps.c.organisation_id, matters.c.id == of_steps.c.matter_id)


def stood(conditions: _Conditions, columns: _Columns, before: datetime) -> CompoundSelect[Any]:
    """Each matter that was there just before an instant, with its `state` then: an open one, or one that moved since.

    What has not moved stands where it stood, and the first step of what has says where it came from: the steps before
    the instant are not read.
    """
    still = (matters.c.closed_at.is_(None), matters.c.last_at < before)
    first = (
        select(steps.c.matter_id, func.min(steps.c.number).label("number"))
        .where(steps.c.organisation_id == OWN, steps.c.at >= before)
        .group_by(steps.c.matter_id)
        .subquery()
    )
    since = and_(steps.c.matter_id == first.c.matter_id, steps.c.number == first.c.number)
    moved = matters.join(steps, _of_matter(steps)).join(first, since)
    return union_all(
        select(*columns, matters.c.state.label("state")).where(*conditions, *still),
        select(*columns, steps.c.source.label("state"))
        .select_from(moved)
        .where(*conditions, steps.c.organisation_id == OWN, steps.c.source.is_not(None)),
    )


def changes(conditions: _Conditions, columns: _Columns, since: datetime, until: datetime) -> Select[Any]:
    """Each step from an instant until another by which a matter came to a state, with when it had come to the last."""
    earlier = steps.alias("earlier")
    came = (
        select(func.max(earlier.c.at, type_=Instant))
        .where(
            earlier.c.organisation_id == OWN, earlier.c.matter_id == steps.c.matter_id,
            earlier.c.number < steps.c.number, or_(earlier.c.source.is_(None), earlier.c.source != earlier.c.dest),
        )
        .correlate(steps)
        .scalar_subquery()
    )  # fmt: skip
    return (
        select(*columns, steps.c.source, steps.c.dest, came.label("came"), steps.c.at.label("at"))
        .select_from(steps.join(matters, _of_matter(steps)))
        .where(
            *conditions, steps.c.organisation_id == OWN, steps.c.at >= since, steps.c.at < until,
            or_(steps.c.source.is_(None), steps.c.source != steps.c.dest),
        )
    )  # fmt: skip


def count_then(connection: Connection, counting: Counting) -> dict[str, Standing]:
    """What was open at the end of a day, by the state that it was in then."""
    then = stood(counting.conditions(), (), counting.until).subquery()
    query = select(then.c.state, func.count().label("open")).group_by(then.c.state)
    states = DEFINITIONS[counting.workflow].states
    found = connection.execute(query, counting.viewer.parameters())
    return {row.state: Standing(row.open, overdue=None) for row in found if not states[row.state].final}


def stays_since(connection: Connection, counting: Counting, since: datetime) -> Mapping[str, Counter[int]]:
    """How long matters had stayed in each state that they left from an instant on: how many how long, by state."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    query = changes((*counting.conditions(), steps.c.source.is_not(None)), (), since, counting.until)
    for row in connection.execute(query, counting.viewer.parameters()):
        found[row.source][rounded((row.at - row.came).total_seconds())] += 1
    return found
