"""The sessions of some people between two days, as far as the asker may read them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, and_, or_, select

from service.engine.reading import visible
from service.identity.grounds import OWN
from service.storage.matter_tables import matter_people, matters
from workflows.calendar import at_local, local_day
from workflows.vocabulary import SessionKind, Workflow

if TYPE_CHECKING:
    from service.engine.reading import Reader

#: A session that was cancelled longer before its day than this is not looked for.
_CANCELLED_BEFORE = timedelta(days=31)


class Meeting(Struct, frozen=True):
    """A session as a calendar has it."""

    id: UUID
    kind: str
    state: str
    starts_at: datetime
    minutes: int
    supervisor: str
    members: tuple[str, ...]

    @property
    def day(self) -> date:
        """The local date on which it begins."""
        return local_day(self.starts_at)

    @property
    def ends_at(self) -> datetime:
        """When it is to be over."""
        return self.starts_at + timedelta(minutes=self.minutes)

    def is_with(self, ref: str) -> bool:
        """Whether somebody takes part."""
        return ref == self.supervisor or ref in self.members


def meetings_between(reader: Reader, people: Collection[str], first: date, last: date) -> list[Meeting]:
    """The sessions of any of these people on these local dates, both included, by their beginning."""
    refs = sorted(people)
    in_group = select(matter_people.c.matter_id).where(
        matter_people.c.organisation_id == OWN, matter_people.c.person.in_(refs)
    )
    theirs = or_(
        matters.c.supervisee.in_(refs), matters.c.supervisor.in_(refs),
        and_(matters.c.kind == SessionKind.group.value, matters.c.id.in_(in_group)),
    )  # fmt: skip
    return _between(reader, theirs, first, last)


def supervision_of(reader: Reader, supervisees: Collection[str], first: date, last: date) -> list[Meeting]:
    """The sessions in which each of these people is supervised by themselves, on these local dates."""
    return _between(reader, matters.c.supervisee.in_(sorted(supervisees)), first, last)


def _between(reader: Reader, theirs: ColumnElement[bool], first: date, last: date) -> list[Meeting]:
    begins, ends = at_local(first, time()), at_local(last + timedelta(days=1), time())
    query = visible(reader.viewer.office).where(
        matters.c.workflow == Workflow.session.value, theirs, matters.c.opened_at < ends,
        or_(matters.c.closed_at.is_(None), matters.c.closed_at >= begins - _CANCELLED_BEFORE),
    )  # fmt: skip
    rows = reader.connection.execute(query, reader.viewer.parameters())
    found = [_meeting(row) for row in rows if reader.viewer.reads(row.standing)]
    return sorted((m for m in found if first <= m.day <= last), key=lambda m: (m.starts_at, m.id))


def _meeting(row: Row[Any]) -> Meeting:
    members = tuple(dict.fromkeys(ref for ref in (row.supervisee, *row.data["participants"]) if ref))
    minutes = row.data.get("held_minutes") or row.data["minutes"]
    starts_at = datetime.fromisoformat(row.data["starts_at"])
    return Meeting(row.id, row.kind, row.state, starts_at, minutes, row.supervisor, members)
