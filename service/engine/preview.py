"""What will follow from a move before it is taken: decided in memory exactly as it would be, and never written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from service.engine.prospect import Unlocked
from service.engine.withholding import receipt_told
from service.engine.work import Work
from service.identity.access import sees
from service.identity.grounds import APART, OWN, SEALED
from service.storage.matter_tables import matters
from workflows.model import Actor
from workflows.vocabulary import Status, Workflow

if TYPE_CHECKING:
    from service.engine.reading import Reader
    from service.engine.rows import Rows
    from workflows.model import Matter
    from workflows.payloads import Payload

_BEGUN = frozenset({Status.running, Status.paused})
_OVER = frozenset({Status.met, Status.missed, Status.superseded})


class Told(Struct, frozen=True):
    """Somebody who will be told something; `at` is the instant of the move, or the next working hour."""

    to: str
    subject: str
    at: datetime


class Dated(Struct, frozen=True):
    """A deadline that begins or ends; `due` is the last instant in time, None while it stands still."""

    name: str
    due: datetime | None
    receipt: dict[str, Any]


class Followed(Struct, frozen=True):
    """What becomes of one matter: as it will be, from which state it came (None: new), its dates, and who is told."""

    matter: Matter
    source: str | None
    begins: tuple[Dated, ...]
    ends: tuple[Dated, ...]
    told: tuple[Told, ...]
    #: Why administrators will see an incident, such as that nobody is left to ask.
    incidents: tuple[str, ...]


class Preview(Struct, frozen=True):
    """All that will follow and that the asker may know of: the matter itself first, then the others as they come."""

    matters: tuple[Followed, ...]
    #: Whose supervisor or cover will change: person, field, and who it is from then on.
    people: tuple[tuple[str, str, Any], ...]


def what_would_follow(reader: Reader, work: Work, rows: Rows, matter_id: UUID, move: tuple[str, Payload]) -> Preview:
    """What the asker's move, a trigger with what it carries, would bring about now.

    Raises what the move itself would: MatterUnknownError, UnknownMove, NotYourMove and Refused.
    """
    ahead = Work(Unlocked(rows), work.organisation, work.picture, work.sealer)
    ahead.fire(matter_id, *move, Actor(reader.viewer.ref))
    touched = dict.fromkeys([matter_id, *(step["matter_id"] for step in ahead.writes.steps)])
    known = {matter_id, *_known(reader, ahead, touched)}
    people = tuple((ref, name, value) for (ref, name), value in ahead.writes.people.items())
    return Preview(tuple(_followed(ahead, one) for one in touched if one in known), people)


def _known(reader: Reader, ahead: Work, touched: Iterable[UUID]) -> Iterator[UUID]:
    """The matters among those touched that the asker sees already, or will see once they are there."""
    fresh = {one for one in touched if not ahead.live[one].read_version}
    there = [one for one in touched if one not in fresh]
    seen = select(matters.c.id).where(matters.c.organisation_id == OWN, sees(reader.viewer.office))
    yield from reader.connection.execute(seen.where(matters.c.id.in_(there)), reader.viewer.parameters()).scalars()
    yield from (one for one in fresh if _will_see(reader, ahead, ahead.live[one].matter))


def _will_see(reader: Reader, ahead: Work, matter: Matter) -> bool:
    """Whether the asker comes to a new matter by name, supervises whoever is away, or is in the line above."""
    viewer, parties = reader.viewer.ref, matter.parties().values()
    if viewer in parties or (matter.id, viewer) in ahead.writes.joined:
        return True
    if matter.workflow is Workflow.absence and viewer == ahead.picture.directory.supervisor_of(matter.person):
        return True
    is_open_to_line = matter.workflow not in SEALED | APART
    return is_open_to_line and any(viewer in ahead.picture.directory.line(ref) for ref in parties)


def _followed(ahead: Work, matter_id: UUID) -> Followed:
    writes, matter = ahead.writes, ahead.live[matter_id].matter
    first = next((step for step in writes.steps if step["matter_id"] == matter_id), None)
    own = [row for (of, _), row in writes.deadlines.items() if of == matter_id]
    begins = tuple(_dated(row) for row in own if row["status"] in _BEGUN)
    begun = {dated.name for dated in begins}
    ends = tuple(_dated(row) for row in own if row["status"] in _OVER and row["name"] not in begun)
    told = [Told(n["to"], n["subject"], n["at"]) for n in writes.notices if n["matter_id"] == matter_id]
    incidents = tuple(i["detail"] for i in writes.incidents if i["matter_id"] == matter_id)
    source = first["source"] if first else matter.state
    return Followed(matter, source, begins, ends, tuple(dict.fromkeys(told)), incidents)


def _dated(row: dict[str, Any]) -> Dated:
    return Dated(row["name"], row["due"], receipt_told(row["receipt"]))
