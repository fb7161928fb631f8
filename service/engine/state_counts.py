"""How many matters of a workflow stand in which state: now, at the end of an earlier day, and how long they stay there.

What is sealed is counted for nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from service.identity.access import Viewer, sees, sees_all
from service.identity.grounds import OWN, SEALED, Office
from service.storage.column_types import Instant
from service.storage.tables import matters, people, steps
from workflows.calendar import LONDON
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from sqlalchemy import Connection


_DAY = timedelta(days=1)
#: How far back the stays go that are told of (product default).
_LATELY = 90 * _DAY


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which matters are counted; everything that is left out narrows nothing."""

    team: str | None = None
    opened_from: datetime | None = None
    opened_until: datetime | None = None
    policy_version: str | None = None

    @staticmethod
    def of(team: str | None, first: date | None, last: date | None, policy_version: str | None) -> Narrowed:
        """Narrowed to what was opened on these London days, both included."""
        return Narrowed(
            team, _start_of(first) if first else None, _start_of(last + _DAY) if last else None, policy_version
        )

    @property
    def is_whole(self) -> bool:
        """Whether all of them are counted."""
        return self == Narrowed()

    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions on rows of `matters`."""
        found: list[ColumnElement[bool]] = []
        if self.team is not None:
            of_team = select(people.c.ref).where(people.c.organisation_id == OWN, people.c.team == self.team)
            found.append(func.coalesce(matters.c.supervisee, matters.c.person, matters.c.supervisor).in_(of_team))
        if self.opened_from is not None:
            found.append(matters.c.opened_at >= self.opened_from)
        if self.opened_until is not None:
            found.append(matters.c.opened_at < self.opened_until)
        if self.policy_version is not None:
            found.append(matters.c.policy_version == self.policy_version)
        return found


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in one state."""

    open: int
    overdue: int = 0
    #: When the one that has been open longest was opened.
    oldest: datetime | None = None
    next_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counting:
    """What is counted for whom: `own` only what the viewer sees, told `exact` or without small numbers."""

    viewer: Viewer
    workflow: Workflow
    narrowed: Narrowed
    #: The instant that the counts are of.
    at: datetime
    #: Whether that is an earlier day, which the history tells of.
    is_past: bool
    exact: bool
    own: bool

    @staticmethod
    def at_the_end_of(
        viewer: Viewer, workflow: Workflow, narrowed: Narrowed, day: date | None, now: datetime, *, exact: bool,
        own: bool,
    ) -> Counting:  # fmt: skip
        """Counting at the end of a London day, or now where that is still to come or none is named."""
        end = _start_of(day + _DAY) if day is not None else now
        is_past = end < now
        return Counting(viewer, workflow, narrowed, end if is_past else now, is_past, exact, own)

    @property
    def office(self) -> Office | None:
        """Whose view narrows what is counted; None where everything is."""
        return self.viewer.office if self.own else None

    def lately(self) -> datetime:
        """From when on stays are told of."""
        return self.at - _LATELY


def is_counted(workflow: Workflow) -> bool:
    """Whether matters of a workflow are counted at all: what is sealed is not."""
    return workflow not in SEALED


def may_list(viewer: Viewer, workflow: Workflow) -> bool:
    """Whether somebody may list the matters of a workflow, all of them, and so is told their exact number."""
    return sees_all(viewer.office, workflow)


@cache
def _of_workflow(workflow: Workflow, office: Office | None) -> ColumnElement[bool]:
    """The matters of a workflow; for an `office`, those that its holder sees."""
    own = and_(matters.c.organisation_id == OWN, matters.c.workflow == workflow.value)
    return own if office is None or sees_all(office, workflow) else and_(own, sees(office))


@cache
def _now(workflow: Workflow, office: Office | None) -> Select[Any]:
    return (
        select(
            matters.c.state,
            func.count().label("open"),
            func.count(matters.c.overdue_since).label("overdue"),
            func.min(matters.c.opened_at, type_=Instant).label("oldest"),
            func.min(matters.c.next_due, type_=Instant).label("next_due"),
        )
        .where(_of_workflow(workflow, office), matters.c.closed_at.is_(None))
        .group_by(matters.c.state)
    )


def count(connection: Connection, counting: Counting) -> dict[str, Standing]:
    """What is or was open, by state; nothing of what is sealed."""
    if not is_counted(counting.workflow):
        return {}
    return _count_then(connection, counting) if counting.is_past else _count_now(connection, counting)


def _count_now(connection: Connection, counting: Counting) -> dict[str, Standing]:
    query = _now(counting.workflow, counting.office).where(*counting.narrowed.conditions())
    return {
        row.state: Standing(row.open, row.overdue, row.oldest, row.next_due)
        for row in connection.execute(query, counting.viewer.parameters())
    }


@cache
def _then(workflow: Workflow, office: Office | None) -> Select[Any]:
    """The last step of each matter before an instant, of those that were open at it."""
    before = bindparam("before", type_=Instant)
    return (
        select(steps.c.matter_id, func.max(steps.c.number).label("number"))
        .select_from(steps.join(matters, _same_matter()))
        .where(
            _of_workflow(workflow, office), steps.c.organisation_id == OWN, steps.c.at < before,
            or_(matters.c.closed_at.is_(None), matters.c.closed_at >= before),
        )
        .group_by(steps.c.matter_id)
    )  # fmt: skip


def _same_matter() -> ColumnElement[bool]:
    return and_(matters.c.organisation_id == steps.c.organisation_id, matters.c.id == steps.c.matter_id)


def _count_then(connection: Connection, counting: Counting) -> dict[str, Standing]:
    """What was open just before an instant, by the state that it was in then: worked out of the history."""
    last = _then(counting.workflow, counting.office).where(*counting.narrowed.conditions()).subquery()
    then = and_(steps.c.matter_id == last.c.matter_id, steps.c.number == last.c.number)
    query = (
        select(steps.c.dest, func.count().label("open"))
        .select_from(steps.join(last, then))
        .where(steps.c.organisation_id == OWN)
        .group_by(steps.c.dest)
    )
    found = connection.execute(query, counting.viewer.parameters() | {"before": counting.at})
    states = DEFINITIONS[counting.workflow].states
    return {row.dest: Standing(row.open) for row in found if not states[row.dest].final}


@cache
def _stays(workflow: Workflow, office: Office | None) -> Select[Any]:
    """Each time that a matter came to a state, and when it left it."""
    return (
        select(
            steps.c.dest.label("state"),
            steps.c.at.label("came"),
            func.lead(steps.c.at, type_=Instant)
            .over(partition_by=steps.c.matter_id, order_by=steps.c.number)
            .label("left"),
        )
        .select_from(steps.join(matters, _same_matter()))
        .where(
            _of_workflow(workflow, office), steps.c.organisation_id == OWN,
            matters.c.last_at >= bindparam("since", type_=Instant),
            or_(steps.c.source.is_(None), steps.c.source != steps.c.dest),
        )
    )  # fmt: skip


def stays(connection: Connection, counting: Counting, since: datetime) -> Mapping[str, list[float]]:
    """How long matters stayed in each state that they left since an instant: seconds, by state."""
    if not is_counted(counting.workflow):
        return {}
    came = _stays(counting.workflow, counting.office).where(*counting.narrowed.conditions()).subquery()
    query = select(came).where(came.c.left >= bindparam("left_since", type_=Instant))
    values = counting.viewer.parameters() | {"since": since, "left_since": since}
    found: dict[str, list[float]] = defaultdict(list)
    for row in connection.execute(query, values):
        found[row.state].append((row.left - row.came).total_seconds())
    return found
