"""The filer: hands final records over, beside the clock, so that a system that is slow holds up no deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.filing.handing_over import Round
from workers.stoppable import StoppableThread

if TYPE_CHECKING:
    from uuid import UUID

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from service.engine.door import Door
    from service.filing.parcel import Outlet

_log = structlog.get_logger()
#: Seconds between two rounds.
EVERY = 15.0


class Filer(StoppableThread):
    """Makes its rounds in a thread of its own until it is stopped. Several filers at once are harmless."""

    def __init__(self, door: Door, outlet: Outlet, key: Ed25519PrivateKey, every: float = EVERY) -> None:
        super().__init__("filer")
        self._door, self._outlet, self._key, self._every = door, outlet, key, every

    def run(self) -> None:
        """Go round in this thread, with a pause after each round."""
        while not self.asked_to_stop.is_set():
            try:
                self.go_round()
            except SQLAlchemyError as error:
                _log.warning("filing_round_failed", error=type(error).__name__)
            self.asked_to_stop.wait(self._every)

    def go_round(self) -> int:
        """One round through every organisation with open filings; how many filings moved on."""
        return sum(self._file(own) for own in self._door.database.filing_organisations())

    def _file(self, organisation_id: UUID) -> int:
        try:
            return Round(self._door, self._outlet, self._key, organisation_id).run(self._goes_on)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other organisations' records go on
            _log.error("organisation_not_filed", organisation=str(organisation_id), exc_info=error)
            return 0

    def _goes_on(self) -> bool:
        return not self.asked_to_stop.is_set()
