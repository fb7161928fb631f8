"""What is late, has risen or is coming among a manager's people: rows, counts by team, and only what they may see.

What is sealed is never counted here, not even for those who know of it: what is printed or sent on goes further.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import CTE, ColumnElement, and_, case, func, or_, select

from service.engine import lateness
from service.identity.access import sees
from service.identity.grounds import OWN, SEALED
from service.storage.tables import line, matters, people
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from sqlalchemy import Row

    from service.engine.reading import Reader

Show = Literal["attention", "overdue", "escalated", "coming", "open"]
Sort = Literal["due", "what", "who", "team", "state", "holder"]
#: A line of so many people is named in the statement, so that the indexes of people are used.
_FEW = 500
#: What everybody has for as long as they are employed, and what is only an administrator's.
_NOT_WORK = (Workflow.employment, Workflow.adoption, Workflow.retention)


@dataclass(frozen=True, slots=True)
class Wanted:
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


@dataclass(frozen=True, slots=True)
class Count:
    """How much of one team's work is late, has risen, or is coming."""

    team: str
    overdue: int
    escalated: int
    coming: int


def overview(reader: Reader, wanted: Wanted, offset: int, limit: int) -> list[Row[Any]]:
    """Rows of open matters among the asker's people, each with `who`, `team`, `due`, `duty`, `overdue`, `escalated`."""
    rows = _Rows(reader, wanted)
    found = rows.found
    query = (
        select(
            found.c.id, found.c.workflow, found.c.kind, found.c.state, found.c.case_ref, found.c.holder,
            found.c.holder_role, found.c.who, found.c.team, rows.due.label("due"),
            lateness.duty(found, OWN).label("duty"), rows.overdue.label("overdue"), rows.escalated.label("escalated"),
        )
        .select_from(rows.joined)
        .where(*rows.shown(wanted))
        .order_by(*rows.order(wanted))
    )  # fmt: skip
    return list(reader.connection.execute(query.limit(limit).offset(offset), reader.viewer.parameters()))


def counts(reader: Reader, wanted: Wanted) -> list[Count]:
    """How much there is of each team, in the order of their names."""
    rows = _Rows(reader, wanted)
    summed = [func.sum(case((which, 1), else_=0)) for which in (rows.overdue, rows.escalated, rows.coming)]
    team = func.coalesce(rows.found.c.team, "")
    query = select(team, *summed).select_from(rows.joined).where(*rows.narrowed(wanted)).group_by(team).order_by(team)
    teams = (Count(*tuple(row)) for row in reader.connection.execute(query, reader.viewer.parameters()))
    return [count for count in teams if count.overdue or count.escalated or count.coming]


def line_below(reader: Reader) -> tuple[str, ...]:
    """Everybody in the line below the asker, and whom they supervise today."""
    below = select(line.c.below).where(line.c.organisation_id == OWN, line.c.above == reader.viewer.ref)
    managed = reader.connection.execute(below, reader.viewer.parameters()).scalars()
    return tuple(sorted({*managed, *reader.picture.directory.supervised_by(reader.viewer.ref)}))


class _Rows:
    """The open matters that the asker looks over, found once, with their dates, read once."""

    def __init__(self, reader: Reader, wanted: Wanted) -> None:
        self.found = _found(reader, wanted)
        dates = lateness.dates_of(self.found, OWN)
        self.joined = self.found.outerjoin(dates, dates.c.id == self.found.c.id)
        self.overdue = lateness.overdue(self.found, dates)
        self.escalated = lateness.escalated(self.found)
        self.due = lateness.due(self.found, dates)
        self.coming = and_(self.due <= wanted.until, ~self.overdue)

    def narrowed(self, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
        """What is due by then, if that is asked for."""
        if wanted.due_until is not None:
            yield self.due <= wanted.due_until

    def shown(self, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
        """The rows that are asked for."""
        yield from self.narrowed(wanted)
        match wanted.show:
            case "overdue":
                yield self.overdue
            case "escalated":
                yield self.escalated
            case "coming":
                yield self.coming
            case "attention":
                yield or_(self.overdue, self.escalated, self.coming)

    def order(self, wanted: Wanted) -> list[ColumnElement[Any]]:
        """By the column that was asked for; then by date, so that no two pages show the same row."""
        found = self.found
        column: Any = {
            "due": self.due, "what": found.c.workflow, "who": func.coalesce(found.c.name, found.c.who, ""),
            "team": func.coalesce(found.c.team, ""), "state": found.c.state,
            "holder": func.coalesce(found.c.holder, ""),
        }[wanted.sort]  # fmt: skip
        first = [self.due.is_(None)] if wanted.sort == "due" else []
        return [*first, column.desc() if wanted.descending else column.asc(), self.due.is_(None), self.due, found.c.id]


#: Under a name of its own: who sees what asks of people as well.
_PERSON = people.alias("person_of_matter")
_WHO = func.coalesce(matters.c.supervisee, matters.c.person)


def _found(reader: Reader, wanted: Wanted) -> CTE:
    """The open matters of a manager's people, or of everybody whose matters an office shows."""
    person = and_(_PERSON.c.organisation_id == matters.c.organisation_id, _PERSON.c.ref == _WHO)
    query = select(
        matters.c.id, matters.c.workflow, matters.c.kind, matters.c.state, matters.c.case_ref, matters.c.holder,
        matters.c.holder_role, _WHO.label("who"), _PERSON.c.team, _PERSON.c.name,
        lateness.owed_name().label("owed_name"),
    ).select_from(matters.outerjoin(_PERSON, person)).where(
        matters.c.organisation_id == OWN, matters.c.closed_at.is_(None), sees(reader.viewer.office),
        matters.c.workflow.not_in([*SEALED, *(workflow.value for workflow in _NOT_WORK)]),
        func.coalesce(_WHO, "") != reader.viewer.ref, *_line(reader, wanted.line), *_narrowed(wanted),
    )  # fmt: skip
    return query.cte("found").prefix_with("MATERIALIZED", dialect="postgresql")


def _line(reader: Reader, below: tuple[str, ...]) -> Iterator[ColumnElement[bool]]:
    if not below:
        return
    below_here = select(line.c.below).where(line.c.organisation_id == OWN, line.c.above == reader.viewer.ref)
    refs: Any = below if len(below) <= _FEW else below_here
    yield or_(*(column.in_(refs) for column in (matters.c.supervisee, matters.c.supervisor, matters.c.person)))


def _narrowed(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    plain = {"workflow": wanted.workflow, "state": wanted.state}
    yield from (matters.c[name] == value for name, value in plain.items() if value is not None)
    if wanted.team is not None:
        yield _PERSON.c.team == wanted.team
    if wanted.person is not None:
        named = (matters.c.supervisee, matters.c.supervisor, matters.c.person, matters.c.holder)
        yield or_(*(column == wanted.person for column in named))
