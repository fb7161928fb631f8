"""Which revision of the tables a database has, and which this version of the code needs.

Read without Alembic, which is slow to import and needed only where something is to be migrated.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import String, column, inspect, select, table

from service.storage.council_tables import marks

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

SCRIPTS = Path(__file__).parent / "migrations"
#: The mark of the oldest revision whose code works on the tables that are there.
SERVES = "serves"
#: Alembic's own.
_VERSION_TABLE = table("alembic_version", column("version_num", String))


def newest() -> str:
    """The revision that the migrations lead to: their files are named after their revisions, which follow in line."""
    return max(path.name.partition("_")[0] for path in (SCRIPTS / "versions").glob("[0-9]*.py"))


def revision_of(connection: Connection) -> str | None:
    """The revision of a database; None before its first migration."""
    if not inspect(connection).has_table(_VERSION_TABLE.name):
        return None
    return connection.execute(select(_VERSION_TABLE.c.version_num)).scalar_one_or_none()


def is_current(engine: Engine) -> bool:
    """Whether the database has the tables that this version of the code needs.

    It may have those of a newer version that says that they serve this one too: while processes are exchanged one by
    one, old ones go on and start again beside new ones.
    """
    with engine.connect() as connection:
        found, own = revision_of(connection), newest()
        return found == own or (found is not None and found > own and (_serves(connection) or found) <= own)


def _serves(connection: Connection) -> str | None:
    return connection.execute(select(marks.c.value).where(marks.c.name == SERVES)).scalar_one_or_none()
