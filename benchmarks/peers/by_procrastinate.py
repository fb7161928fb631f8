"""One Procrastinate job a deadline, in PostgreSQL alone."""

from __future__ import annotations

import asyncio
from typing import Any

import procrastinate
from psycopg_pool import AsyncConnectionPool

from benchmarks.peers.plain import ENFORCE, Place

NAME, NEEDS = "one Procrastinate job a deadline", "procrastinate"
_AT_ONCE = 8
#: Jobs that are handed over in one statement.
_SENT_AT_ONCE = 1_000


def prepare(place: Place) -> None:
    """Make its tables."""
    with procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=place.address)).open() as app:
        app.schema_manager.apply_schema()


def work(place: Place, ready: Any) -> None:
    """Enforce what is sent, until the process is ended."""
    asyncio.run(_work(place, ready))


async def _work(place: Place, ready: Any) -> None:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=place.address))
    async with AsyncConnectionPool(place.address, min_size=_AT_ONCE, open=False) as pool, app.open_async():

        async def due(number: int) -> None:
            async with pool.connection() as connection:
                for statement in ENFORCE:
                    await connection.execute(statement, (number,))

        app.task(name="due")(due)
        ready.release()
        await app.run_worker_async(concurrency=_AT_ONCE, install_signal_handlers=False)


def send(place: Place) -> None:
    """One job for each."""
    with procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=place.address)).open() as app:
        for first in range(1, place.due + 1, _SENT_AT_ONCE):
            numbers = range(first, min(first + _SENT_AT_ONCE, place.due + 1))
            app.configure_task("due").batch_defer(*({"number": number} for number in numbers))
