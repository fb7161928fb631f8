"""Wake-ups: messages that only say “look”, one for each worker that is free."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import redis
import structlog
from dramatiq.errors import BrokerError

from service.watching import metrics

if TYPE_CHECKING:
    from uuid import UUID

    from dramatiq.brokers.redis import RedisBroker

    from workers.looks import GoesOn, Look
    from workers.rounds import Hand

_log = structlog.get_logger()


class Wakes:
    """The hand of a clock in production. `workers` says how many there are, `here` does the work in this process."""

    def __init__(self, broker: RedisBroker, workers: Callable[[], int], here: Hand) -> None:
        self._broker, self._workers, self._here = broker, workers, here
        self._alone: bool | None = None

    def __call__(self, look: Look, found: list[UUID], goes_on: GoesOn) -> int:
        """Wake whoever is free. Redis away, or no worker alive: do a round of it here."""
        workers = self._workers()
        if not workers:
            self._is_alone(because="no worker is alive")
            return self._here(look, found, goes_on)
        try:
            for _ in range(self._wanted(look.queue, workers)):
                self._broker.get_actor(look.queue).send()
                metrics.WAKES.labels(look.queue).inc()
        except (redis.RedisError, BrokerError) as error:
            self._is_alone(because=type(error).__name__)
            return self._here(look, found, goes_on)
        self._is_not_alone()
        return 0

    def _wanted(self, queue: str, workers: int) -> int:
        """How many workers are free. A message counts until its worker is done with it, or another one takes it over.

        Such a takeover may take a minute, so that one more is sent whenever no message waits to be fetched.
        """
        client, name = self._broker.client, f"{self._broker.namespace}:{queue}"
        waiting, taken_or_waiting = client.llen(name), client.hlen(f"{name}.msgs")
        return max(workers - int(taken_or_waiting), 0 if waiting else 1)

    def _is_alone(self, *, because: str) -> None:
        if self._alone is not True:
            _log.warning("clock_sweeps_itself", because=because)
        self._alone = True
        metrics.SWEEPS_ITSELF.set(1)

    def _is_not_alone(self) -> None:
        if self._alone is True:
            _log.info("workers_are_back")
        self._alone = False
        metrics.SWEEPS_ITSELF.set(0)
