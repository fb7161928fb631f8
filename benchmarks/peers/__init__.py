"""Other ways to enforce deadlines, beside the storm: each that is installed does the plain equivalent, for comparison.

`.venv/bin/uv pip install --group peers` installs those that the project does not need itself.
"""

from __future__ import annotations

import multiprocessing
import time
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from sqlalchemy import make_url

from benchmarks.council import postgres_url
from benchmarks.figures import Figure
from benchmarks.peers.plain import Place, deadlines_due, wait_for_all
from tests.fixtures.redis_server import own_redis

DUE, PROCESSES = 5_000, 2
#: Each is a module with its NAME, the package that it NEEDS, and how to `prepare`, `work` and `send`.
_PEERS = {"dbos": "by_dbos", "procrastinate": "by_procrastinate", "dramatiq": "by_dramatiq"}


def measure() -> list[Figure]:
    """Deadlines a second, from the first message to the last row."""
    return [_measured(f"benchmarks.peers.{module}") for needs, module in _PEERS.items() if find_spec(needs)]


def _measured(module: str) -> Figure:
    peer: Any = import_module(module)
    with postgres_url() as url, own_redis() as redis:
        address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        place = Place(address, redis.url, DUE)
        peer.prepare(place)
        return Figure(f"{peer.NAME}, no history, {PROCESSES} processes", DUE / _seconds(module, peer, place), "/s")


def _seconds(module: str, peer: Any, place: Place) -> float:
    context = multiprocessing.get_context("spawn")
    ready = context.Semaphore(0)
    workers = [context.Process(target=_work, args=(module, place, ready)) for _ in range(PROCESSES)]
    with deadlines_due(place) as connection:
        for worker in workers:
            worker.start()
        for _ in workers:
            ready.acquire()
        began = time.perf_counter()
        peer.send(place)
        wait_for_all(connection, place.due)
        took = time.perf_counter() - began
        for worker in workers:
            worker.kill()
            worker.join()
    return took


def _work(module: str, place: Place, ready: Any) -> None:
    peer: Any = import_module(module)
    peer.work(place, ready)
