"""Notices that come back: what was sent in vain is sent again when it can be, and the window starts then."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import and_, select, update

from service.engine.work import Work
from service.storage.tables import outbox
from workflows.directory import Directory
from workflows.model import SYSTEM
from workflows.payloads import Delivered
from workflows.refusals import Refused


def set_bouncing(work: Work, person: str, *, bounces: bool) -> None:
    """Let a person's notices bounce from now on, or be delivered again with those that had come back."""
    directory = work.picture.directory
    people = {**directory.people, person: replace(directory.people[person], bounces=bounces)}
    work.see(Directory.of(people.values(), (a for rows in directory.absences.values() for a in rows)))
    work.writes.people[person, "bounces"] = bounces
    if not bounces:
        for matter_id in _send_again(work, person):
            _deliver(work, matter_id, person)


def _send_again(work: Work, person: str) -> list[UUID]:
    """Send what had come back; the matters whose notices now arrive, in the order of their ids."""
    returned = and_(
        outbox.c.organisation_id == work.organisation.id, outbox.c.to == person, outbox.c.status == "bounced"
    )
    found = {row.matter_id for row in work.connection.execute(select(outbox.c.matter_id).where(returned))}
    work.connection.execute(update(outbox).where(returned).values(status="waiting", at=work.now))
    return sorted(found)


def _deliver(work: Work, matter_id: UUID, person: str) -> None:
    """Tell a matter that waited for its notice; others have nothing to start."""
    try:
        work.fire(matter_id, "delivered", Delivered(person=person), SYSTEM)
    except Refused:
        return
