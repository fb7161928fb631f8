"""One Dramatiq message a deadline, by way of Redis."""

from __future__ import annotations

from typing import Any

import dramatiq
from dramatiq.brokers.redis import RedisBroker

from benchmarks.peers.plain import Place, enforce

NAME, NEEDS = "one Dramatiq message a deadline", "dramatiq"
_THREADS = 8


def _actor(place: Place) -> tuple[RedisBroker, dramatiq.Actor[Any, Any]]:
    broker = RedisBroker(url=place.redis_url)  # type: ignore[no-untyped-call]

    def due(number: int) -> None:
        enforce(place, number)

    return broker, dramatiq.actor(broker=broker)(due)


def prepare(_place: Place) -> None:
    """Nothing: Redis is there."""


def work(place: Place, ready: Any) -> None:
    """Enforce what is sent, until the process is ended."""
    broker, _ = _actor(place)
    worker = dramatiq.Worker(broker, worker_threads=_THREADS)
    worker.start()
    ready.release()
    worker.join()
    for thread in worker.workers:
        thread.join()


def send(place: Place) -> None:
    """One message for each."""
    _, actor = _actor(place)
    for number in range(1, place.due + 1):
        actor.send(number)
