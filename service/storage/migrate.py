"""Brings a database to the tables that this version of the code needs, and lets the service in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, make_url, text
from sqlalchemy.exc import ProgrammingError

from service.storage.connection import owner_transaction
from service.storage.council_tables import marks
from service.storage.postgres import APP_ROLE
from service.storage.revisions import SCRIPTS, SERVES, newest, revision_of
from service.storage.sandbox_mark import mark_database
from service.storage.sqlite_statistics import tell_the_planner

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from service.settings import Settings

#: The oldest revision whose code works on the newest tables. A migration that takes something away or changes what it
#: means is of a later version than the code that does without, and raises this.
OLDEST_SERVED = "0010"
#: Two processes that start together migrate one after the other: an arbitrary number that nothing else locks.
_LOCK = 7_319_004_482
#: From PostgreSQL 16 a member may lack the right to become the role.
_SET_IS_A_RIGHT = (16,)
#: Roles belong to the whole server, where another database may be migrated at this moment.
_MAKE_ROLE = f"""
    DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
            CREATE ROLE {APP_ROLE} NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$
"""


class NotReadyError(Exception):
    """The server's administrator has to prepare the database first."""


class RoleMissingError(NotReadyError):
    """The service's role cannot be made, or given to its login, by whoever owns the database."""


class EncodingError(NotReadyError):
    """The database cannot keep every name that there is."""


def migrate(settings: Settings) -> None:
    """Migrate the database of these settings, all or nothing, and mark it when it is new.

    Raises WrongDatabaseError where it was made with another SUPERVISION_SANDBOX, NotReadyError where the server's
    administrator has to help, and sqlalchemy.exc.DBAPIError where the database is away or refuses.
    """
    with owner_transaction(settings.migrate_database_url or settings.database_url) as connection:
        if connection.dialect.name == "postgresql":
            _check_encoding(connection)
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            _let_in(connection, make_url(settings.database_url).username)
        if revision_of(connection) != newest():
            _upgrade(connection)
        if connection.dialect.name == "sqlite":
            tell_the_planner(connection)
        mark_database(connection, sandbox=settings.sandbox)
        connection.execute(delete(marks).where(marks.c.name == SERVES))
        connection.execute(insert(marks).values(name=SERVES, value=OLDEST_SERVED))


def _check_encoding(connection: Connection) -> None:
    encoding = connection.execute(text("SELECT current_setting('server_encoding')")).scalar_one()
    if encoding != "UTF8":
        raise EncodingError(
            f"This database is encoded in {encoding}, which does not keep every name. Ask an administrator of the "
            "server for one that does: CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8';"
        )


def _upgrade(connection: Connection) -> None:
    # Slow to import, and mostly there is nothing to do.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    command.upgrade(config, "head")


def _let_in(connection: Connection, login: str | None) -> None:
    """Make the service's role, and let its login take it; without a name in the URL that is who migrates."""
    login = login or connection.execute(text("SELECT session_user")).scalar_one()
    who = connection.dialect.identifier_preparer.quote(login)
    right = "SET" if (connection.dialect.server_version_info or ()) >= _SET_IS_A_RIGHT else "MEMBER"
    may_take = text("SELECT pg_has_role(:login, :role, :right)")
    try:
        connection.execute(text(_MAKE_ROLE))
        if not connection.execute(may_take, {"login": login, "role": APP_ROLE, "right": right}).scalar_one():
            connection.execute(text(f"GRANT {APP_ROLE} TO {who}"))
    except ProgrammingError as refused:
        raise RoleMissingError(
            f"The service needs the role {APP_ROLE}, which the owner of this database may not give to {login}. Ask an "
            f"administrator of the server for: CREATE ROLE {APP_ROLE} NOLOGIN; GRANT {APP_ROLE} TO {who};"
        ) from refused
