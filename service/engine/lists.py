"""Lists of matters: filtered, paged by a cursor, and never with one that is not the asker's to know."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct, field
from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, false, func, or_, select, union_all

from service.engine.counting import Narrowed
from service.engine.reading import Reader, visible
from service.identity.access import Viewer
from service.identity.grounds import OWN, SEALED
from service.identity.untold import untold
from service.storage.column_types import Instant
from service.storage.matter_tables import incidents, matters, outbox
from workflows.receipts import iso
from workflows.vocabulary import Role

_LONG_AGO = datetime.fromisoformat("0002-01-01T00:00:00+00:00")
FAR = datetime.fromisoformat("9999-01-01T00:00:00+00:00")
#: The largest number that a step may have.
_LAST_STEP = 2**31 - 1


class CursorError(Exception):
    """A cursor that no page of this list has given."""


class Filter(Struct, frozen=True):
    """What a list of matters is narrowed to."""

    workflow: str | None = None
    state: str | None = None
    party: str | None = None
    holder: str | None = None
    case: str | None = None
    parent: UUID | None = None
    due_before: datetime | None = None
    open: bool | None = None
    #: As a drawing's counts are narrowed.
    narrowed: Narrowed = field(default_factory=Narrowed)

    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions on rows of `matters`."""
        plain = {"workflow": self.workflow, "state": self.state, "case_ref": self.case}
        found: list[ColumnElement[bool]] = [matters.c[name] == v for name, v in plain.items() if v is not None]
        if self.party is not None:
            found.append(matters.c.id.in_(_of_party(self.party, self.workflow)))
        if self.holder is not None:
            found.append(matters.c.id.in_(_held_by(self.holder)))
        if self.parent is not None:
            found.append(matters.c.parent == self.parent)
        if self.due_before is not None:
            found.append(matters.c.next_due < self.due_before)
        if self.open is not None:
            found.append(matters.c.closed_at.is_(None) if self.open else matters.c.closed_at.is_not(None))
        return [*found, *self.narrowed.conditions()]


def _of_party(ref: str, workflow: str | None) -> CompoundSelect[Any]:
    """The matters of somebody, by what they are to them: each by an index of its own.

    Asked for in the order of their ids, PostgreSQL would walk through all matters in that order until a page is full.
    """
    theirs = matters.alias("theirs")
    own = [theirs.c.organisation_id == OWN, *([theirs.c.workflow == workflow] if workflow else [])]
    people = (theirs.c.supervisee, theirs.c.supervisor, theirs.c.person)
    return union_all(*(select(theirs.c.id).where(*own, column == ref) for column in people))


def _held_by(ref: str) -> Select[Any]:
    held = matters.alias("held")
    return select(held.c.id).where(held.c.organisation_id == OWN, held.c.holder == ref)


def list_matters(reader: Reader, wanted: Filter, cursor: str | None, limit: int) -> dict[str, Any]:
    """A page of matters in the order in which they were opened. Raises CursorError."""
    query = visible(reader.viewer.office).where(*wanted.conditions()).order_by(matters.c.id).limit(limit + 1)
    if cursor is not None:
        query = query.where(matters.c.id > read_cursor(cursor, UUID)[0])
    rows = list(reader.connection.execute(query, reader.viewer.parameters()))
    return page(reader.shapes(rows[:limit]), [str(rows[limit - 1].id)] if len(rows) > limit else None)


