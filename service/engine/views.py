"""Who has looked: one row each time somebody opens what a matter says that is not their own, for its people to see.

The row is written in the transaction that reads the matter, so that nothing is shown of which there is no trace.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection, Row, Select, Uuid, and_, bindparam, insert, or_, select

from service.engine.ids import new_id
from service.engine.lists import before, instant, page, read_cursor
from service.engine.rows import matter_of
from service.identity.access import Viewer, sees, standing
from service.identity.grounds import ABOVE, GRANTED, MEMBER, OFFICE, OWN
from service.storage.matter_tables import matters
from service.storage.view_tables import content_views
from workflows.receipts import iso
from workflows.roles import is_own
from workflows.vocabulary import Role, Workflow

if TYPE_CHECKING:
    from service.engine.reading import Reader
    from workflows.model import Matter

_OFFICES = (Role.hr, Role.auditor, Role.head_of_service)


class View(Struct, frozen=True):
    """An opening of a matter: which one, what of it, how whoever opens it stands to it, and what for."""

    matter_id: UUID
    what: str
    standing: int
    purpose: str | None = None
    disclosure: UUID | None = None


def unless_own(connection: Connection, viewer: Viewer, matter_id: UUID) -> int:
    """How somebody stands to a matter that is not their own; 0 for what is."""
    query = select(matters, standing(viewer.office)).where(
        matters.c.organisation_id == OWN, matters.c.id == bindparam("matter", type_=Uuid)
    )
    found = connection.execute(query, viewer.parameters() | {"matter": matter_id}).one_or_none()
    return 0 if found is None or is_own(matter_of(found, ()), viewer.ref) else found.standing


def note_views(reader: Reader, views: Iterable[View]) -> None:
    """Write down that the reader's person opens these matters now."""
    rows = [
        {
            "organisation_id": reader.organisation.id, "id": new_id(reader.organisation.now),
            "matter_id": view.matter_id, "viewer": reader.viewer.ref, "at": reader.organisation.now,
            "what": view.what, "standing": _words(reader, view.standing), "purpose": view.purpose,
            "disclosure_id": view.disclosure,
        }
        for view in views
    ]  # fmt: skip
    if rows:
        reader.connection.execute(insert(content_views), rows)


def _words(reader: Reader, standing: int) -> str:
    if standing == OFFICE:
        return next((role.value for role in _OFFICES if role in reader.viewer.roles), "office")
    return {MEMBER: "named", GRANTED: "grant", ABOVE: "line_above"}[standing]


def list_views(reader: Reader, matter_id: UUID | None, cursor: str | None, limit: int) -> dict[str, Any]:
    """A page of who has looked into one matter, or into any that is about the reader and that they see; newest first.

    Nobody sees what was opened for a request that they may not see, until the people concerned were told of it.
    Raises CursorError.
    """
    about = or_(matters.c.supervisee == reader.viewer.ref, matters.c.person == reader.viewer.ref)
    wanted = and_(about, sees(reader.viewer.office)) if matter_id is None else matters.c.id == matter_id
    order = (content_views.c.at, content_views.c.id)
    query = _views(reader).where(wanted)
    if cursor is not None:
        query = query.where(before(order, read_cursor(cursor, instant, UUID)))
    ordered = query.order_by(*(c.desc() for c in order)).limit(limit + 1)
    rows = list(reader.connection.execute(ordered, reader.viewer.parameters()))
    last = [rows[limit - 1].at.isoformat(), str(rows[limit - 1].id)] if len(rows) > limit else None
    return page([_shape(row) for row in rows[:limit]], last)


def last_opened_for(reader: Reader, request: Matter, records: Iterable[UUID]) -> dict[UUID, Row[Any]]:
    """The last opening of each record for a request, its `viewer` and `at`; what nobody opened is left out."""
    query = select(content_views.c.matter_id, content_views.c.viewer, content_views.c.at).where(
        content_views.c.organisation_id == reader.organisation.id, content_views.c.disclosure_id == request.id,
        content_views.c.matter_id.in_(list(records)),
    )  # fmt: skip
    rows: list[Row[Any]] = list(reader.connection.execute(query.order_by(content_views.c.id)))
    return {row.matter_id: row for row in rows}


def _views(reader: Reader) -> Select[Any]:
    own = reader.organisation.id
    request = matters.alias("request")
    opened = and_(matters.c.organisation_id == own, matters.c.id == content_views.c.matter_id)
    asked = and_(request.c.organisation_id == own, request.c.id == content_views.c.disclosure_id)
    is_known = request.c.id.is_(None) | request.c.data["told_at"].as_string().is_not(None)
    theirs = select(matters.c.id).where(
        matters.c.organisation_id == OWN, matters.c.workflow == Workflow.disclosure.value, sees(reader.viewer.office)
    )
    return (
        select(content_views, matters.c.workflow, matters.c.kind)
        .select_from(content_views.join(matters, opened).outerjoin(request, asked))
        .where(content_views.c.organisation_id == own)
        .where(is_known | request.c.id.in_(theirs.correlate(None)))
    )


def _shape(row: Row[Any]) -> dict[str, Any]:
    return {
        "matter": str(row.matter_id), "workflow": row.workflow, "kind": row.kind, "viewer": row.viewer,
        "at": iso(row.at), "what": row.what, "standing": row.standing, "purpose": row.purpose,
        "disclosure": str(row.disclosure_id) if row.disclosure_id else None,
    }  # fmt: skip
