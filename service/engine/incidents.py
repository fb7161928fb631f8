"""Incidents that the running service itself finds: one row each, however often the same thing is found again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from service.engine.ids import new_id
from service.storage.matter_tables import incidents
from service.storage.turns import Turn, wait_for_turn

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import ColumnElement, Connection

#: How the kind of an incident ends that says that something which happens by itself fails again and again.
FAILING = "_failing"


def report_incident(
    connection: Connection, own: UUID, now: datetime, kind: str, detail: str, matter_id: UUID | None = None
) -> bool:
    """Let administrators see something, unless they see it already; whether it is new.

    Others who find something wait until the transaction ends, so that two who find the same thing report it once.
    """
    wait_for_turn(connection, own, Turn.reporting)
    known = select(incidents.c.id).where(*_open(own, kind, matter_id))
    if connection.execute(known).first() is not None:
        return False
    row = {
        "organisation_id": own, "id": new_id(now), "matter_id": matter_id, "kind": kind, "detail": detail, "at": now,
        "closed_at": None,
    }  # fmt: skip
    connection.execute(insert(incidents), row)
    return True


def close_incident(connection: Connection, own: UUID, now: datetime, kind: str, matter_id: UUID | None = None) -> None:
    """Close what is over; where there is no such incident, nothing."""
    connection.execute(update(incidents).where(*_open(own, kind, matter_id)).values(closed_at=now))


def _open(own: UUID, kind: str, matter_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    about = incidents.c.matter_id.is_(None) if matter_id is None else incidents.c.matter_id == matter_id
    return incidents.c.organisation_id == own, incidents.c.kind == kind, about, incidents.c.closed_at.is_(None)
