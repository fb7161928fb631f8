"""A worker: takes wake-ups from Redis and looks, until it is stopped. Any number is safe."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import structlog

from workers.actors import looks
from workers.broker import make_broker, make_worker
from workers.heart import Heart
from workers.patience import Patience

if TYPE_CHECKING:
    from dramatiq import Worker as Dramatiq

    from service.engine.door import Door
    from service.settings import Settings

_log = structlog.get_logger()
#: Seconds between two looks whether all threads are there still.
_LOOK_AFTER = 5.0
#: Milliseconds that work at hand has to end once the worker is asked to stop; a batch takes about a second.
_STOP_WITHIN = 30_000


class Worker:
    """One process's worth of work. Redis may be away when it starts: it listens as soon as there is one."""

    def __init__(self, settings: Settings, door: Door, redis_url: str) -> None:
        self._stopping = Event()
        self.heart = Heart(door.database, "worker")
        self._looks = looks(settings, door)
        self._broker = make_broker(
            redis_url, self._looks, Patience(door), door.database.organisations, lambda: not self._stopping.is_set()
        )

    def run(self) -> None:
        """Work in threads until `stop` is called from another one or a signal."""
        self.heart.start()
        inner = self._started()
        while not self._stopping.wait(_LOOK_AFTER):
            if not all(consumer.is_alive() for consumer in inner.consumers.values()):
                _log.error("consumer_lost")
                inner.stop(_STOP_WITHIN)
                inner = self._started()
        inner.stop(_STOP_WITHIN)
        self.heart.stop()

    def stop(self) -> None:
        """End `run` after the batches at hand."""
        self._stopping.set()

    def _started(self) -> Dramatiq:
        worker = make_worker(self._broker, self._looks)
        worker.start()
        return worker
