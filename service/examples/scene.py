"""What the people of a council see when they come to work: everything that waits for somebody, read in a few looks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, or_, select

from service.engine.work import Work
from service.storage.matter_tables import deadlines, matters
from workflows.calendar import day_end, local_day
from workflows.model import Matter
from workflows.renewal import DUTY
from workflows.vocabulary import Workflow

#: How far ahead duties are seen.
_AHEAD = timedelta(days=46)
#: A duty that was missed is to be met within so many days.
_AT_ONCE = timedelta(days=2)


class Seen(NamedTuple):
    """A matter as people see it."""

    id: UUID
    version: int
    workflow: str
    kind: str | None
    state: str
    supervisee: str | None
    supervisor: str | None
    person: str | None
    case: str | None
    parent: UUID | None
    holder: str | None
    opened_at: datetime
    last_at: datetime
    next_due: datetime | None
    data: Mapping[str, Any]


class Duty(NamedTuple):
    """A duty to supervise somebody or a case, and the local date by which it is due."""

    workflow: str
    kind: str | None
    supervisee: str
    supervisor: str
    case: str | None
    due: date


_own = matters.c.organisation_id == bindparam("own")
_SHOWN = select(*(matters.c["case_ref" if name == "case" else name] for name in Seen._fields))
_ORDER = (matters.c.opened_at, matters.c.supervisee, matters.c.case_ref, matters.c.kind, matters.c.person)
_OF_SEVERAL = frozenset({"draft", "awaiting_signatures", "review_due", "with_hr", "requested", "in_review"})
_LATE = frozenset({"overdue", "with_line_manager", "with_senior_manager"})
_DUTIES_OF = (Workflow.entitlement.value, Workflow.frequency.value)
_OF_NOBODY = (
    Workflow.dispute.value, Workflow.agreement.value, Workflow.referral.value, Workflow.disclosure.value, *_DUTIES_OF,
)  # fmt: skip
#: What waits for a person; and what waits for nobody alone: what the two are still talking over or have to sign, HR's
#: queue, and duties that are late and that nobody is left to be asked about.
_WAITING = _SHOWN.where(
    _own, matters.c.holder > "", matters.c.workflow.in_(bindparam("workflows", expanding=True))
).order_by(*_ORDER)
_DIARY = (Workflow.session.value, Workflow.cancellation.value)
_DESK = tuple(sorted(set(Workflow) - set(_DIARY)))
_NOBODYS = _SHOWN.where(
    _own,
    matters.c.workflow.in_(_OF_NOBODY),
    matters.c.closed_at.is_(None),
    matters.c.holder.is_(None),
    or_(matters.c.workflow == Workflow.dispute.value, matters.c.state.in_(sorted(_LATE | _OF_SEVERAL))),
).order_by(*_ORDER)
#: Changes of one person's supervisor that were covered and are to be made for good.
_REALLOCATED = _SHOWN.where(
    _own, matters.c.workflow == Workflow.absence.value, matters.c.kind == "reallocation", matters.c.state == "covered"
).order_by(*_ORDER)
_BY_ID = _SHOWN.where(_own, matters.c.id.in_(bindparam("ids", expanding=True))).order_by(*_ORDER)
#: Duties by when they are enforceable, which is when they are due unless a report is awaited.
_DUTIES = (
    select(
        matters.c.workflow, matters.c.kind, matters.c.supervisee, matters.c.supervisor, matters.c.case_ref,
        deadlines.c.due,
    )
    .join_from(
        deadlines,
        matters,
        and_(matters.c.organisation_id == deadlines.c.organisation_id, matters.c.id == deadlines.c.matter_id),
    )
    .where(
        deadlines.c.organisation_id == bindparam("own"),
        deadlines.c.fires_at <= bindparam("until"),
        deadlines.c.name == DUTY,
    )
    .order_by(matters.c.supervisee, matters.c.case_ref, matters.c.kind)
)  # fmt: skip


class Scene:
    """What there is to do, read when somebody looks, without what this transaction has changed already."""

    def __init__(self, work: Work) -> None:
        self._work, self._today = work, local_day(work.now)

    def waiting(self, workflow: Workflow) -> list[Seen]:
        """What waits for somebody, disagreements between the two, and everything that is late."""
        return (self._diary if workflow in _DIARY else self._desk)[workflow]

    @cached_property
    def _diary(self) -> Mapping[str, list[Seen]]:
        return _by_workflow(self._matters(_WAITING, workflows=_DIARY))

    @cached_property
    def _desk(self) -> Mapping[str, list[Seen]]:
        return _by_workflow((*self._matters(_WAITING, workflows=_DESK), *self._matters(_NOBODYS)))

    @cached_property
    def absences(self) -> list[Seen]:
        """Absences that are going on or are known ahead, and changes of supervisor that run like them."""
        directory = self._work.picture.directory
        away = [a.matter for rows in directory.absences.values() for a in rows if a.last_day is None]
        changes = [one for one in self.waiting(Workflow.absence) if one.kind]
        if any(person.cover for person in directory.people.values()):
            changes += self._matters(_REALLOCATED)
        return [*self._matters(_BY_ID, ids=away), *changes]

    @cached_property
    def disputed(self) -> list[Seen]:
        """Disputed records for which nobody waits."""
        parents = [one.parent for one in self.waiting(Workflow.dispute) if one.parent]
        found = self._matters(_BY_ID, ids=parents) if parents else []
        return [one for one in found if one.state == "disputed" and not one.holder]

    @cached_property
    def duties(self) -> list[Duty]:
        """What is due in the next weeks, and what is late."""
        values = {"own": self._work.organisation.id, "until": day_end(self._today + _AHEAD)}
        at_once = self._today + _AT_ONCE
        late = [
            Duty(m.workflow, m.kind, m.supervisee or "", m.supervisor or "", m.case, at_once)
            for name in _DUTIES_OF for m in self._desk[name] if m.state in _LATE
        ]  # fmt: skip
        rows = self._work.connection.execute(_DUTIES, values)
        return [*late, *(Duty(*row[:-1], local_day(row.due)) for row in rows)]

    def _matters(self, query: Select[Any], **values: object) -> list[Seen]:
        rows = self._work.connection.execute(query, {"own": self._work.organisation.id, **values})
        return [one for one in map(Seen._make, rows) if self._as_written(one)]

    def _as_written(self, one: Seen) -> bool:
        """Whether this transaction has not changed a matter since it was written."""
        live = self._work.live.get(one.id)
        return live is None or live.matter.version == one.version


def _by_workflow(found: Iterable[Seen]) -> Mapping[str, list[Seen]]:
    by: dict[str, list[Seen]] = defaultdict(list)
    for one in found:
        by[one.workflow].append(one)
    return by


def seen(matter: Matter) -> Seen:
    """A matter that this transaction has opened."""
    due = min((d.due for d in matter.deadlines if d.live and d.due), default=None)
    return Seen(
        matter.id, matter.version, matter.workflow.value, matter.kind, matter.state, matter.supervisee,
        matter.supervisor, matter.person, matter.case, matter.parent, matter.holder, matter.opened_at, matter.last_at,
        due, matter.data,
    )  # fmt: skip
