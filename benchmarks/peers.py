"""One message a deadline by Dramatiq, as it is done without a table of deadlines: the plain equivalent, for comparison.

Each message updates one row and writes one row of history, and nothing else: no receipt, no chain, no notice.
"""

from __future__ import annotations

import time

import dramatiq
import psycopg
from dramatiq.brokers.redis import RedisBroker
from sqlalchemy import make_url

from benchmarks.council import postgres_url
from benchmarks.figures import Figure
from tests.fixtures.redis_server import own_redis

_DUE, _THREADS = 5_000, 8


def measure() -> list[Figure]:
    """Deadlines a second, from the first message to the last row."""
    with postgres_url() as url, own_redis() as redis:
        address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE TABLE due (id int PRIMARY KEY, done boolean NOT NULL DEFAULT false)")
            connection.execute("CREATE TABLE done (id int, at timestamptz NOT NULL DEFAULT now())")
            connection.execute("INSERT INTO due SELECT generate_series(1, %s)", (_DUE,))
            return [Figure("one Dramatiq message a deadline, no history", _by_messages(redis.url, address), "/s")]


def _by_messages(redis_url: str, address: str) -> float:
    broker = RedisBroker(url=redis_url)  # type: ignore[no-untyped-call]

    def enforce(number: int) -> None:
        with psycopg.connect(address) as connection:
            connection.execute("UPDATE due SET done = true WHERE id = %s AND NOT done", (number,))
            connection.execute("INSERT INTO done (id) VALUES (%s)", (number,))

    actor = dramatiq.actor(broker=broker)(enforce)
    worker = dramatiq.Worker(broker, worker_threads=_THREADS)
    began = time.perf_counter()
    worker.start()
    for number in range(1, _DUE + 1):
        actor.send(number)
    broker.join("default")
    worker.join()
    took = time.perf_counter() - began
    worker.stop()
    return _DUE / took
