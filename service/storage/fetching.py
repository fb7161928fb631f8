"""Reading rows on the hot path: on PostgreSQL a statement is made once, and its rows are the driver's own.

SQLAlchemy reads a statement's values, its columns and their types anew each time, which for one wide row costs more
than all the rest of a move (docs/decisions/0007).
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func
from sqlalchemy.dialects import postgresql

from service.storage.postgres import fetch_raw

_dialect = postgresql.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call] # SQLAlchemy's own


@dataclass(frozen=True, slots=True)
class _Made:
    """A statement as the server takes it, with its values in order: by name, or fixed in the statement itself."""

    sql: bytes
    names: tuple[str, ...]
    fixed: Mapping[str, Any]
    row: Callable[[Sequence[Any]], Any]


def fetch(connection: Connection, query: Select[Any], values: Mapping[str, Any]) -> Sequence[Any]:
    """The rows of a statement that is kept by its maker, so that it is made once; for lists see `one_of`."""
    if connection.dialect.name != "postgresql":
        return connection.execute(query, values).all()
    made = _made(query, frozenset(values))
    given = {**made.fixed, **values}
    bound = [given[name] for name in made.names]
    return [made.row(row) for row in fetch_raw(connection, made.sql, bound)]


def one_of(column: ColumnElement[Any], name: str, dialect: str) -> ColumnElement[bool]:
    """Whether a column's value is in the list that a statement is executed with under this name."""
    if dialect == "postgresql":
        return column == func.any(bindparam(name, type_=postgresql.ARRAY(column.type)))
    return column.in_(bindparam(name, expanding=True))


@lru_cache(256)
def _made(query: Select[Any], named: frozenset[str]) -> _Made:
    made = query.compile(dialect=_dialect).construct_expanded_state(dict.fromkeys(named))
    columns = [column.name for column in query.selected_columns]
    row: Any = namedtuple("Row", columns)  # type: ignore[misc]  # noqa: PYI024 - its fields are the statement's own
    return _Made(made.statement.encode(), tuple(made.positiontup or ()), made.parameters, row._make)
