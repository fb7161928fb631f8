"""Mending incidents: what stands in the way is tried again, let go, or given to somebody who can act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from sqlalchemy import Row, and_, update
from sqlalchemy.exc import SQLAlchemyError

from service.engine.lists import seen_incidents
from service.storage.matter_tables import deadlines, incidents
from workflows.payloads import Payload
from workflows.refusals import Refused
from workflows.repair import REPAIR, REROUTE, Repair, Reroute
from workflows.vocabulary import Status

if TYPE_CHECKING:
    from service.engine.reading import Reader
    from service.engine.work import Work
    from workflows.model import Actor

_log = structlog.get_logger()
#: Deadlines that can act at all, and await no report.
_PENDING = and_(deadlines.c.fires_at.is_not(None), deadlines.c.status == Status.running)


class NoIncidentError(Exception):
    """There is no such incident that the asker may see, or it was closed already."""


class NothingToMendError(Exception):
    """An incident that belongs to no matter can only be let go."""


class BeyondRepairError(Exception):
    """The incident's matter is such that no rule can be applied to it, not even that of a repair."""


def mend(work: Work, reader: Reader, incident_id: UUID, mending: Payload, actor: Actor) -> None:
    """Take the repair's move on the incident's matter and close the incident.

    Raises NoIncidentError, NothingToMendError, BeyondRepairError, and Refused where the rules do.
    """
    found = _seen(reader, incident_id)
    if found is None:
        raise NoIncidentError
    if found.matter_id is not None:
        _take_move(work, found.matter_id, mending, actor)
    elif not (isinstance(mending, Repair) and mending.what == "release"):
        raise NothingToMendError
    if isinstance(mending, Repair) and mending.what == "retry":
        _try_again(work, found.matter_id)
    _close(work, found)


def _take_move(work: Work, matter_id: UUID, mending: Payload, actor: Actor) -> None:
    trigger = REROUTE if isinstance(mending, Reroute) else REPAIR
    try:
        work.fire(matter_id, trigger, mending, actor)
    except (Refused, SQLAlchemyError):
        raise
    except Exception as error:
        _log.exception("matter_beyond_repair", matter=str(matter_id))
        raise BeyondRepairError from error


def _seen(reader: Reader, incident_id: UUID) -> Row[Any] | None:
    """The open incident, if the reader may see it."""
    query = seen_incidents(reader.viewer).where(incidents.c.id == incident_id, incidents.c.closed_at.is_(None))
    return reader.connection.execute(query, reader.viewer.parameters()).one_or_none()


def _try_again(work: Work, matter_id: UUID) -> None:
    """Let what was put off be looked at with the next tick; nothing fires before it is due, or awaits a report."""
    of_matter = and_(deadlines.c.organisation_id == work.organisation.id, deadlines.c.matter_id == matter_id)
    put_off = and_(of_matter, _PENDING, deadlines.c.due < work.now, deadlines.c.fires_at > work.now)
    work.connection.execute(update(deadlines).where(put_off).values(fires_at=work.now))
    work.left.add("deadlines")


def _close(work: Work, found: Row[Any]) -> None:
    """Close it with all about the same thing: a reminder that finds nobody again says the same again."""
    same = [incidents.c.matter_id == found.matter_id, incidents.c.kind == found.kind]
    if found.matter_id is None:
        same.append(incidents.c.detail == found.detail)
    still_open = (incidents.c.organisation_id == work.organisation.id, incidents.c.closed_at.is_(None), *same)
    work.connection.execute(update(incidents).where(*still_open).values(closed_at=work.now))
