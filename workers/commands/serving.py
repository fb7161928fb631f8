"""`supervision serve`, `clock`, `work` and `migrate`: the processes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from sqlalchemy import make_url

from service.app import app_for
from service.settings import Settings
from service.storage.migrate import RoleMissingError
from service.storage.migrate import migrate as migrate_database
from service.storage.sandbox_mark import WrongDatabaseError
from workers.clock import Clock
from workers.commands.surroundings import console, door_or_stop, settings_or_stop, stop


def serve(
    host: Annotated[
        str | None, typer.Option(help="Where to listen; 127.0.0.1 unless SUPERVISION_HOST says otherwise.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="The port; 8000 unless SUPERVISION_PORT says otherwise.")] = None,
) -> None:
    """Serve the HTTP routes, and keep time in the same process while there is no Redis.

    Without any setting this is the trial: a database of its own below ./var, under a clock that people move.
    """
    settings = settings_or_stop()
    if make_url(settings.database_url).get_backend_name() == "sqlite":
        _migrate(settings)
    door = door_or_stop(settings)
    clock = Clock(door)
    if settings.redis_url is None:
        clock.start()
    try:
        uvicorn.run(
            app_for(settings, door), host=host or settings.host, port=settings.port if port is None else port,
            log_level="warning", access_log=False,
        )  # fmt: skip
    finally:
        clock.stop()


def clock() -> None:
    """Enforce what has passed, every second, until it is stopped. Several clocks at once are safe."""
    Clock(door_or_stop(settings_or_stop())).run()


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
