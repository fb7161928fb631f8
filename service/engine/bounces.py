"""Notices that come back: nobody who was not reached is taken to agree, and what came back is sent again.

A window that a notice starts stands still while the notice is lost, and starts when it arrives.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import and_, select, update

from service.engine.work import Work
from service.storage.matter_tables import incidents, outbox
from workflows.consequence_payloads import Delivered, Passed
from workflows.directory import Directory
from workflows.employment import UNREACHABLE
from workflows.model import SYSTEM, Selector
from workflows.payloads import Nothing
from workflows.refusals import Refused
from workflows.vocabulary import Workflow


def set_bouncing(work: Work, person: str, *, bounces: bool) -> None:
    """Let a person's notices bounce from now on, or be delivered again with those that had come back."""
    directory = work.picture.directory
    changed = directory.people[person].bounces != bounces
    people = {**directory.people, person: replace(directory.people[person], bounces=bounces)}
    work.see(Directory.of(people.values(), (a for rows in directory.absences.values() for a in rows)))
    work.writes.people[person, "bounces"] = bounces
    if changed:
        _tell_employment(work, person, reached=not bounces)
    if not bounces:
        send_again(work, person)


def lost(work: Work, person: str, matter_ids: Iterable[UUID], why: str) -> None:
    """Tell matters that the notice which starts a window of theirs has not reached somebody."""
    for matter_id in sorted(set(matter_ids)):
        with suppress(Refused):
            work.fire(matter_id, "bounced", Passed(person=person, why=why), SYSTEM)


def arrived(work: Work, person: str, matter_ids: Iterable[UUID]) -> None:
    """Tell matters that waited for a notice that it is there; others have nothing to start."""
    for matter_id in sorted(set(matter_ids)):
        with suppress(Refused):
            work.fire(matter_id, "delivered", Delivered(person=person), SYSTEM)


def send_again(work: Work, person: str) -> None:
    """Send what had come back, and let matters that waited for it go on."""
    returned = and_(
        outbox.c.organisation_id == work.organisation.id, outbox.c.to == person, outbox.c.status == "bounced"
    )
    found = list(work.connection.execute(select(outbox.c.matter_id).where(returned)).scalars())
    work.connection.execute(update(outbox).where(returned).values(status="waiting", at=work.now))
    work.left.add("notices")
    arrived(work, person, found)


def _tell_employment(work: Work, person: str, *, reached: bool) -> None:
    """Keep in the history of somebody's employment whether notices reach them; their manager is told when not."""
    for employment in work.find(Selector(Workflow.employment, person=person, closed_too=True)):
        with suppress(Refused):
            work.fire(employment.id, "reachable" if reached else "unreachable", Nothing(), SYSTEM)
        if reached:
            _close_incident(work, employment.id)


def _close_incident(work: Work, employment: UUID) -> None:
    own = (
        incidents.c.organisation_id == work.organisation.id,
        incidents.c.matter_id == employment,
        incidents.c.kind == UNREACHABLE,
        incidents.c.closed_at.is_(None),
    )
    work.connection.execute(update(incidents).where(*own).values(closed_at=work.now))
