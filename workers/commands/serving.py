"""`supervision serve`, `clock`, `work` and `migrate`: the processes."""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Annotated, Protocol

import typer
import uvicorn
from fastapi import FastAPI
from sqlalchemy import make_url

from service.app import app_for
from service.engine.door import Door
from service.settings import Settings
from service.storage.migrate import NotReadyError
from service.storage.migrate import migrate as migrate_database
from service.watching.exposed import Exposed
from workers.clock import Clock, clock_for
from workers.commands.surroundings import (
    answering,
    console,
    owners_setting,
    process_door_or_stop,
    settings_or_stop,
    stop,
)
from workers.commands.telling import ConsoleTelling
from workers.examples import ExampleCouncils
from workers.exposing import Exposing
from workers.heart import Heart, skew_of, too_far_off


class Beside(Protocol):
    """Something that runs beside the rest of a process."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End after the piece of work at hand."""


def serve(
    host: Annotated[
        str | None, typer.Option(help="Where to listen; 127.0.0.1 unless SUPERVISION_HOST says otherwise.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="The port; 8000 unless SUPERVISION_PORT says otherwise.")] = None,
) -> None:
    """Serve the HTTP routes, and keep time in the same process while there is no Redis.

    Without any setting this is the trial: a database of its own below ./var, under a clock that people move, with five
    example councils, whose years are played at the first start.
    """
    chosen = settings_or_stop("serve")
    listens = (host or chosen.host, chosen.port if port is None else port)
    settings = chosen.served_on(listens[1])
    if make_url(settings.database_url).get_backend_name() == "sqlite":
        _migrate(settings)
    door = process_door_or_stop(settings)
    others: list[Beside] = [_what_happens_by_itself(settings, door)]
    if settings.sandbox and settings.examples:
        others.append(ExampleCouncils(door, settings, ConsoleTelling(console)))
    with beside(others):
        _listen(app_for(settings, door), *listens)


def _what_happens_by_itself(settings: Settings, door: Door) -> Beside:
    """With Redis workers do it, and requests wake them; without it the clock of this process does."""
    if settings.redis_url is None:
        return _clock_or_stop(settings, door)
    # What speaks with Redis is slow to import, and a trial has none.
    from workers.request_wakes import request_wakes  # noqa: PLC0415

    try:
        return request_wakes(settings, door, settings.redis_url)
    except ValueError as error:
        raise stop(str(error)) from None


def _listen(app: FastAPI, host: str, port: int) -> None:
    """Serve until it is stopped."""
    console.print(f"Serving http://{host}:{port}; its routes: http://{host}:{port}/api/v1/docs", soft_wrap=True)
    # What is loaded by now stays: a look through it all for garbage would hold requests up for a tenth of a second.
    gc.freeze()
    uvicorn.run(
        app, host=host, port=port, log_config=None, log_level="warning", access_log=False, server_header=False,
        forwarded_allow_ips=app.state.settings.proxies,
    )  # fmt: skip


def clock() -> None:
    """Look each second for what has passed, until it is stopped. Several clocks at once are safe.

    With SUPERVISION_REDIS_URL it wakes the workers that are free; where Redis or every worker is away, and without that
    setting, it does the work itself. It refuses to where its machine's clock is more than 2 s off from the database's.
    """
    settings = settings_or_stop("clock")
    door = process_door_or_stop(settings)
    refused = too_far_off(skew_of(door.database))
    if refused is not None:
        raise stop(refused)
    stopped = _asked_to_stop()
    ticking = _clock_or_stop(settings, door)
    with beside([ticking, *_exposing(settings, door, ticking.heart)]):
        stopped.wait()


def work() -> None:
    """Do what clocks ask for: enforce what has passed, hand records over. Any number of workers is safe.

    Needs SUPERVISION_REDIS_URL, where it listens. Ends after the batch at hand when it is asked to.
    """
    settings = settings_or_stop("work")
    if settings.redis_url is None:
        raise stop("Workers hear of work through Redis: set SUPERVISION_REDIS_URL, or run `supervision clock` alone.")
    # As slow to import as above.
    from workers.worker import Worker  # noqa: PLC0415

    door = process_door_or_stop(settings)
    worker = Worker(settings, door, settings.redis_url)
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: worker.stop())
    with beside(_exposing(settings, door, worker.heart)):
        worker.run()


def _exposing(settings: Settings, door: Door, heart: Heart) -> list[Beside]:
    """Whoever answers Prometheus for a process that serves nobody, where that is wanted."""
    if settings.metrics_port is None:
        return []
    return [Exposing(settings.host, settings.metrics_port, Exposed(door.database), heart.is_well)]


def _clock_or_stop(settings: Settings, door: Door) -> Clock:
    try:
        return clock_for(settings, door)
    except ValueError as error:
        raise stop(str(error)) from None


def _asked_to_stop() -> Event:
    """Set once the process is asked to end."""
    stopped = Event()
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: stopped.set())
    return stopped


@contextmanager
def beside(others: Sequence[Beside]) -> Iterator[None]:
    """Let others run while the block does."""
    for one in others:
        one.start()
    try:
        yield
    finally:
        for one in others:
            one.stop()


def migrate() -> None:
    """Bring the database to the tables of this version, all or nothing."""
    settings = settings_or_stop()
    _migrate(settings)
    console.print("The database is up to date.")


def _migrate(settings: Settings) -> None:
    url = make_url(settings.database_url)
    with answering(owners_setting(settings)):
        if url.get_backend_name() == "sqlite" and url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        try:
            migrate_database(settings)
        except NotReadyError as error:
            raise stop(str(error)) from None
