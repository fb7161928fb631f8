"""The notifier: sends what people are told, beside the clock, so that a slow mail server holds up no deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.notices.delivery import deliver_due
from workers.stoppable import StoppableThread

if TYPE_CHECKING:
    from uuid import UUID

    from service.engine.door import Door
    from service.notices.channels import Channels

_log = structlog.get_logger()
#: Seconds between two looks when nothing was to be sent.
EVERY = 5.0


class Notifier(StoppableThread):
    """Goes round in a thread of its own until it is stopped. Several notifiers at once are harmless."""

    def __init__(self, door: Door, channels: Channels, every: float = EVERY) -> None:
        super().__init__("notifier")
        self._door, self._channels, self._every = door, channels, every

    def run(self) -> None:
        """Go round in this thread: at once again while something was dealt with, else after a pause."""
        while not self.asked_to_stop.is_set():
            if not self._round():
                self.asked_to_stop.wait(self._every)

    def go_round(self) -> int:
        """One round for every organisation with something to send; how much was dealt with."""
        waiting = self._door.database.notice_organisations(self._door.database.now())
        return sum(self._deliver(own) for own in waiting if not self.asked_to_stop.is_set())

    def _round(self) -> int:
        try:
            return self.go_round()
        except SQLAlchemyError as error:
            _log.warning("notices_round_failed", error=type(error).__name__)
            return 0

    def _deliver(self, organisation_id: UUID) -> int:
        try:
            return deliver_due(self._door, self._channels, organisation_id)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other organisations' notices go on
            _log.error("organisation_not_told", organisation=str(organisation_id), exc_info=error)
            return 0
