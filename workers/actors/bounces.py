"""Bounces: what mail servers report as undelivered is taken from the mailbox that they report to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from service.notices.failure_mailbox import MailboxAwayError
from service.notices.reports import hear_failure
from service.weather import is_weather
from workers.looks import Look

if TYPE_CHECKING:
    from uuid import UUID

    from service.engine.door import Door
    from service.notices.failure_mailbox import FailureMailbox
    from workers.looks import GoesOn

_log = structlog.get_logger()


def bounces(door: Door, mailbox: FailureMailbox) -> Look:
    """Looks each minute. Several at once are harmless, for hearing of the same thing twice changes nothing."""
    return Look(
        "bounces",
        every=60.0,
        waiting=lambda: _reported_about(door, mailbox),
        look=lambda own, goes_on: _take_in(door, mailbox, own, goes_on),
    )


def _reported_about(door: Door, mailbox: FailureMailbox) -> list[UUID]:
    """The councils whose messages did not arrive; any other mail is passed over.

    A mailbox that cannot be read concerns every council: none of them hears who was not reached.
    """
    found: set[UUID] = set()
    try:
        with mailbox.opened() as opened:
            for uid, failure in opened.unseen():
                if failure is None:
                    opened.mark_seen(uid)
                else:
                    found.add(failure.reference.organisation)
    except MailboxAwayError as away:
        _log.warning("failure_mailbox_away", because=str(away))
        return door.database.organisations()
    return sorted(found)


def _take_in(door: Door, mailbox: FailureMailbox, own: UUID, goes_on: GoesOn) -> int:
    """What is reported about one council's messages; how many reports.

    One that cannot be kept stays unseen and holds up no other. Raises MailboxAwayError, and at the end what kept it.
    """
    done, failed = 0, None
    with mailbox.opened() as opened:
        for uid, failure in opened.unseen():
            if not goes_on():
                break
            if failure is None or failure.reference.organisation != own:
                continue
            try:
                hear_failure(door, failure)
            except Exception as error:
                if is_weather(error):
                    raise
                failed = error
            else:
                opened.mark_seen(uid)
                done += 1
    if failed is not None:
        raise failed
    return done
