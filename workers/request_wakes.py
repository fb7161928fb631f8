"""Wake-ups by requests: what a transaction left to the workers need not wait for the clock's next look.

They say no more than “look”, and carry the correlation id of their request. No request waits for Redis: a thread beside
them sends, and what it cannot send the clock finds.
"""

from __future__ import annotations

from contextvars import Context, copy_context
from threading import Event, Lock
from typing import TYPE_CHECKING

import redis
import structlog
from dramatiq.errors import BrokerError

from service.watching import metrics
from workers.actors import looks
from workers.broker import make_broker
from workers.patience import Patience
from workers.stoppable import StoppableThread

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from dramatiq.brokers.redis import RedisBroker

    from service.engine.door import Door
    from service.engine.work import Work
    from service.settings import Settings
    from workers.looks import Look

_log = structlog.get_logger()
#: Seconds between two wake-ups of one council and queue; what is asked for meanwhile is one wake-up after them.
PAUSE = 0.5
#: Messages that wait for a worker, at most: each of them looks at everything. Without any worker they stay.
MOST_WAITING = 20


class RequestWakes(StoppableThread):
    """Sends, in a thread of its own, what the transactions of one process ask for."""

    def __init__(self, broker: RedisBroker, found: Sequence[Look], pause: float = PAUSE) -> None:
        super().__init__("wakes of requests")
        self._broker, self._looks, self._pause = broker, found, pause
        self._asked: dict[tuple[UUID, str], Context] = {}
        self._lock, self._something = Lock(), Event()
        self._away = False

    def committed(self, work: Work) -> None:
        """Have looked after what a transaction left, if it left anything. Waits for nothing."""
        left = [look.queue for look in self._looks if look.left_by(work)]
        if not left:
            return
        with self._lock:
            for queue in left:
                self._asked.setdefault((work.organisation.id, queue), copy_context())
        self._something.set()

    def run(self) -> None:
        """Send as soon as something is asked for, and then not for a while."""
        while not self.asked_to_stop.is_set():
            self._something.wait()
            self.send_asked()
            self.asked_to_stop.wait(self._pause)

    def stop(self) -> None:
        """Stop; what was not sent yet the clock finds."""
        self.asked_to_stop.set()
        self._something.set()
        super().stop()
        self._broker.client.close()

    def send_asked(self) -> None:
        """Send what was asked for, each in the context of the request that asked first."""
        self._something.clear()
        with self._lock:
            asked, self._asked = self._asked, {}
        try:
            for (own, queue), context in asked.items():
                context.run(self._send, own, queue)
        except (redis.RedisError, BrokerError) as error:
            if not self._away:
                _log.warning("requests_wake_nobody", because=type(error).__name__)
            self._away = True
        else:
            self._away = False

    def _send(self, own: UUID, queue: str) -> None:
        if self._broker.client.llen(f"{self._broker.namespace}:{queue}") >= MOST_WAITING:
            return
        self._broker.get_actor(queue).send()
        metrics.WAKES.labels(queue).inc()
        _log.info("worker_woken", look=queue, organisation=str(own))


def request_wakes(settings: Settings, door: Door, redis_url: str) -> RequestWakes:
    """Let the transactions behind a door wake the workers from here on, once this is started."""
    found = looks(settings, door)
    broker = make_broker(redis_url, found, Patience(door), door.database.organisations, lambda: True)
    wakes = RequestWakes(broker, found)
    door.tell = wakes.committed
    return wakes
