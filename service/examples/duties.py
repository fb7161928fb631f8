"""What is owed soon: the open duties to supervise people and cases, with the day by which each is due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, or_, select

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


def duties(acts: Acts, workflow: Workflow, until: date, of: Iterable[str] | None = None) -> list[Row[Any]]:
    """Duties that are late or due by the end of a local date: `supervisee`, `supervisor`, `case`, `kind` and `due`.

    `of` keeps to the duties towards some people. A duty that was missed is due at once, and has no `due`.
    """
    soon = deadlines.c.due <= day_end(until)
    where = [
        matters.c.organisation_id == acts.work.organisation.id,
        matters.c.workflow == workflow.value,
        matters.c.closed_at.is_(None),
        or_(soon, and_(deadlines.c.due.is_(None), matters.c.state.in_(_LATE))),
    ]
    if of is not None:
        where.append(matters.c.supervisee.in_(sorted(of)))
    query = (
        select(
            matters.c.supervisee, matters.c.supervisor, matters.c.case_ref.label("case"), matters.c.kind,
            deadlines.c.due,
        )
        .select_from(matters.outerjoin(deadlines, _ON))
        .where(*where)
        .order_by(matters.c.supervisee, matters.c.case_ref, matters.c.kind)
    )  # fmt: skip
    return list(acts.work.connection.execute(query))


def last_day(due: datetime | None, today: date) -> date:
    """The local date by which a duty is due; two days on where it is late already."""
    return local_day(due) if due else today + timedelta(days=2)
