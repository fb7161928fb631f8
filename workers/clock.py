"""The clock: rounds for everything that happens by itself. Several at once are safe, for the engine claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workers.actors import looks
from workers.heart import Heart, host_clock
from workers.looks import one_pass
from workers.patience import Patience
from workers.rounds import Rounds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from service.engine.door import Door
    from service.settings import Settings
    from workers.heart import HostClock
    from workers.looks import GoesOn, Look
    from workers.rounds import Hand
    from workers.stoppable import StoppableThread


class Clock:
    """Goes round for every look, each in a thread of its own; not at all while its machine's clock is far off."""

    def __init__(self, heart: Heart, found: Sequence[Look], hand: Hand) -> None:
        self.heart = heart
        self._rounds = [Rounds(look, hand, lambda: heart.steady) for look in found]
        self._threads: list[StoppableThread] = [heart, *self._rounds]

    def tick(self) -> int:
        """One round of each, in this thread; how much was done."""
        return sum(rounds.go_round() for rounds in self._rounds)

    def start(self) -> None:
        """Go round until `stop`."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop after the pieces of work at hand."""
        for thread in self._threads:
            thread.asked_to_stop.set()
        for thread in self._threads:
            thread.stop()


class Here:
    """The hand of a clock that has no workers: it does what waits in its own process."""

    def __init__(self, door: Door) -> None:
        self._patience = Patience(door)

    def __call__(self, look: Look, found: list[UUID], goes_on: GoesOn) -> int:
        """One piece for each council."""
        return one_pass(look, found, self._patience, goes_on)


def clock_for(settings: Settings, door: Door, host: HostClock = host_clock) -> Clock:
    """The clock that these settings ask for: it wakes workers where there is a Redis, else it does all by itself."""
    heart, found, here = Heart(door.database, "clock", host), looks(settings, door), Here(door)
    if settings.redis_url is None:
        return Clock(heart, found, here)
    # What speaks with Redis is slow to import, and a trial has none.
    from workers.broker import make_broker  # noqa: PLC0415
    from workers.wakes import Wakes  # noqa: PLC0415

    broker = make_broker(settings.redis_url, found, Patience(door), door.database.organisations, lambda: True)
    return Clock(heart, found, Wakes(broker, lambda: heart.workers, here))
