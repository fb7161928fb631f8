"""What one matter tells another: made by rules, never by a sender."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from workflows.payloads import Payload


class Supervised(Payload):
    """A held session renews what it counts for."""

    held_on: date
    held_at: datetime
    session: UUID
    minutes: int = 0
    #: Whether the session took in the yearly review (NS-38).
    review: bool = False


class Began(Payload):
    """From what event, and from which local date, a relationship is counted; whether it is older than the service."""

    event: str
    since: date
    is_older: bool


class Closing(Payload):
    """Why the service ends a matter, as a short code."""

    why: str
    by: UUID | None = None


class Passed(Payload):
    """A person who can no longer act, and the code of why."""

    person: str
    why: str


class NewSupervisor(Payload):
    """Who takes over the open work of a supervisor."""

    supervisor: str
    why: str


class Transfer(Payload):
    """The worker who has a case from now on."""

    worker: str
    #: Where the list has another day of allocation with it: the local date from which the case counted before.
    first_allocated_on: date | None = None


class Returned(Payload):
    """Somebody is back: the day of the return, as counted by the rules."""

    person: str
    back_on: date


class Settled(Payload):
    """How a dispute ended for its record."""

    outcome: str
    dispute: UUID


class Amended(Payload):
    """Who wrote a disputed record anew, its own supervisor or whoever took it over."""

    by: str


class ReplacedBy(Payload):
    """The session that was held in place of a cancelled one."""

    session: UUID
    held_at: datetime


class ReplacedInPart(Payload):
    """The session that was held in place of a cancelled one, and the cases that it has left over."""

    session: UUID
    cases: tuple[str, ...]


class Superseding(Payload):
    """The matter that takes this one's place."""

    by: UUID
    first_cancelled_at: datetime | None = None


class Delivered(Payload):
    """A notice reached the person's list and channel."""

    person: str


class ChangedDay(Payload):
    """A day that the council closed, or opened again (a local date)."""

    day: date
