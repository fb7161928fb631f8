"""Council closure days: a day on which the council does not work, announced or taken back, and what it moves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import delete, insert, or_, select

from service.engine.foresight import load_all
from service.engine.one_at_a_time import lock_council
from service.identity.grounds import SEALED
from service.storage.council_tables import calendar_days
from service.storage.matter_tables import deadlines
from workflows.calendar import Calendar, day_start
from workflows.consequence_payloads import ChangedDay
from workflows.model import SYSTEM
from workflows.recount import RECALENDAR, moved_by
from workflows.refusals import Refused
from workflows.vocabulary import Status, Unit

if TYPE_CHECKING:
    from service.engine.work import Work

_CLOSURE = "closure"
_SATURDAY = 5
#: The rules of receipts that may hold a window in working days.
_RULES = (Unit.working_days.value, "later_of", "earlier_of")


def add_closure(work: Work, day: date, reason: str) -> int:
    """Close the council on a local date; answers how many deadlines moved. The caller writes `work`.

    Raises Refused where the day is not worked anyway, and StaleError where the calendar was changed meanwhile.
    """
    lock_council(work)
    if not work.picture.calendar.works(day):
        why = work.picture.calendar.closed.get(day, "it is a weekend")
        raise Refused("worked", f"{day.isoformat()} is not worked anyway: {why}.")
    row = {"organisation_id": work.organisation.id, "day": day, "kind": _CLOSURE, "reason": reason}
    work.connection.execute(insert(calendar_days), row)
    return _follow(work, day, {**work.picture.calendar.closed, day: reason})


def remove_closure(work: Work, day: date) -> int:
    """Take a closure back; answers how many deadlines moved. The caller writes `work`.

    Raises Refused where the council never closed that day, and StaleError where the calendar was changed meanwhile.
    """
    lock_council(work)
    own = (calendar_days.c.organisation_id == work.organisation.id, calendar_days.c.day == day)
    gone = work.connection.execute(delete(calendar_days).where(*own, calendar_days.c.kind == _CLOSURE))
    if gone.rowcount == 0:
        raise Refused("closed", f"The council has no closure on {day.isoformat()}.")
    return _follow(work, day, {d: why for d, why in work.picture.calendar.closed.items() if d != day})


def _follow(work: Work, day: date, closed: dict[date, str]) -> int:
    """Go on under the new calendar, and let every matter count again whose window has the day in it."""
    version = str(work.organisation.calendar_version + 1)
    found = _touched(work, day)
    load_all(work, found)
    for matter_id in found:
        work.enforce_due(matter_id)
    work.see_calendar(Calendar(work.picture.calendar.id, version, MappingProxyType(closed)))
    _read_cases(work, found)
    return sum(_move(work, matter_id, day) for matter_id in found)


def _touched(work: Work, day: date) -> list[UUID]:
    """The matters with a running window that ends on or after the day, or stands still, and may have it inside."""
    query = (
        select(deadlines.c.matter_id)
        .distinct()
        .where(
            deadlines.c.organisation_id == work.organisation.id,
            deadlines.c.status.in_((Status.running, Status.paused)),
            or_(deadlines.c.due.is_(None), deadlines.c.due >= day_start(day)),
            deadlines.c.receipt["rule"].as_string().in_(_RULES),
        )
        .order_by(deadlines.c.matter_id)
    )
    return list(work.connection.execute(query).scalars())


def _read_cases(work: Work, found: Iterable[UUID]) -> None:
    work.known.read_cases({work.live[matter_id].matter.case for matter_id in found})


def _move(work: Work, matter_id: UUID, day: date) -> int:
    """How many deadlines of a matter moved; those of what is sealed move too, and nobody counts them."""
    moved = moved_by(work.live[matter_id].matter, day, work.picture.calendar)
    if moved:
        work.fire(matter_id, RECALENDAR, ChangedDay(day=day), SYSTEM)
    return 0 if work.live[matter_id].matter.workflow.value in SEALED else len(moved)
