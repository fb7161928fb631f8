"""`supervision serve`, `clock`, `work` and `migrate`: the processes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI
from sqlalchemy import make_url

from service.app import app_for
from service.engine.door import Door
from service.filing.outlets import outlet_of
from service.notices.set_up import channels_of
from service.settings import Settings
from service.storage.checkpoints import signing_key
from service.storage.migrate import RoleMissingError
from service.storage.migrate import migrate as migrate_database
from service.storage.sandbox_mark import WrongDatabaseError
from workers.clock import Clock
from workers.commands.surroundings import console, door_or_stop, settings_or_stop, stop
from workers.commands.telling import ConsoleTelling
from workers.examples import ExampleCouncils
from workers.filing import Filer
from workers.notices import Notifier
from workers.stoppable import StoppableThread


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
    settings = settings_or_stop()
    if make_url(settings.database_url).get_backend_name() == "sqlite":
        _migrate(settings)
    door = door_or_stop(settings)
    listens = (host or settings.host, settings.port if port is None else port)
    beside: list[StoppableThread] = []
    if settings.redis_url is None:
        beside += [Clock(door), *filers(settings, door), *notifiers(settings, door)]
    if settings.sandbox and settings.examples:
        beside.append(ExampleCouncils(door, settings, ConsoleTelling(console)))
    _run(app_for(settings, door), listens, beside)


def _run(app: FastAPI, listens: tuple[str, int], beside: Sequence[StoppableThread]) -> None:
    """Serve until it is stopped, with what runs beside it in the same process."""
    host, port = listens
    for one in beside:
        one.start()
    try:
        console.print(f"Serving http://{host}:{port}; its routes: http://{host}:{port}/api/v1/docs", soft_wrap=True)
        uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)
    finally:
        for one in beside:
            one.stop()


def filers(settings: Settings, door: Door) -> list[Filer]:
    """Whoever hands final records over: nobody where no way out is set."""
    outlet = outlet_of(settings)
    return [] if outlet is None else [Filer(door, outlet, signing_key(settings))]


def notifiers(settings: Settings, door: Door) -> list[Notifier]:
    """Whoever sends notices: nobody in a sandbox, where people have their own lists alone."""
    return [] if settings.sandbox else [Notifier(door, channels_of(settings))]


def clock() -> None:
    """Enforce what has passed, every second, until it is stopped, and send notices. Several clocks at once are safe.

    Where SUPERVISION_FILING_FOLDER or SUPERVISION_FILING_WEBHOOK_URL is set, final records are handed over as well.
    """
    settings = settings_or_stop()
    door = door_or_stop(settings)
    beside: list[StoppableThread] = [*filers(settings, door), *notifiers(settings, door)]
    for one in beside:
        one.start()
    try:
        Clock(door).run()
    finally:
        for one in beside:
            one.stop()


def work() -> None:
    """Share the clock's work in another process: enforce what has passed, every second, until it is stopped.

    Any number of workers and clocks is safe. There are no queues yet, so that this is all that a worker does.
    """
    clock()


def migrate() -> None:
    """Bring the database to the tables of this version, all or nothing."""
    settings = settings_or_stop()
    _migrate(settings)
    console.print("The database is up to date.")


def _migrate(settings: Settings) -> None:
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    try:
        migrate_database(settings)
    except (RoleMissingError, WrongDatabaseError) as error:
        raise stop(str(error)) from None
