"""A year of an example council, day by day: the clock moves, deadlines are enforced, and people do their work.

The same council always has the same year: whatever is left to chance depends on the day and the people, so that a year
that was interrupted goes on where it stopped. Everything goes through the engine's door, as the people who may do it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from service.engine.due import advance
from service.examples.acts import Part, Tally, act_together, clock
from service.examples.chance import Chance
from service.examples.diary import book
from service.examples.exports import send_exports
from service.examples.meetings import cancel, hold, replace_cancelled
from service.examples.paperwork import deal_with, write_up
from service.examples.presence import presence
from service.examples.quarrels import quarrels
from service.examples.statuses import change_statuses
from workflows.calendar import local_day

if TYPE_CHECKING:
    from service.engine.door import Door

_DAY = timedelta(days=1)
#: London times at which people act: exports and absences, diaries and letters, reports.
_EARLY, _MORNING, _AFTERNOON = "08:30", "09:00", "16:45"
#: What is done in a day, in this order; the parts of a line are one transaction.
_DAILY: tuple[tuple[str, tuple[Part, ...]], ...] = (
    (_EARLY, (send_exports, presence)),
    (_MORNING, (cancel, replace_cancelled, book)),
    (_MORNING, (quarrels, change_statuses)),
    (_MORNING, (deal_with,)),
    (_AFTERNOON, (hold,)),
    (_AFTERNOON, (write_up,)),
)


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
        while clock(day, _AFTERNOON) < self._until:
            if self._calendar.works(day) and self._now <= clock(day, _EARLY):
                self._play(day)
            yield day
            day += _DAY
        self._advance(self._until)

    def _play(self, day: date) -> None:
        for time, parts in _DAILY:
            self._advance(clock(day, time))
            act_together(self._door, self._own, self._chance, self.tally, parts)

    def _advance(self, to: datetime) -> None:
        while self._now < to:
            self._now = advance(self._door, self._own, to).now
