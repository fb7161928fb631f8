"""Incidents of what does not leave or arrive: one open at a time for the same thing."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, update

from service.engine.ids import new_id
from service.engine.work import Work
from service.storage.matter_tables import incidents

#: Messages of one channel that are tried again and again.
STUCK = "notices_stuck"
#: A message that nobody will get as it is.
REACHED_NOBODY = "reached_nobody"


def raise_incident(work: Work, kind: str, detail: str) -> None:
    """Let administrators see something, unless they do already."""
    if work.connection.execute(select(incidents.c.id).where(*_open(work, kind, detail))).first() is None:
        work.writes.incidents.append(
            {
                "organisation_id": work.organisation.id, "id": new_id(work.now), "matter_id": None, "kind": kind,
                "detail": detail, "at": work.now, "closed_at": None,
            }
        )  # fmt: skip


def close_incident(work: Work, kind: str, detail: str) -> None:
    """It is over."""
    work.connection.execute(update(incidents).where(*_open(work, kind, detail)).values(closed_at=work.now))


def _open(work: Work, kind: str, detail: str) -> tuple[ColumnElement[bool], ...]:
    return (
        incidents.c.organisation_id == work.organisation.id,
        incidents.c.kind == kind,
        incidents.c.detail == detail,
        incidents.c.closed_at.is_(None),
    )
