"""Weather: what goes wrong in a database without anybody's fault, and goes well when it is tried again."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

#: PostgreSQL's codes: serialization failure, deadlock found, lock not available.
CONFLICTS = frozenset({"40001", "40P01", "55P03"})
#: Classes of its codes: no connection, not enough of something (disk, memory, connections), an operator stepped in.
_AWAY = ("08", "53", "57")


def is_conflict(error: BaseException) -> bool:
    """Whether another transaction was quicker: worth trying at once."""
    return _code(error) in CONFLICTS


def is_weather(error: BaseException) -> bool:
    """Whether it is nobody's fault: a conflict, a lost connection, a server that is away or full. Tried again later."""
    if not isinstance(error, DBAPIError):
        return False
    code = _code(error)
    if code is not None:
        return code in CONFLICTS or code.startswith(_AWAY)
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)


def _code(error: BaseException) -> str | None:
    found: str | None = getattr(getattr(error, "orig", None), "sqlstate", None)
    return found
