"""The clock: looks for what has passed, and lets the engine enforce it; several clocks at once are safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.engine.due import enforce_overdue
from workers.stoppable import StoppableThread

if TYPE_CHECKING:
    from uuid import UUID

    from service.engine.door import Door

_log = structlog.get_logger()
#: Seconds between two looks when nothing was due.
EVERY = 1.0


def tick(door: Door) -> int:
    """Enforce one batch for every organisation in which something has passed; how many deadlines that were.

    What goes wrong in one organisation is logged and tried again with the next tick; the others do not wait for it.
    """
    due = door.database.due_organisations(door.database.now())
    return sum(_enforce(door, found.organisation_id) for found in due)


def _enforce(door: Door, organisation_id: UUID) -> int:
    try:
        return enforce_overdue(door, organisation_id)
    except Exception as error:  # noqa: BLE001 - whatever it is, time goes on for the others
        _log.error("organisation_not_enforced", organisation=str(organisation_id), exc_info=error)
        return 0


class Clock(StoppableThread):
    """Ticks in a thread of its own until it is stopped. A database that is away for a while is no reason to stop."""

    def __init__(self, door: Door, every: float = EVERY) -> None:
        super().__init__("clock")
        self._door, self._every = door, every

    def run(self) -> None:
        """Tick in this thread: at once again while something was due, else after a pause."""
        while not self.asked_to_stop.is_set():
            if not self._tick():
                self.asked_to_stop.wait(self._every)

    def _tick(self) -> int:
        try:
            fired = tick(self._door)
        except SQLAlchemyError as error:
            _log.warning("clock_tick_failed", error=type(error).__name__)
            return 0
        if fired:
            _log.info("deadlines_enforced", count=fired)
        return fired
