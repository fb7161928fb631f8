"""What is owed soon: the open duties to supervise people and cases, with the day by which each is due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, or_, select

from service.examples.acts import Acts
from service.storage.tables import deadlines, matters
from workflows.calendar import day_end, local_day
from workflows.renewal import DUTY
from workflows.vocabulary import Workflow

_LATE = ("overdue", "with_line_manager", "with_senior_manager")
_ON = and_(
    deadlines.c.organisation_id == matters.c.organisation_id,
    deadlines.c.matter_id == matters.c.id,
    deadlines.c.name == DUTY,
    deadlines.c.fires_at.is_not(None),
)


#: What is late, or due by `until`.
_DUE = (
    select(
        matters.c.supervisee, matters.c.supervisor, matters.c.case_ref.label("case"), matters.c.kind, deadlines.c.due
    )
    .select_from(matters.outerjoin(deadlines, _ON))
    .where(
        matters.c.organisation_id == bindparam("own"),
        matters.c.workflow == bindparam("workflow"),
        matters.c.closed_at.is_(None),
        or_(deadlines.c.due <= bindparam("until"), and_(deadlines.c.due.is_(None), matters.c.state.in_(_LATE))),
    )
    .order_by(matters.c.supervisee, matters.c.case_ref, matters.c.kind)
)
_DUE_TO = _DUE.where(matters.c.supervisee.in_(bindparam("people", expanding=True)))


def duties(acts: Acts, workflow: Workflow, until: date) -> list[Row[Any]]:
    """Duties that are late or due by the end of a local date: `supervisee`, `supervisor`, `case`, `kind` and `due`.

    A duty that was missed is due at once, and has no `due`.
    """
    return acts.see(_DUE, workflow=workflow.value, until=day_end(until))


def duties_to(acts: Acts, people: Iterable[str], workflow: Workflow, until: date) -> list[Row[Any]]:
    """The same for some people alone."""
    return acts.see(_DUE_TO, workflow=workflow.value, until=day_end(until), people=sorted(people))


def last_day(due: datetime | None, today: date) -> date:
    """The local date by which a duty is due; two days on where it is late already."""
    return local_day(due) if due else today + timedelta(days=2)
