"""What is late, has risen or is coming among a manager's people: rows, counts by team, and only what they may see.

What is sealed is never counted here, not even for those who know of it: what is printed or sent on goes further.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from service.identity.access import sees
from service.identity.grounds import OWN, SEALED
from service.storage.council_tables import line, people
from service.storage.matter_tables import deadlines, matters
from workflows.escalation import RUNGS
from workflows.lateness import TIMERS
from workflows.vocabulary import Status, Workflow

if TYPE_CHECKING:
    from sqlalchemy import Row

    from service.engine.reading import Reader

Show = Literal["attention", "overdue", "escalated", "coming", "open"]
Sort = Literal["due", "what", "who", "team", "state", "holder"]
#: A line of so many people is named in the statement, so that the indexes of people are used.
_FEW = 500
#: What everybody has for as long as they are employed, and what is only an administrator's.
_NOT_WORK = (Workflow.employment, Workflow.adoption, Workflow.retention)
#: What is looked over, by name, so that its states are found by an index.
_LOOKED_OVER = sorted(workflow.value for workflow in set(Workflow) - SEALED - set(_NOT_WORK))
#: The states in which somebody above has been asked.
_RISEN = (*RUNGS, "three_way_meeting")
_RUNS = tuple(status.value for status in (Status.running, Status.awaiting_report))


class Wanted(Struct, frozen=True):
    """What an overview is narrowed to, and how it is sorted. `until` ends what is coming (an instant)."""

    until: datetime
    #: Everybody whose matters are looked over; none: whoever's an office shows.
    line: tuple[str, ...] = ()
    show: Show = "attention"
    team: str | None = None
    workflow: str | None = None
    state: str | None = None
    person: str | None = None
    #: Only what is due until then (an instant), whatever is shown.
    due_until: datetime | None = None
    sort: Sort = "due"
    descending: bool = False


class Count(Struct, frozen=True):
    """How much of one team's work is late, has risen, or is coming."""

    team: str
    overdue: int
    escalated: int
    coming: int


def overview(reader: Reader, wanted: Wanted, offset: int, limit: int) -> list[Row[Any]]:
    """Rows of open matters among the asker's people, each with `who`, `team`, `due`, `duty`, `overdue`, `escalated`."""
    query = (
        select(
            matters.c.id, matters.c.workflow, matters.c.kind, matters.c.state, matters.c.case_ref, matters.c.holder,
            matters.c.holder_role, _WHO.label("who"), _PERSON.c.team, matters.c.duty_due.label("due"),
            _duty().label("duty"), _OVERDUE.label("overdue"), _ESCALATED.label("escalated"),
        )
        .select_from(matters.outerjoin(_PERSON, _IS_PERSON))
        .where(*_found(reader, wanted), *_shown(wanted))
        .order_by(*_order(wanted))
    )  # fmt: skip
    return list(reader.connection.execute(query.limit(limit).offset(offset), reader.viewer.parameters()))


def counts(reader: Reader, wanted: Wanted) -> list[Count]:
    """How much there is of each team, in the order of their names."""
    tallies = (_OVERDUE, _ESCALATED, _is_coming(wanted))
    summed = [func.sum(case((which, 1), else_=0)) for which in tallies]
    team = func.coalesce(_PERSON.c.team, "")
    query = (
        select(team, *summed)
        .select_from(matters.outerjoin(_PERSON, _IS_PERSON))
        .where(*_found(reader, wanted), or_(*tallies))
        .group_by(team)
        .order_by(team)
    )
    return [Count(*tuple(row)) for row in reader.connection.execute(query, reader.viewer.parameters())]


def line_below(reader: Reader) -> tuple[str, ...]:
    """Everybody in the line below the asker, and whom they supervise today."""
    below = select(line.c.below).where(line.c.organisation_id == OWN, line.c.above == reader.viewer.ref)
    managed = reader.connection.execute(below, reader.viewer.parameters()).scalars()
    return tuple(sorted({*managed, *reader.picture.directory.supervised_by(reader.viewer.ref)}))


#: Under a name of its own: who sees what asks of people as well.
_PERSON = people.alias("person_of_matter")
_WHO = func.coalesce(matters.c.supervisee, matters.c.person)
_IS_PERSON = and_(_PERSON.c.organisation_id == matters.c.organisation_id, _PERSON.c.ref == _WHO)
_OVERDUE = matters.c.overdue_since.is_not(None)
_ESCALATED = matters.c.state.in_(_RISEN)


def _is_coming(wanted: Wanted) -> ColumnElement[bool]:
    return and_(matters.c.duty_due <= wanted.until, ~_OVERDUE)


def _duty() -> ColumnElement[Any]:
    """The name of the next duty's deadline; None where none runs."""
    return (
        select(deadlines.c.name)
        .where(
            deadlines.c.organisation_id == OWN, deadlines.c.matter_id == matters.c.id, deadlines.c.status.in_(_RUNS),
            deadlines.c.name.not_in(sorted(TIMERS)), deadlines.c.due.is_not(None),
        )
        .order_by(deadlines.c.due, deadlines.c.number)
        .limit(1)
        .scalar_subquery()
    )  # fmt: skip


def _found(reader: Reader, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """The open matters of a manager's people, or of everybody whose matters an office shows, as they are narrowed."""
    yield from (
        matters.c.organisation_id == OWN, matters.c.closed_at.is_(None), sees(reader.viewer.office),
        matters.c.workflow.in_([wanted.workflow] if wanted.workflow is not None else _LOOKED_OVER),
        func.coalesce(_WHO, "") != reader.viewer.ref,
    )  # fmt: skip
    if wanted.workflow in (*SEALED, *_NOT_WORK):
        yield false()
    yield from _line(reader, wanted.line)
    if wanted.state is not None:
        yield matters.c.state == wanted.state
    if wanted.team is not None:
        yield _PERSON.c.team == wanted.team
    if wanted.person is not None:
        named = (matters.c.supervisee, matters.c.supervisor, matters.c.person, matters.c.holder)
        yield or_(*(column == wanted.person for column in named))
    if wanted.due_until is not None:
        yield matters.c.duty_due <= wanted.due_until


def _line(reader: Reader, below: tuple[str, ...]) -> Iterator[ColumnElement[bool]]:
    if not below:
        return
    below_here = select(line.c.below).where(line.c.organisation_id == OWN, line.c.above == reader.viewer.ref)
    refs: Any = below if len(below) <= _FEW else below_here
    yield or_(*(column.in_(refs) for column in (matters.c.supervisee, matters.c.supervisor, matters.c.person)))


def _shown(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """The rows that are asked for."""
    match wanted.show:
        case "overdue":
            yield _OVERDUE
        case "escalated":
            yield _ESCALATED
        case "coming":
            yield _is_coming(wanted)
        case "attention":
            yield or_(_OVERDUE, _ESCALATED, _is_coming(wanted))


def _order(wanted: Wanted) -> list[ColumnElement[Any]]:
    """By the column that was asked for; then by date, so that no two pages show the same row."""
    due = matters.c.duty_due
    if wanted.sort == "due":
        return [(due.desc() if wanted.descending else due.asc()).nulls_last(), matters.c.id]
    column: Any = {
        "what": matters.c.workflow, "who": func.coalesce(_PERSON.c.name, _WHO, ""),
        "team": func.coalesce(_PERSON.c.team, ""), "state": matters.c.state,
        "holder": func.coalesce(matters.c.holder, ""),
    }[wanted.sort]  # fmt: skip
    return [column.desc() if wanted.descending else column.asc(), due.asc().nulls_last(), matters.c.id]
