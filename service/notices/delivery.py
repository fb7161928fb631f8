"""One round of delivery: notices become messages, and messages whose hour has come leave.

Nothing leaves while a transaction is open. A message is leased before it is sent; where a process ends before it has
told how that went, the message is sent again later under the same reference: it may come twice, and is never lost.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from sqlalchemy import select

from service.notices.channels import MAIL, Channel, Channels, NeverTaken, NotNow
from service.notices.outcomes import left, never_taken, not_now, not_wanted
from service.notices.planning import make_messages
from service.notices.taking import LEASE, Taken, held, take
from service.storage.council_tables import organisations
from workflows.calendar import local_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Row

    from service.engine.door import Door
    from service.engine.work import Work

_log = structlog.get_logger()


def deliver_due(door: Door, channels: Channels, organisation_id: UUID) -> int:
    """One round for one organisation; how many notices and messages it dealt with: 0 when nothing is left for now.

    Nothing ever leaves a sandbox. Any number of processes may do this at once. Raises sqlalchemy.exc.SQLAlchemyError.
    """
    with door.database.read(organisation_id) as connection:
        query = select(organisations.c.sandbox_now).where(organisations.c.id == organisation_id)
        if connection.execute(query).scalar_one() is not None:
            return 0
    return Round(door, channels, organisation_id).run()


class Round:
    """Makes the messages of one organisation, and sends those whose hour has come by its clock."""

    def __init__(
        self, door: Door, channels: Channels, organisation_id: UUID, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._door, self._channels, self._own, self._clock = door, channels, organisation_id, clock
        self._closed: dict[str, str] = {}

    def run(self) -> int:
        """How many notices became messages, and how many messages were dealt with.

        Where sending is so slow that the leases may end meanwhile, the rest is left to whoever takes it then.
        """
        made = self._door.run(self._own, lambda work: make_messages(work, tuple(self._channels.by_name)))
        until = self._clock() + LEASE.total_seconds() / 2
        done = 0
        for one in self._door.run(self._own, lambda work: take(work, self._channels.base_url)):
            if self._clock() > until:
                break
            self._tell(one.message, self._sent(one))
            done += 1
        return made + done

    def _sent(self, taken: Taken) -> Callable[[Work], None]:
        """What follows for one message: it is sent, unless there is no way or nobody to send it to."""
        message = taken.message
        channel = self._channels.by_name.get(message.channel)
        if channel is None:
            return lambda work: never_taken(work, message, "no_such_channel", bad_address=False)
        if message.channel == MAIL and not message.address:
            return lambda work: self._nowhere(work, message)
        if message.channel in self._closed:
            return self._again(message, NotNow(self._closed[message.channel]))
        return self._handed_over(channel, taken)

    def _handed_over(self, channel: Channel, taken: Taken) -> Callable[[Work], None]:
        message = taken.message
        try:
            channel.send(taken.letter)
        except NotNow as refusal:
            return self._again(message, refusal)
        except NeverTaken as refusal:
            why, bad_address = refusal.why, refusal.bad_address
            return lambda work: never_taken(work, message, why, bad_address=bad_address)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other messages must not wait for it
            _log.error("message_not_sent", message=str(message.id), exc_info=error)
            return self._again(message, NotNow("error"))
        return lambda work: left(work, message)

    def _again(self, message: Row[Any], refusal: NotNow) -> Callable[[Work], None]:
        """It is tried again later. A way that is closed is not tried again in this round."""
        if refusal.closed:
            self._closed[message.channel] = refusal.why
        return lambda work: not_now(work, message, refusal.why)

    def _nowhere(self, work: Work, message: Row[Any]) -> None:
        """There is no address: the person has left, or the list has none, or one that is known to be bad."""
        person = work.picture.directory.get(message.person)
        if person is None or person.has_left(local_day(work.now)):
            not_wanted(work, message)
        else:
            never_taken(work, message, "bad_address" if person.bounces else "no_address", bad_address=True)

    def _tell(self, message: Row[Any], outcome: Callable[[Work], None]) -> None:
        def piece(work: Work) -> None:
            if held(work, message):
                outcome(work)

        self._door.run(self._own, piece)
