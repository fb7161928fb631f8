"""The broker in production: Redis, with one queue and one actor for each look."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import Retries
from redis.backoff import NoBackoff
from redis.retry import Retry

from workers.looks import until_done
from workers.middleware import DeadLetters, LogContext, Traces, Untold, Weather

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from dramatiq import Worker

    from workers.looks import GoesOn, Look
    from workers.patience import Patience

#: A message that failed is tried again after 1, 2, 4 … seconds and at most a minute, five times.
_TRIES, _FIRST_PAUSE, _LONGEST_PAUSE = 5, 1_000, 60_000
#: Seconds to wait for Redis: a clock that waits longer is late, and can do the work itself.
CONNECT_WITHIN, ANSWER_WITHIN = 2.0, 5.0
#: Milliseconds between two looks of an idle worker into a queue.
_POLL = 200


def make_broker(
    url: str, looks: Sequence[Look], patience: Patience, organisations: Callable[[], list[UUID]], goes_on: GoesOn
) -> RedisBroker:
    """The broker with its actors. Nothing is connected yet; whoever sends finds out whether Redis is there."""
    client = redis.Redis.from_url(
        url, socket_connect_timeout=CONNECT_WITHIN, socket_timeout=ANSWER_WITHIN, retry=Retry(NoBackoff(), retries=0)
    )
    broker = RedisBroker(  # type: ignore[no-untyped-call]
        client=client,
        namespace="supervision",
        middleware=[
            # What stands first is told last of how a message ended: all that is said of it has its place in the logs,
            # and whether it is tried again is decided before anybody is told that it is not.
            LogContext(),
            Traces(),
            Weather(),
            Untold(),
            DeadLetters(patience, organisations),
            Retries(max_retries=_TRIES, min_backoff=_FIRST_PAUSE, max_backoff=_LONGEST_PAUSE),
        ],
    )
    for look in looks:
        actor = partial(until_done, look, patience, goes_on)
        dramatiq.actor(actor, actor_name=look.queue, queue_name=look.queue, broker=broker)  # type: ignore[call-overload]
    return broker


def make_worker(broker: RedisBroker, looks: Sequence[Look]) -> Worker:
    """A worker with one thread for each queue, so that a slow system that records go to holds up no deadline.

    It fetches no message before it is free for it.
    """
    worker = dramatiq.Worker(broker, worker_threads=len(looks), worker_timeout=_POLL)
    worker.queue_prefetch = 1
    return worker
