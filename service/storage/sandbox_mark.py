"""The mark that makes a database a sandbox's or not, for as long as it lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from service.storage.council_tables import marks

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_VALUES = {True: "yes", False: "no"}
_MARK = select(marks.c.value).where(marks.c.name == "sandbox")


class WrongDatabaseError(Exception):
    """The database is a sandbox and this process is not to be one, or the other way round."""


def mark_database(connection: Connection, *, sandbox: bool) -> None:
    """Mark a new database; refuse one that was made as something else. Raises WrongDatabaseError."""
    mark = connection.execute(_MARK).scalar_one_or_none()
    if mark is None:
        connection.execute(insert(marks).values(name="sandbox", value=_VALUES[sandbox]))
    else:
        _compare(mark, sandbox=sandbox)


def check_sandbox(engine: Engine, *, sandbox: bool) -> None:
    """Refuse to work on a migrated database that was made as something else. Raises WrongDatabaseError."""
    with engine.connect() as connection:
        _compare(connection.execute(_MARK).scalar_one_or_none(), sandbox=sandbox)


def _compare(mark: str | None, *, sandbox: bool) -> None:
    if mark != _VALUES[sandbox]:
        made_as = "a sandbox" if mark == _VALUES[True] else "no sandbox"
        raise WrongDatabaseError(
            f"This database was made as {made_as}, but SUPERVISION_SANDBOX is {int(sandbox)}. "
            f"Set SUPERVISION_SANDBOX={int(not sandbox)}, or name another SUPERVISION_DATABASE_URL."
        )
