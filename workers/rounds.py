"""Rounds: every so often somebody looks whether anything waits, and hands what was found to whoever does it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.logs import correlated
from workers.stoppable import StoppableThread

if TYPE_CHECKING:
    from uuid import UUID

    from workers.looks import GoesOn, Look

_log = structlog.get_logger()
#: Takes what waits, and answers how much was done at once: 0 where others do it.
Hand = Callable[["Look", list["UUID"], "GoesOn"], int]


class Rounds(StoppableThread):
    """Goes round in a thread of its own until it is stopped. A database that is away is no reason to stop."""

    def __init__(self, look: Look, hand: Hand, may: Callable[[], bool] = lambda: True) -> None:
        super().__init__(look.queue)
        self._look, self._hand, self._may = look, hand, may

    def run(self) -> None:
        """Go round in this thread: at once again while something was done, else on the next stroke of the clock."""
        while not self.asked_to_stop.is_set():
            if not self.go_round():
                self.asked_to_stop.wait(self._look.every - time.time() % self._look.every)

    def go_round(self) -> int:
        """One round; how much was done in it."""
        if not self._may():
            return 0
        with correlated():
            try:
                found = self._look.waiting()
                return self._hand(self._look, found, self._goes_on) if found else 0
            except SQLAlchemyError as error:
                _log.warning("round_failed", look=self._look.queue, error=type(error).__name__)
                return 0
            except Exception as error:  # noqa: BLE001 - nobody else would go round in its place
                _log.error("round_failed", look=self._look.queue, exc_info=error)
                return 0

    def _goes_on(self) -> bool:
        return not self.asked_to_stop.is_set()
