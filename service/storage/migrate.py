"""Brings a database to the tables that this version of the code needs, and lets the service in."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import make_url, text
from sqlalchemy.exc import IntegrityError

from service.storage.connection import owner_transaction
from service.storage.postgres import APP_ROLE
from service.storage.sandbox_mark import mark_database

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from service.settings import Settings

_SCRIPTS = Path(__file__).parent / "migrations"
#: Two processes that start together migrate one after the other: an arbitrary number that nothing else locks.
_LOCK = 7_319_004_482
#: From PostgreSQL 16 a member may lack the right to become the role.
_SET_IS_A_RIGHT = (16,)


def migrate(settings: Settings) -> None:
    """Migrate the database of these settings, all or nothing, and mark it when it is new.

    Raises WrongDatabaseError where it was made with another SUPERVISION_SANDBOX, and DBAPIError where the owner may
    not create roles: then an administrator of the server runs `CREATE ROLE supervision_app NOLOGIN` beforehand.
    """
    with owner_transaction(settings.migrate_database_url or settings.database_url) as connection:
        on_a_server = connection.dialect.name == "postgresql"
        if on_a_server:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        command.upgrade(_config(connection), "head")
        mark_database(connection, sandbox=settings.sandbox)
        if on_a_server:
            _let_in(connection, make_url(settings.database_url).username)


def is_current(engine: Engine) -> bool:
    """Whether the database has the tables that this version of the code needs, no fewer and no more."""
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_heads()
        return set(found) == set(ScriptDirectory.from_config(_config(connection)).get_heads())


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config


def _let_in(connection: Connection, login: str | None) -> None:
    """Let whoever the service logs in as take its role; somebody without a name in the URL is who migrates."""
    login = login or connection.execute(text("SELECT session_user")).scalar_one()
    right = "SET" if (connection.dialect.server_version_info or ()) >= _SET_IS_A_RIGHT else "MEMBER"
    asked = text("SELECT pg_has_role(:login, :role, :right)")
    if connection.execute(asked, {"login": login, "role": APP_ROLE, "right": right}).scalar_one():
        return
    who = connection.dialect.identifier_preparer.quote(login)
    with suppress(IntegrityError), connection.begin_nested():  # memberships are the whole server's: see 0002
        connection.execute(text(f"GRANT {APP_ROLE} TO {who}"))
