"""What is heard of messages that left: that they arrived, or came back. Hearing it twice changes nothing."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select

from service.notices.failures import Failure
from service.notices.outcomes import TROUBLE, delivered, never_taken, not_now
from service.notices.reference import Reference
from service.storage.council_tables import organisations
from service.storage.notice_tables import messages

if TYPE_CHECKING:
    from service.engine.door import Door
    from service.engine.work import Work


class Heard(Enum):
    """What became of a message."""

    delivered = "delivered"
    #: The address takes none.
    bounced = "bounced"
    #: Whoever was to deliver it gave up for now: it is sent again, and until then nobody was reached.
    given_up = "given_up"


#: Where a message stands while something may still be heard of it.
_GONE = frozenset({"sent", "delivered"})


def hear(door: Door, reference: Reference, heard: Heard, why: str) -> bool:
    """Take in what became of a message; False where there is none of this reference. Raises SQLAlchemyError."""
    with door.database.read(reference.organisation) as connection:
        own = select(organisations.c.id).where(organisations.c.id == reference.organisation)
        if connection.execute(own).first() is None:
            return False
    return door.run(reference.organisation, lambda work: _take_in(work, reference, heard, why))


def hear_failure(door: Door, failure: Failure) -> bool:
    """Take in what a mail server reports; False where there is no such message. Raises SQLAlchemyError."""
    heard = Heard.bounced if failure.for_good else Heard.given_up
    return hear(door, failure.reference, heard, f"dsn_{failure.status}")


def _take_in(work: Work, reference: Reference, heard: Heard, why: str) -> bool:
    query = select(messages).where(
        messages.c.organisation_id == work.organisation.id, messages.c.id == reference.message
    )
    message = work.connection.execute(query.with_for_update()).one_or_none()
    if message is None:
        return False
    if message.status in _GONE:
        _follow(work, message, heard, why)
    return True


def _follow(work: Work, message: Row[Any], heard: Heard, why: str) -> None:
    if heard is Heard.bounced:
        never_taken(work, message, why, bad_address=True)
    elif heard is Heard.given_up:
        not_now(work, message, why, attempts=max(message.attempts, TROUBLE))
    elif message.status == "sent":
        delivered(work, message)