def list_matters_by_id(reader: Reader, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Those of these matters that the asker sees, by id, in one read."""
    query = visible(reader.viewer.office).where(matters.c.id.in_([UUID(one) for one in ids]))
    rows = list(reader.connection.execute(query, reader.viewer.parameters())) if ids else []
    return {shape["id"]: shape for shape in reader.shapes(rows)}


def newest_matters(reader: Reader, wanted: Filter, cursor: str | None, limit: int) -> dict[str, Any]:
    """A page of matters, those that were opened last first. Raises CursorError."""
    query = visible(reader.viewer.office).where(*wanted.conditions()).order_by(matters.c.id.desc()).limit(limit + 1)
    if cursor is not None:
        query = query.where(matters.c.id < read_cursor(cursor, UUID)[0])
    rows = list(reader.connection.execute(query, reader.viewer.parameters()))
    return page(reader.shapes(rows[:limit]), [str(rows[limit - 1].id)] if len(rows) > limit else None)


def list_notices(reader: Reader, cursor: str | None, limit: int) -> dict[str, Any]:
    """A page of what the asker was told, newest first; what waits for its hour is not there yet. Raises CursorError."""
    now = reader.organisation.now
    query = select(outbox).where(
        outbox.c.organisation_id == reader.viewer.organisation_id,
        outbox.c.to == reader.viewer.ref,
        outbox.c.at <= now,
    )
    order = (outbox.c.at, outbox.c.matter_id, outbox.c.step, outbox.c.number)
    if cursor is not None:
        query = query.where(before(order, read_cursor(cursor, instant, UUID, _step, _step)))
    rows = list(reader.connection.execute(query.order_by(*(c.desc() for c in order)).limit(limit + 1)))
    items = [
        {
            "to": row.to, "about": str(row.matter_id), "kind": row.kind, "subject": row.subject, "body": row.body,
            "at": iso(row.at), "status": "delivered" if row.status == "waiting" else row.status,
        }
        for row in rows[:limit]
    ]  # fmt: skip
    if len(rows) <= limit:
        return page(items, None)
    last = rows[limit - 1]
    return page(items, [last.at.isoformat(), str(last.matter_id), str(last.step), str(last.number)])


def before(order: tuple[Any, ...], values: tuple[Any, ...]) -> ColumnElement[bool]:
    """Rows that come after these values in descending order."""
    parts = []
    for index, (column, value) in enumerate(zip(order, values, strict=True)):
        same = [c == v for c, v in zip(order[:index], values[:index], strict=True)]
        parts.append(and_(*same, column < value))
    return or_(*parts)


def list_history(reader: Reader, matter_id: UUID, standing: int, cursor: str | None, limit: int) -> dict[str, Any]:
    """A page of the steps of a matter that the asker sees, oldest first. Raises CursorError."""
    after = read_cursor(cursor, _step)[0] if cursor is not None else 0
    steps = reader.history(matter_id, standing, after, limit + 1)
    return page(steps[:limit], [str(steps[limit - 1]["seq"])] if len(steps) > limit else None)


#: When an incident ended: it was closed, or what it is about has come to its end.
_ENDED = func.coalesce(incidents.c.closed_at, matters.c.closed_at, type_=Instant)


def seen_incidents(viewer: Viewer) -> Select[Any]:
    """The incidents that somebody sees, open and closed; executed with the viewer's parameters."""
    own = and_(matters.c.organisation_id == incidents.c.organisation_id, matters.c.id == incidents.c.matter_id)
    grounds = []
    if Role.hr in viewer.roles:
        grounds.append(and_(matters.c.workflow.in_(SEALED), matters.c.supervisee != viewer.ref))
    if Role.administrator in viewer.roles:
        others = and_(matters.c.workflow.not_in(SEALED), ~untold())
        grounds.append(or_(incidents.c.matter_id.is_(None), others))
    return (
        select(incidents, _ENDED.label("ended_at"))
        .select_from(incidents.outerjoin(matters, own))
        .where(incidents.c.organisation_id == viewer.organisation_id, or_(false(), *grounds))
    )


def list_incidents(
    reader: Reader,
    cursor: str | None,
    limit: int,
    *,
    open: bool | None = None,  # noqa: A002 - the contract's name
) -> dict[str, Any]:
    """A page of incidents, newest first: HR has those of what is sealed, administrators all others.

    Raises CursorError.
    """
    query = seen_incidents(reader.viewer)
    if open is not None:
        query = query.where(_ENDED.is_(None) if open else _ENDED.is_not(None))
    if cursor is not None:
        query = query.where(before((incidents.c.at, incidents.c.id), read_cursor(cursor, instant, UUID)))
    order = (incidents.c.at.desc(), incidents.c.id.desc())
    rows = list(reader.connection.execute(query.order_by(*order).limit(limit + 1), reader.viewer.parameters()))
    items = [
        {
            "id": str(row.id), "about": str(row.matter_id) if row.matter_id else None, "kind": row.kind,
            "detail": row.detail, "at": iso(row.at), "closed_at": iso(row.ended_at) if row.ended_at else None,
        }
        for row in rows[:limit]
    ]  # fmt: skip
    return page(items, [rows[limit - 1].at.isoformat(), str(rows[limit - 1].id)] if len(rows) > limit else None)


def page(items: list[dict[str, Any]], last: list[str] | None) -> dict[str, Any]:
    """Items as a list answers them, with the cursor of the next page where `last` is what it goes on after."""
    return {"items": items, "next_cursor": cursor_of(last)}


def cursor_of(last: list[str] | None) -> str | None:
    """The cursor of the page that goes on after these values, if there is one."""
    return base64.urlsafe_b64encode(json.dumps(last).encode()).decode() if last else None


def read_cursor(cursor: str, *kinds: Callable[[str], Any]) -> tuple[Any, ...]:
    """The parts of a cursor, each of its kind. Raises CursorError."""
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor))
        if not isinstance(found, list):
            raise CursorError(cursor)
        return tuple(kind(str(part)) for kind, part in zip(kinds, found, strict=True))
    except (ValueError, RecursionError):
        raise CursorError(cursor) from None


def instant(text: str) -> datetime:
    """An instant out of a cursor. Raises ValueError."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or not _LONG_AGO <= at <= FAR:
        raise ValueError(text)
    return at


def _step(text: str) -> int:
    number = int(text)
    if not 0 <= number <= _LAST_STEP:
        raise ValueError(text)
    return number
