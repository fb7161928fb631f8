"""What every command needs first: settings that fit, a migrated database, and the door to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import typer
from pydantic import ValidationError
from rich.console import Console
from sqlalchemy import Connection, select
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError

from service.engine.door import Door
from service.logs import set_up_logs
from service.settings import Settings, vault_of
from service.storage.connection import Database, make_engine, owner_transaction
from service.storage.council_tables import organisations
from service.storage.revisions import is_current
from service.storage.sandbox_mark import WrongDatabaseError, check_sandbox
from service.watching.tracing import TracingMissingError, set_up_tracing
from workflows.registry import states_of

console = Console()
errors = Console(stderr=True)


def settings_or_stop(process: str | None = None) -> Settings:
    """The settings from the environment; ends the command with what to do where they do not fit.

    A `process` that goes on is traced under its name, where traces are wanted.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        for found in error.errors():
            name = "_".join(str(part) for part in found["loc"]).upper()
            errors.print(f"SUPERVISION_{name}: {found['msg']}", markup=False)
        raise typer.Exit(2) from None
    set_up_logs(settings.log_level)
    if process is not None and settings.otlp_url is not None:
        try:
            set_up_tracing(settings.otlp_url, process)
        except TracingMissingError as error:
            raise stop(str(error)) from None
    return settings


def stop(sentence: str) -> typer.Exit:
    """Say why the command ends, and end it with a failure."""
    errors.print(sentence, markup=False)
    return typer.Exit(1)


def door_or_stop(settings: Settings) -> Door:
    """The door to a migrated database; ends the command where it is not migrated, or is a sandbox and should not be."""
    with answering():
        engine = make_engine(settings.database_url)
        if not is_current(engine):
            raise stop("This database is not migrated: run `supervision migrate` first.")
        check_sandbox(engine, sandbox=settings.sandbox)
    return Door(Database(engine), vault_of(settings))


def process_door_or_stop(settings: Settings) -> Door:
    """The same for a process that goes on; one that would not know what to do with an open matter does not start."""
    door = door_or_stop(settings)
    with answering():
        found = door.database.open_states()
    unknown = sorted(f"{workflow} in {state!r}" for workflow, state in found if state not in states_of(workflow))
    if unknown:
        raise stop(
            f"Matters are open in states that this version of the service does not know: {', '.join(unknown)}. "
            "Start the version that brought them there, or a later one; where none did, `supervision verify` names "
            "them."
        )
    return door


@contextmanager
def owner_or_stop(settings: Settings) -> Iterator[Connection]:
    """A transaction of whoever owns the tables and sees every organisation; ends the command as `answering` does."""
    url = settings.migrate_database_url or settings.database_url
    with answering(owners_setting(settings)), owner_transaction(url) as connection:
        yield connection


def owners_setting(settings: Settings) -> str:
    """The setting that names the database for its owner."""
    return "MIGRATE_DATABASE_URL" if settings.migrate_database_url else "DATABASE_URL"


@contextmanager
def answering(setting: str = "DATABASE_URL") -> Iterator[None]:
    """End the command where the database of a setting is away or is none, or was made as something else."""
    named = f"The database that SUPERVISION_{setting} names"
    try:
        yield
    except WrongDatabaseError as error:
        raise stop(str(error)) from None
    except OSError as error:
        raise stop(f"{named} cannot be made: {error.strerror}.") from None
    except (DataError, IntegrityError):
        raise
    except DatabaseError as error:
        raise stop(f"{named} does not answer: {error.orig}") from None


def organisation_or_stop(door: Door, organisation: UUID) -> UUID:
    """The organisation, if there is one of this id; ends the command otherwise."""
    with door.database.read(organisation) as connection:
        known = connection.execute(select(organisations.c.id).where(organisations.c.id == organisation)).first()
    if known is None:
        raise stop(f"There is no organisation {organisation} in this database.")
    return organisation
