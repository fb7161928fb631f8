"""What is counted for whom: which matters of a workflow, on which day, told exactly or without small numbers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, func, select

from service.identity.access import Viewer, sees, sees_all
from service.identity.grounds import OWN, SEALED, Office
from service.storage.council_tables import people
from service.storage.matter_tables import matters
from workflows.calendar import day_end, day_start, local_day
from workflows.vocabulary import Workflow

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
#: How far back the stays go that are told of (product default).
LATELY = 90 * _DAY
#: The person whose team a matter is counted with.
SUBJECT = func.coalesce(matters.c.supervisee, matters.c.person, matters.c.supervisor)


class Narrowed(Struct, frozen=True):
    """Which matters are counted; everything that is left out narrows nothing."""

    team: str | None = None
    opened_from: datetime | None = None
    opened_until: datetime | None = None
    policy_version: str | None = None

    @staticmethod
    def of(team: str | None, first: date | None, last: date | None, policy_version: str | None) -> Narrowed:
        """Narrowed to what was opened on these London days, both included."""
        return Narrowed(
            team, day_start(first) if first else None, day_start(last + _DAY) if last else None, policy_version
        )

    @property
    def is_whole(self) -> bool:
        """Whether all of them are counted."""
        return self == Narrowed()

    @property
    def is_by_group(self) -> bool:
        """Whether a snapshot tells these apart: it knows teams and versions, and not when a matter was opened."""
        return self.opened_from is None and self.opened_until is None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions on rows of `matters`."""
        found: list[ColumnElement[bool]] = []
        if self.team is not None:
            of_team = select(people.c.ref).where(people.c.organisation_id == OWN, people.c.team == self.team)
            found.append(SUBJECT.in_(of_team))
        if self.opened_from is not None:
            found.append(matters.c.opened_at >= self.opened_from)
        if self.opened_until is not None:
            found.append(matters.c.opened_at < self.opened_until)
        if self.policy_version is not None:
            found.append(matters.c.policy_version == self.policy_version)
        return found


class Standing(Struct, frozen=True):
    """What stands in one state."""

    open: int
    #: None of an earlier day: no history keeps it.
    overdue: int | None = 0
    #: When the one that has been open longest was opened.
    oldest: datetime | None = None
    next_due: datetime | None = None


class Counting(Struct, frozen=True):
    """What is counted for whom: `own` only what the viewer sees, told `exact` or without small numbers."""

    viewer: Viewer
    workflow: Workflow
    narrowed: Narrowed
    #: The last instant that counts.
    at: datetime
    #: The earlier day at whose end they are counted; None for now.
    day: date | None
    exact: bool
    own: bool

    @staticmethod
    def at_the_end_of(
        viewer: Viewer, workflow: Workflow, narrowed: Narrowed, day: date | None, now: datetime, *, exact: bool,
        own: bool,
    ) -> Counting:  # fmt: skip
        """Counting at the end of a London day, or now where that is still to come or none is named."""
        if day is None or day_end(day) >= now:
            return Counting(viewer, workflow, narrowed, now, None, exact, own)
        return Counting(viewer, workflow, narrowed, day_end(day), day, exact, own)

    @property
    def office(self) -> Office | None:
        """Whose view narrows what is counted; None where everything is."""
        return self.viewer.office if self.own else None

    @property
    def is_of_groups(self) -> bool:
        """Whether whole groups are counted, as a snapshot keeps them: nothing is left out for this viewer."""
        sees_everything = self.office is None or sees_all(self.office, self.workflow)
        return sees_everything and self.narrowed.is_by_group

    @property
    def is_of_all(self) -> bool:
        """Whether every matter of the workflow is counted."""
        return self.is_of_groups and self.narrowed.is_whole

    @property
    def until(self) -> datetime:
        """The first instant that does not count."""
        return self.at + _SECOND

    @property
    def last_day(self) -> date:
        """The day that is told of, or today."""
        return local_day(self.at)

    @property
    def first_day(self) -> date:
        """The first day whose stays are told of."""
        return self.last_day - LATELY

    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions on rows of `matters`."""
        return [_of_workflow(self.workflow, self.office), *self.narrowed.conditions()]


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
