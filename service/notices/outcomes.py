"""What follows when a message left, did not leave or came back: for its notices, its person and their windows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, exists, select, tuple_, update

from service.engine.bounces import arrived, lost, send_again, set_bouncing
from service.engine.work import Work
from service.notices.channels import MAIL
from service.notices.incidents import REACHED_NOBODY, STUCK, close_incident, raise_incident
from service.notices.timing import pause_after
from service.storage.matter_tables import outbox
from service.storage.notice_tables import deliveries, messages
from workflows.calendar import local_day

#: From this failure on somebody has to know, and a window that the message starts does not run.
TROUBLE = 3
#: Why a window stood still for a message that nothing sent in time.
_LATE = "left_late"


def left(work: Work, message: Row[Any]) -> None:
    """A channel took the message; a window that stood still for it starts now.

    So does one that ran for somebody who was not told before another day: nothing may have sent for a while.
    """
    _change(work, message, status="sent", next_at=None, why=None)
    deciding = _deciding(work, message)
    notices = [notice for notice in deciding if notice.status == "bounced"]
    late = [notice.matter_id for notice in deciding if notice.status != "bounced" and _is_late(work, notice)]
    lost(work, message.person, late, _LATE)
    _mark(work, notices, "delivered")
    arrived(work, message.person, [*(notice.matter_id for notice in notices), *late])
    close_incident(work, STUCK, _stuck(message.channel))


def not_now(work: Work, message: Row[Any], why: str, attempts: int | None = None) -> None:
    """It is tried again later, as after so many `attempts`. When that goes on nobody is taken to have been reached."""
    tried = attempts or message.attempts
    _change(work, message, status="waiting", next_at=work.now + pause_after(tried), attempts=tried, why=why)
    if tried >= TROUBLE:
        raise_incident(work, STUCK, _stuck(message.channel))
        _lose(work, message, why)


def never_taken(work: Work, message: Row[Any], why: str, *, bad_address: bool) -> None:
    """It reaches nobody as it is. Where the address is bad no more is sent to it, until the list has another one.

    What comes back from an address that is not on the list any more is sent to the one that is.
    """
    _change(work, message, status="bounced" if bad_address else "failed", next_at=None, why=why)
    person = work.picture.directory.get(message.person)
    is_news = bad_address and person is not None and not person.bounces
    is_listed = person is not None and (person.email or None) == message.address
    if not bad_address:
        raise_incident(work, REACHED_NOBODY, f"A notice to {message.person} was refused by {message.channel} ({why}).")
    elif is_news and is_listed:
        set_bouncing(work, message.person, bounces=True)
    _lose(work, message, why)
    if is_news and not is_listed:
        send_again(work, message.person)


def not_wanted(work: Work, message: Row[Any]) -> None:
    """Nobody is there to get it: they have left, and are told nothing more."""
    _change(work, message, status="failed", next_at=None, why="left")


def delivered(work: Work, message: Row[Any]) -> None:
    """It is known to have arrived."""
    _change(work, message, status="delivered")


def _is_late(work: Work, notice: Row[Any]) -> bool:
    """Whether what starts a window leaves on a later local day than the one on which it counted as received."""
    return bool(notice.urgent) and local_day(notice.at) < local_day(work.now)


def _change(work: Work, message: Row[Any], **values: Any) -> None:  # noqa: ANN401 - columns
    own = (messages.c.organisation_id == work.organisation.id, messages.c.id == message.id)
    work.connection.execute(update(messages).where(*own).values(values))


def _lose(work: Work, message: Row[Any], why: str) -> None:
    """Let the list say what did not reach its person, and stand still the windows that it would have started."""
    notices = [notice for notice in _deciding(work, message) if notice.status != "bounced"]
    _mark(work, notices, "bounced")
    lost(work, message.person, (notice.matter_id for notice in notices if notice.urgent), why)


def _deciding(work: Work, message: Row[Any]) -> list[Row[Any]]:
    """The notices of a message whose channel decides whether somebody was reached: mail, where there is mail."""
    by_mail = deliveries.alias("by_mail")
    notice = ("organisation_id", "matter_id", "step", "number")
    query = (
        select(outbox.c.matter_id, outbox.c.step, outbox.c.number, outbox.c.urgent, outbox.c.status, outbox.c.at)
        .join(deliveries, and_(*(deliveries.c[name] == outbox.c[name] for name in notice)))
        .where(deliveries.c.organisation_id == work.organisation.id, deliveries.c.message_id == message.id)
    )
    if message.channel != MAIL:
        also = (by_mail.c[name] == outbox.c[name] for name in notice)
        query = query.where(~exists().where(*also, by_mail.c.channel == MAIL))
    return list(work.connection.execute(query))


def _mark(work: Work, notices: Sequence[Row[Any]], status: str) -> None:
    if notices:
        keys = [(notice.matter_id, notice.step, notice.number) for notice in notices]
        own = tuple_(outbox.c.matter_id, outbox.c.step, outbox.c.number).in_(keys)
        which = (outbox.c.organisation_id == work.organisation.id, own)
        work.connection.execute(update(outbox).where(*which).values(status=status))


def _stuck(channel: str) -> str:
    return f"Notices have not left by {channel} for a while; they are tried again until they do."
