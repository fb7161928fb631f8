"""One DBOS workflow a deadline, of one step, in PostgreSQL alone."""

from __future__ import annotations

import threading
from typing import Any

from dbos import DBOS, DBOSClient, DBOSConfig
from sqlalchemy import make_url

from benchmarks.peers.plain import Place, enforce

NAME, NEEDS = "one DBOS workflow a deadline", "dbos"
_QUEUE, _AT_ONCE, _LOOKS_EVERY = "due", 64, 0.02


def _address(place: Place) -> str:
    return make_url(place.address).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def prepare(place: Place) -> None:
    """Make its tables."""
    DBOS.migrate(_address(place))


def work(place: Place, ready: Any) -> None:
    """Enforce what is sent, until the process is ended."""
    config: DBOSConfig = {"name": "peer", "system_database_url": _address(place), "log_level": "ERROR"}
    DBOS(config=config)

    step = DBOS.step(name="enforce")(enforce)

    def due(number: int) -> None:
        step(place, number)

    DBOS.workflow(name="due")(due)
    DBOS.launch()
    DBOS.register_queue(_QUEUE, worker_concurrency=_AT_ONCE, polling_interval_sec=_LOOKS_EVERY)
    ready.release()
    threading.Event().wait()


def send(place: Place) -> None:
    """One workflow for each."""
    client = DBOSClient(system_database_url=_address(place))
    for number in range(1, place.due + 1):
        client.enqueue({"workflow_name": "due", "queue_name": _QUEUE}, number)
    client.destroy()
