"""What is overdue, escalated or coming, as SQL over open matters: derived from states and deadlines, never kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, and_, case, func, or_, select

from service.storage.column_types import Instant
from service.storage.tables import deadlines, matters
from workflows.escalation import RUNGS
from workflows.vocabulary import Status, Workflow

#: Timers of the escalation: they wake people, and are no duty of anybody's.
TIMERS = ("remind_by", "climb_by", "review_reminder", "confirm_return")
_LIVE = tuple(status.value for status in (Status.running, Status.awaiting_report))
#: Workflows that only rise because a duty was not done in time.
_DUTIES = (Workflow.cancellation, Workflow.frequency, Workflow.entitlement, Workflow.oversight, Workflow.filing)
#: Where missing a deadline changes no state: for how long what was missed is still owed.
_STILL_OWED: dict[tuple[Workflow, str], tuple[str, ...]] = {
    (Workflow.record, "circulate_by"): ("draft",),
    (Workflow.record, "amend_by"): ("disputed",),
    (Workflow.agreement, "sign_by"): ("draft", "awaiting_signatures"),
    (Workflow.action, "due_by"): ("open",),
    (Workflow.handover, "hand_over_by"): ("to_hand_over",),
    (Workflow.handover, "receive_by"): ("handed_over",),
    (Workflow.audit, "report_by"): ("drawn", "in_progress"),
    (Workflow.disclosure, "decide_by"): ("requested", "in_review"),
    (Workflow.absence, "cover_by"): ("awaiting_cover", "with_senior_manager"),
}


def owed_name() -> ColumnElement[Any]:
    """The deadline that a row of `matters` still owes if it missed it, by its workflow and state."""
    return case(
        *(
            (and_(matters.c.workflow == workflow.value, matters.c.state.in_(states)), name)
            for (workflow, name), states in _STILL_OWED.items()
        ),
        else_=None,
    )


def dates_of(found: CTE, organisation_id: Any) -> CTE:  # noqa: ANN401 - a bound parameter
    """Of each matter found, with its `owed_name`: its next duty's date, the last one missed, and the one still owed.

    All are last instants in time.
    """
    duty = and_(deadlines.c.name.not_in(TIMERS), deadlines.c.due.is_not(None))
    missed = and_(duty, deadlines.c.status == Status.missed.value)
    owed = and_(missed, deadlines.c.name == found.c.owed_name)

    def among(which: ColumnElement[bool]) -> ColumnElement[Any]:
        return case((which, deadlines.c.due), else_=None)

    return (
        select(
            found.c.id,
            func.min(among(and_(duty, deadlines.c.status.in_(_LIVE))), type_=Instant).label("next"),
            func.max(among(missed), type_=Instant).label("missed"),
            func.max(among(owed), type_=Instant).label("owed"),
        )
        .join(deadlines, and_(deadlines.c.organisation_id == organisation_id, deadlines.c.matter_id == found.c.id))
        .group_by(found.c.id)
        .cte("dates")
    )


def escalated(found: FromClause) -> ColumnElement[bool]:
    """Whether somebody above has been asked."""
    return found.c.state.in_((*RUNGS, "three_way_meeting"))


def overdue(found: FromClause, dates: FromClause) -> ColumnElement[bool]:
    """Whether something was not done in time and is still owed."""
    rises = and_(found.c.workflow.in_([w.value for w in _DUTIES]), found.c.state.in_(RUNGS))
    return or_(found.c.state == "overdue", rises, dates.c.owed.is_not(None))


def due(found: FromClause, dates: FromClause) -> ColumnElement[Any]:
    """When the next duty of a matter is due (its last instant in time); of an overdue one, when it was."""
    late = case((overdue(found, dates), func.coalesce(dates.c.owed, dates.c.missed, type_=Instant)), else_=None)
    return func.coalesce(dates.c.next, late, type_=Instant)


def duty(found: FromClause, organisation_id: Any) -> ColumnElement[Any]:  # noqa: ANN401 - a bound parameter
    """The name of the next duty's deadline; None where none runs."""
    return (
        select(deadlines.c.name)
        .where(
            deadlines.c.organisation_id == organisation_id, deadlines.c.matter_id == found.c.id,
            deadlines.c.status.in_(_LIVE), deadlines.c.name.not_in(TIMERS), deadlines.c.due.is_not(None),
        )
        .order_by(deadlines.c.due, deadlines.c.number)
        .limit(1)
        .scalar_subquery()
    )  # fmt: skip
