"""One round of handing over: what is to be filed leaves, and what was acknowledged is filed.

Nothing leaves while a transaction is open. Where a round is cut short between sending and telling the matter, the next
one sends the same parcel under the same name, and tells it then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from sqlalchemy import and_, or_, select, text
from sqlalchemy.exc import SQLAlchemyError

from service.engine.picture import read_organisation
from service.filing.final_record import read_final
from service.filing.gap_note import read_note
from service.filing.parcel import NotTaken, Outlet, Parcel, Taken, pack
from service.storage.matter_tables import OPEN_FILINGS, matters
from workflows.filing_payloads import Acknowledge, Failed, Sent
from workflows.gap_note import is_note
from workflows.model import SYSTEM
from workflows.refusals import Refused

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from service.engine.door import Door
    from service.engine.work import Work
    from workflows.payloads import Payload

_log = structlog.get_logger()
#: Filings that are read at once.
_PAGE = 200
#: What fails is tried again after five minutes, then after four times as long each time, up to a day.
_FIRST_PAUSE, _FACTOR, _LONGEST_PAUSE = timedelta(minutes=5), 4, timedelta(days=1)
#: The first failures whose pauses differ.
_GROWING = 6


class Round:
    """Goes once through an organisation's open filings."""

    def __init__(self, door: Door, outlet: Outlet, key: Ed25519PrivateKey, organisation_id: UUID) -> None:
        self._door, self._outlet, self._key, self._own = door, outlet, key, organisation_id
        self._reachable = True
        self._done = 0

    def run(self, goes_on: Callable[[], bool] = lambda: True) -> int:
        """Send and acknowledge until there is nothing left or `goes_on` says no; how many filings moved on.

        Where a way out is closed nothing else is sent in this round: it would fail alike.
        """
        with self._door.database.read(self._own) as connection:
            now = read_organisation(connection, self._own).now
        for filing, data in self._open():
            if not goes_on():
                break
            self._deal_with(filing, data, now)
        return self._done

    def _deal_with(self, filing: UUID, data: Mapping[str, Any], now: datetime) -> None:
        sent = data.get("sent")
        if sent and sent["via"] == self._outlet.via:
            self._look(filing, sent["name"])
        elif self._reachable and is_to_send(data, now):
            self._send(filing)

    # -- reading
    def _open(self) -> Iterator[tuple[UUID, Mapping[str, Any]]]:
        """Open filings with what is known of each, those that were left alone longest first.

        Each page is read when it is its turn, and of a matter no more than that: few of many are to be dealt with.
        """
        after: tuple[datetime, UUID] | None = None
        own = matters.c.organisation_id == self._own
        while True:
            query = select(matters.c.id, matters.c.last_at, matters.c.data).where(own, text(OPEN_FILINGS))
            if after is not None:
                later = and_(matters.c.last_at == after[0], matters.c.id > after[1])
                query = query.where(or_(matters.c.last_at > after[0], later))
            with self._door.database.read(self._own) as connection:
                rows = connection.execute(query.order_by(matters.c.last_at, matters.c.id).limit(_PAGE)).all()
            if not rows:
                return
            yield from ((row.id, row.data) for row in rows)
            after = (rows[-1].last_at, rows[-1].id)

    def _parcel(self, filing: UUID) -> Parcel:
        """The record, laid out. Raises NotTaken, for good, where it cannot be: the others must not wait for it."""
        with self._door.database.read(self._own) as connection:
            work = self._door.work(connection, self._own)
            try:
                matter = work.look(filing)
                read = read_note if is_note(matter) else read_final
                return pack(read(work, matter), self._key)
            except SQLAlchemyError:
                raise
            except Exception as error:
                _log.exception("record_cannot_be_laid_out", filing=str(filing))
                raise NotTaken("cannot_be_laid_out", for_good=True) from error

    # -- sending, and looking for what came back
    def _send(self, filing: UUID) -> None:
        try:
            taken = self._outlet.send(self._parcel(filing))
        except NotTaken as refusal:
            self._reachable = refusal.for_good
            self._failed(filing, refusal)
        else:
            self._sent(filing, taken)

    def _sent(self, filing: UUID, taken: Taken) -> None:
        told: dict[str, Payload] = {"sent": Sent(via=self._outlet.via, name=taken.name, document=taken.sha256)}
        if taken.reference is not None:
            told["acknowledge"] = Acknowledge(reference=taken.reference)
        self._tell(filing, told)

    def _look(self, filing: UUID, name: str) -> None:
        try:
            reference = self._outlet.acknowledgement(self._own, name)
        except NotTaken as refusal:
            self._failed(filing, refusal)
        else:
            if reference is not None:
                self._tell(filing, {"acknowledge": Acknowledge(reference=reference)})

    def _failed(self, filing: UUID, refusal: NotTaken) -> None:
        _log.warning("record_not_taken", filing=str(filing), why=refusal.why, for_good=refusal.for_good)
        self._tell(filing, {"failed": Failed(why=refusal.why, for_good=refusal.for_good)})

    def _tell(self, filing: UUID, told: Mapping[str, Payload]) -> None:
        """Tell the matter what happened, by trigger. It may have been filed by hand, or have ended, meanwhile."""

        def piece(work: Work) -> None:
            for trigger, payload in told.items():
                work.fire(filing, trigger, payload, SYSTEM)

        try:
            self._door.run(self._own, piece)
        except Refused as refusal:
            _log.info("filing_moved_on_meanwhile", filing=str(filing), guard=refusal.guard)
        else:
            self._done += 1


def is_to_send(data: Mapping[str, Any], now: datetime) -> bool:
    """Whether an open filing is to be sent now: not one for a person, and not one that failed a short while ago."""
    if data.get("sent") or data.get("by_hand"):
        return False
    tried_at = data.get("tried_at")
    return tried_at is None or datetime.fromisoformat(tried_at) + pause_after(data["tries"]) <= now


def pause_after(tries: int) -> timedelta:
    """How long nothing is tried after so many failures."""
    factor: int = _FACTOR ** (min(tries, _GROWING) - 1)
    return min(_FIRST_PAUSE * factor, _LONGEST_PAUSE)
