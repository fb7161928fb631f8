"""The example councils of a sandbox: made ready in a thread while the service answers already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import structlog

from service.examples.councils import COUNCILS, Council
from service.examples.start import Played, SignIn, make_council, play_year, sign_ins
from service.organisations import every_organisation
from workers.stoppable import StoppableThread

if TYPE_CHECKING:
    from service.engine.door import Door
    from service.settings import Settings

_log = structlog.get_logger()
#: Seconds left to others after each day: a request that waits for SQLite's one writer gets its turn then.
_BREATH = 0.003


class Telling(Protocol):
    """Tells people how far the councils are."""

    def there(self, council: Council, people: Sequence[SignIn]) -> None:
        """A council is there with its lists, and these people can sign in."""

    def played(self, council: Council, played: Played) -> None:
        """Another day of a council's year is over."""

    def ready(self, council: Council) -> None:
        """A council's year is over, and its clock stands still until somebody moves it."""

    def left_off(self) -> None:
        """Nothing more is told."""


class ExampleCouncils(StoppableThread):
    """Makes the councils ready one after the other, the first one first, until all are or it is stopped."""

    def __init__(self, door: Door, settings: Settings, telling: Telling) -> None:
        super().__init__("examples")
        self._door, self._settings, self._telling = door, settings, telling

    def run(self) -> None:
        """Make one after the other in this thread."""
        try:
            known = {name: own for own, name in every_organisation(self._settings).items()}
            for council in COUNCILS:
                own = make_council(self._door, council, known.get(council.name))
                self._telling.there(council, sign_ins(self._door, own))
                for played in play_year(self._door, council, own):
                    self._telling.played(council, played)
                    if self.asked_to_stop.wait(_BREATH):
                        return
                self._telling.ready(council)
        except Exception as error:  # noqa: BLE001 - without its examples the service still serves
            _log.error("examples_failed", exc_info=error)
        finally:
            self._telling.left_off()
