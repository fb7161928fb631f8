"""Reading rows on the hot path: a statement is made once, and what it gives is turned into our values by us.

SQLAlchemy reads a statement's values, its columns and their types anew each time, which for one wide row costs more
than all the rest of a move (docs/decisions/0007).
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select
from sqlalchemy.dialects import postgresql

from service.storage.postgres import fetch_raw
from service.storage.sqlite_values import DIALECT, bound, read_by

_POSTGRES = postgresql.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call] # SQLAlchemy's own


@dataclass(frozen=True, slots=True)
class _Made:
    """A statement as the server takes it, with its values in order: by name, or fixed in the statement itself."""

    sql: str
    encoded: bytes
    names: tuple[str, ...]
    fixed: Mapping[str, Any]
    row: Callable[[Sequence[Any]], Any]
    #: What makes our value of SQLite's, for each column; None where it is the same.
    read_by: tuple[Callable[[Any], Any] | None, ...]


def fetch(connection: Connection, query: Select[Any], values: Mapping[str, Any]) -> Sequence[Any]:
    """The rows of a statement that is kept by its maker, so that it is made once; for lists see `one_of`."""
    dialect = connection.dialect.name
    made = _made(query, frozenset(values), dialect)
    given = {**made.fixed, **values}
    if dialect == "postgresql":
        return [made.row(row) for row in fetch_raw(connection, made.encoded, [given[name] for name in made.names])]
    found = connection.exec_driver_sql(made.sql, tuple(bound(given[name]) for name in made.names))
    return [
        made.row(
            [value if of is None or value is None else of(value) for of, value in zip(made.read_by, row, strict=True)]
        )
        for row in found.cursor.fetchall()
    ]


def one_of(column: ColumnElement[Any], name: str, dialect: str) -> ColumnElement[bool]:
    """Whether a column's value is in the list that a statement is executed with under this name."""
    if dialect == "postgresql":
        return column == func.any(bindparam(name, type_=postgresql.ARRAY(column.type)))
    return column.in_(select(func.json_each(bindparam(name)).table_valued("value").c.value))


@lru_cache(512)
def _made(query: Select[Any], named: frozenset[str], dialect: str) -> _Made:
    compiled = query.compile(dialect=_POSTGRES if dialect == "postgresql" else DIALECT)
    made = compiled.construct_expanded_state(dict.fromkeys(named))
    columns = list(query.selected_columns)
    row: Any = namedtuple("Row", [column.name for column in columns])  # type: ignore[misc]  # noqa: PYI024 - its fields are the statement's own
    names, of = tuple(made.positiontup or ()), tuple(read_by(column.type) for column in columns)
    return _Made(made.statement, made.statement.encode(), names, made.parameters, row._make, of)
