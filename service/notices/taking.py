"""Taking messages whose hour has come: each is leased, and written out as it is to be sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, select, update

from service.engine.work import Work
from service.notices.channels import MAIL
from service.notices.letters import Letter, Told, lines_of, subject_of
from service.notices.reference import Reference
from service.storage.matter_tables import outbox
from service.storage.notice_tables import deliveries, messages
from workflows.calendar import local_day

#: Messages that are taken at once, and how long nobody else takes them: more than they need at their slowest.
BATCH, LEASE = 20, timedelta(minutes=30)


class Taken(NamedTuple):
    """A message that is leased: its row as of now, and what is to be sent."""

    message: Row[Any]
    letter: Letter


def take(work: Work, base_url: str) -> list[Taken]:
    """Lease the messages whose hour has come, the longest due first; what another process has is passed over."""
    due = (
        select(messages.c.id)
        .where(
            messages.c.organisation_id == work.organisation.id,
            messages.c.status == "waiting",
            messages.c.next_at <= work.now,
        )
        .order_by(messages.c.next_at, messages.c.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    ids = list(work.connection.execute(due).scalars())
    if not ids:
        return []
    rows, told = _leased(work, ids), _told(work, ids)
    return [Taken(rows[i], _letter(work, rows[i], told[i], base_url)) for i in ids]


def held(work: Work, message: Row[Any]) -> bool:
    """Whether a message is still as it was leased: nobody else has taken it since, or told how it went."""
    query = select(messages.c.status, messages.c.attempts).where(
        messages.c.organisation_id == work.organisation.id, messages.c.id == message.id
    )
    row = work.connection.execute(query.with_for_update()).one()
    return (row.status, row.attempts) == ("waiting", message.attempts)


def _leased(work: Work, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    own = messages.c.organisation_id == work.organisation.id
    leased = {"attempts": messages.c.attempts + 1, "tried_at": work.now, "next_at": work.now + LEASE}
    work.connection.execute(update(messages).where(own, messages.c.id.in_(ids)).values(leased))
    people = select(messages.c.id, messages.c.person).where(own, messages.c.id.in_(ids), messages.c.channel == MAIL)
    addresses = [{"one": row.id, "now_at": _address(work, row.person)} for row in work.connection.execute(people)]
    if addresses:
        to = update(messages).where(own, messages.c.id == bindparam("one")).values(address=bindparam("now_at"))
        work.connection.execute(to, addresses)
    return {row.id: row for row in work.connection.execute(select(messages).where(own, messages.c.id.in_(ids)))}


def _address(work: Work, ref: str) -> str | None:
    """Where somebody can be written to; None for whoever has left, and for an address that is known to be bad."""
    person = work.picture.directory.get(ref)
    if person is None or person.bounces or person.has_left(local_day(work.now)):
        return None
    return person.email or None


def _told(work: Work, ids: Sequence[UUID]) -> dict[UUID, list[Told]]:
    same = (deliveries.c[name] == outbox.c[name] for name in ("organisation_id", "matter_id", "step", "number"))
    query = (
        select(deliveries.c.message_id, outbox.c.matter_id, outbox.c.kind, outbox.c.urgent)
        .join(outbox, and_(*same))
        .where(deliveries.c.organisation_id == work.organisation.id, deliveries.c.message_id.in_(ids))
        .order_by(outbox.c.at, outbox.c.matter_id, outbox.c.step, outbox.c.number)
    )
    found: dict[UUID, list[Told]] = defaultdict(list)
    for row in work.connection.execute(query):
        found[row.message_id].append(Told(row.matter_id, row.kind, row.urgent))
    return found


def _letter(work: Work, message: Row[Any], told: Sequence[Told], base_url: str) -> Letter:
    return Letter(
        Reference(work.organisation.id, message.id), message.person, message.address,
        subject_of(told, digest=message.digest), lines_of(told, base_url), again=message.attempts > 1,
        digest=message.digest,
    )  # fmt: skip
