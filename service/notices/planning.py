"""Which message carries a notice, by every channel: an urgent one alone and at once, the others in the day's digest.

A digest is one row that notices join until it is taken to be sent; whoever joins and whoever takes it lock that row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from msgspec import Struct, field
from sqlalchemy import Row, select, tuple_, update

from service.engine.ids import new_id
from service.engine.work import Work
from service.notices.timing import Pace, digest_hour, next_digest_hour
from service.storage.matter_tables import matters, outbox
from service.storage.notice_tables import LOST, deliveries, messages, preferences
from service.storage.sets import Added, Changed, write_sets

#: Notices of which messages are made in one transaction.
BATCH = 500
_NOTICE = (outbox.c.matter_id, outbox.c.step, outbox.c.number)
_Key = tuple[UUID, int, int, str]


def make_messages(work: Work, channels: Sequence[str]) -> int:
    """Make the messages of the notices that wait for it, each once for a channel; how many notices there were."""
    rows = _claim(work)
    if rows:
        plan = _Plan(work, _paces(work, {row.to for row in rows}))
        on_their_way = _on_their_way(work, rows)
        for row in rows:
            for channel in channels:
                if (row.matter_id, row.step, row.number, channel) not in on_their_way:
                    plan.add(row, channel)
        plan.write()
        _mark_delivered(work, rows)
    return len(rows)


def _claim(work: Work) -> list[Row[Any]]:
    """Notices without messages; what another process has is passed over."""
    query = (
        select(outbox)
        .where(outbox.c.organisation_id == work.organisation.id, outbox.c.status == "waiting")
        .order_by(outbox.c.at, *_NOTICE)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return list(work.connection.execute(query))


def _paces(work: Work, people: Iterable[str]) -> dict[str, str]:
    chosen = select(preferences.c.person, preferences.c.notices).where(
        preferences.c.organisation_id == work.organisation.id, preferences.c.person.in_(sorted(people))
    )
    return {row.person: row.notices for row in work.connection.execute(chosen)}


def _on_their_way(work: Work, rows: Sequence[Row[Any]]) -> set[_Key]:
    """The notices, by channel, that a message carries which is not lost: what is sent anew may have another one."""
    known = (deliveries.c.matter_id, deliveries.c.step, deliveries.c.number)
    query = (
        select(*known, deliveries.c.channel)
        .join(messages, (messages.c.organisation_id == deliveries.c.organisation_id)
              & (messages.c.id == deliveries.c.message_id))
        .where(
            deliveries.c.organisation_id == work.organisation.id,
            tuple_(*known).in_([(row.matter_id, row.step, row.number) for row in rows]),
            messages.c.status.not_in(LOST),
        )
    )  # fmt: skip
    return {(row.matter_id, row.step, row.number, row.channel) for row in work.connection.execute(query)}


def _mark_delivered(work: Work, rows: Sequence[Row[Any]]) -> None:
    work.connection.execute(
        update(outbox)
        .where(
            outbox.c.organisation_id == work.organisation.id,
            tuple_(*_NOTICE).in_([(row.matter_id, row.step, row.number) for row in rows]),
        )
        .values(status="delivered")
    )


class _Plan(Struct):
    """The messages of one batch."""

    work: Work
    paces: Mapping[str, str]
    messages: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    carried: list[tuple[Row[Any], UUID]] = field(default_factory=list)

    def add(self, notice: Row[Any], channel: str) -> None:
        """Let one channel carry a notice."""
        if notice.urgent or self.paces.get(notice.to) == Pace.at_once:
            calendar = self.work.picture.calendar
            message_id = new_id(self.work.now)
            self._message(
                message_id, notice.to, channel, notice.at if notice.urgent else calendar.office_instant(notice.at)
            )
        else:
            hour = digest_hour(self.work.picture.calendar, notice.at, self.work.now)
            message_id = self._digest(notice.to, channel, hour)
        self.carried.append((notice, message_id))

    def write(self) -> None:
        """Write the messages, and which notice is in which; a digest that has begun to leave is joined by nobody."""
        self._write_messages(list(self.messages.values()))
        begun = self._begun()
        if begun:
            later = {message_id: self._later(self.messages[message_id]) for message_id in begun}
            self._write_messages([self.messages[message_id] for message_id in later.values()])
            self.carried = [(notice, later.get(message_id, message_id)) for notice, message_id in self.carried]
        self._write_deliveries()

    def _message(self, message_id: UUID, person: str, channel: str, at: datetime, *, digest: bool = False) -> None:
        self.messages[message_id] = {
            "organisation_id": self.work.organisation.id, "id": message_id, "person": person, "channel": channel,
            "digest": digest, "status": "waiting", "next_at": at, "attempts": 0, "tried_at": None, "address": None,
            "why": None,
        }  # fmt: skip

    def _digest(self, person: str, channel: str, hour: datetime) -> UUID:
        """The digest of a person, a channel and an hour has the same id whoever makes it."""
        message_id = uuid5(self.work.organisation.id, f"{person} {channel} {hour.isoformat()}")
        self._message(message_id, person, channel, hour, digest=True)
        return message_id

    def _later(self, digest: Mapping[str, Any]) -> UUID:
        # It may have begun, by a clock that is a little ahead, before its hour has come here.
        after = max(self.work.now, digest["next_at"])
        hour = next_digest_hour(self.work.picture.calendar, after)
        return self._digest(digest["person"], digest["channel"], hour)

    def _begun(self) -> list[UUID]:
        """Digests that are being sent, or were; the others are locked until this transaction ends."""
        wanted = sorted(message_id for message_id, row in self.messages.items() if row["digest"])
        still = (
            select(messages.c.id)
            .where(
                messages.c.organisation_id == self.work.organisation.id, messages.c.id.in_(wanted),
                messages.c.status == "waiting", messages.c.attempts == 0,
            )
            .order_by(messages.c.id)
            .with_for_update()
        )  # fmt: skip
        found = set(self.work.connection.execute(still).scalars()) if wanted else set()
        return [message_id for message_id in wanted if message_id not in found]

    def _write_messages(self, rows: list[dict[str, Any]]) -> None:
        in_order = sorted(rows, key=lambda row: row["id"])
        write_sets(self.work.connection, Changed(matters, [], []), [Added(messages, in_order, if_new=True)])

    def _write_deliveries(self) -> None:
        rows = [
            {
                "organisation_id": self.work.organisation.id, "matter_id": notice.matter_id, "step": notice.step,
                "number": notice.number, "channel": self.messages[message_id]["channel"], "message_id": message_id,
            }
            for notice, message_id in self.carried
        ]  # fmt: skip
        write_sets(self.work.connection, Changed(matters, [], []), [Added(deliveries, rows, moved=("message_id",))])
