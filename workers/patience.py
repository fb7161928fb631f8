"""How long an organisation in which something failed is left alone, and when people are told of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog
from msgspec import Struct
from sqlalchemy.exc import SQLAlchemyError

from service.engine.incidents import FAILING, report_incident
from service.engine.picture import read_organisation

if TYPE_CHECKING:
    from uuid import UUID

    from service.engine.door import Door

_log = structlog.get_logger()
#: Seconds after the first failure, and at most; each failure in a row doubles them.
_FIRST, _LONGEST = 1.0, 300.0
#: The failure in a row that is an incident: a quarter of a minute after the first, at the earliest.
TELLS_AT = 5


class _Failing(Struct):
    times: int = 0
    again_at: float = 0.0


class Patience:
    """What failed lately in this process, by queue and organisation; safe among threads.

    `clock` gives seconds that never go backwards.
    """

    def __init__(self, door: Door, clock: Callable[[], float] = time.monotonic) -> None:
        self._door, self._clock = door, clock
        self._lock = threading.Lock()
        self._failing: dict[tuple[str, UUID], _Failing] = {}

    def allows(self, queue: str, own: UUID) -> bool:
        """Whether it is time to look at an organisation."""
        known = self._failing.get((queue, own))
        return known is None or known.again_at <= self._clock()

    def wait(self, queue: str, own: UUID) -> int:
        """Leave an organisation alone for a while; how often in a row that was."""
        with self._lock:
            known = self._failing.setdefault((queue, own), _Failing())
            known.times += 1
            known.again_at = self._clock() + min(_FIRST * 2 ** (known.times - 1), _LONGEST)
            return known.times

    def failed(self, queue: str, own: UUID, error: BaseException) -> None:
        """Leave it alone for a while; where that happens again and again, administrators see it as an incident."""
        if self.wait(queue, own) >= TELLS_AT:
            self.tell(queue, own, error)

    def tell(self, queue: str, own: UUID, error: BaseException) -> None:
        """Make it an incident, one at a time. Where even that fails, the log alone has it."""
        what = f"What happens by itself ({queue}) fails again and again ({type(error).__name__}). It is tried on."
        try:
            with self._door.database.write(own) as connection:
                report_incident(connection, own, read_organisation(connection, own).now, f"{queue}{FAILING}", what)
        except SQLAlchemyError as away:
            _log.warning("incident_not_kept", look=queue, organisation=str(own), error=type(away).__name__)

    def succeeded(self, queue: str, own: UUID) -> None:
        """Forget what failed. Its incident is closed by upkeep, unless it is told again meanwhile."""
        if (queue, own) in self._failing:
            with self._lock:
                self._failing.pop((queue, own), None)
