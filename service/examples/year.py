"""A year of an example council, day by day: the clock moves, deadlines are enforced, and people do their work.

The same council always has the same year: whatever is left to chance depends on the day and the people, so that a year
that was interrupted goes on where it stopped. Everything goes through the engine's door, as the people who may do it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from service.engine.due import BackwardsError, advance
from service.engine.picture import read_organisation
from service.examples.access_requests import access_requests
from service.examples.acts import Part, Tally, act_together, clock
from service.examples.audits import audits
from service.examples.chance import Chance
from service.examples.diary import book
from service.examples.exports import send_exports
from service.examples.filing import file_records
from service.examples.follow_ups import actions, agreements, concerns, referrals
from service.examples.meetings import cancel, hold, replace_cancelled
from service.examples.paperwork import deal_with, write_up
from service.examples.presence import presence
from service.examples.quarrels import quarrels
from service.examples.statuses import change_statuses
from service.examples.taking_over import take_over
from workflows.calendar import local_day

if TYPE_CHECKING:
    from service.engine.door import Door

_DAY = timedelta(days=1)
_MORNING: tuple[Part, ...] = (
    cancel, replace_cancelled, book, quarrels, change_statuses, deal_with, take_over, file_records, audits,
    access_requests,
)  # fmt: skip
#: What is done in a day, by the London time at which people act: a transaction each, in phases of which the later ones
#: know what the earlier ones did.
_DAILY: tuple[tuple[str, tuple[tuple[Part, ...], ...]], ...] = (
    ("08:45", ((send_exports,), (presence,), _MORNING)),
    ("16:45", ((hold,), (write_up, agreements, actions, concerns, referrals))),
)
_FIRST, _LAST = _DAILY[0][0], _DAILY[-1][0]


class Year:
    """The year of one council, from where its clock stands to an instant."""

    def __init__(self, door: Door, organisation_id: UUID, seed: str, until: datetime) -> None:
        self._door, self._own, self._until = door, organisation_id, until
        self._chance, self.tally = Chance(seed), Tally()
        with door.database.read(organisation_id) as connection:
            work = door.work(connection, organisation_id)
        self._now, self._calendar = work.now, work.picture.calendar

    def days(self) -> Iterator[date]:
        """Play it, and name each local date when it is done. It may be left off after any day and taken up again."""
        day = local_day(self._now)
        while clock(day, _LAST) < self._until:
            if self._calendar.works(day) and self._now <= clock(day, _FIRST):
                self._play(day)
            yield day
            day += _DAY
        self._advance(self._until)

    def _play(self, day: date) -> None:
        for time, phases in _DAILY:
            self._advance(clock(day, time))
            act_together(self._door, self._own, self._chance, self.tally, phases)

    def _advance(self, to: datetime) -> None:
        """Move the clock; where somebody else has moved it further meanwhile, go on from there."""
        while self._now < to:
            try:
                self._now = advance(self._door, self._own, to).now
            except BackwardsError:
                self._now = _now(self._door, self._own)


def _now(door: Door, own: UUID) -> datetime:
    with door.database.read(own) as connection:
        return read_organisation(connection, own).now
