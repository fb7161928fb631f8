"""Reading rows on the hot path: a statement is made once, and what it gives is turned into our values by us.

SQLAlchemy reads a statement's values, its columns and their types anew each time, which for one wide row costs more
than all the rest of a move (docs/decisions/0007).
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Dialect, Select, String, TypeDecorator, bindparam, func, select
from sqlalchemy.dialects import postgresql

from service.storage.postgres import fetch_raw
from service.storage.sqlite_values import DIALECT, Turn, as_list, read_by, turned_places, written_by

_POSTGRES = postgresql.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call] # SQLAlchemy's own


class _Made(Struct, frozen=True):
    """A statement as the server takes it, with its values in order: by name, or fixed in the statement itself."""

    sql: str
    encoded: bytes
    names: tuple[str, ...]
    fixed: Mapping[str, Any]
    row: Callable[[Sequence[Any]], Any]
    #: What makes SQLite's value of ours, by name, and ours of SQLite's, by place; what is left out is the same.
    written_by: Mapping[str, Turn]
    read_by: tuple[tuple[int, Turn], ...]


def fetch(connection: Connection, query: Select[Any], values: Mapping[str, Any]) -> Sequence[Any]:
    """The rows of a statement that is kept by its maker, so that it is made once; for lists see `one_of`."""
    dialect = connection.dialect.name
    made = _made(query, frozenset(values), dialect)
    if dialect == "postgresql":
        given = {**made.fixed, **values}
        return [made.row(row) for row in fetch_raw(connection, made.encoded, [given[name] for name in made.names])]
    given = {**made.fixed, **{name: _turned(made.written_by.get(name), value) for name, value in values.items()}}
    found = connection.exec_driver_sql(made.sql, tuple(given[name] for name in made.names)).cursor.fetchall()
    return [made.row(_read(made.read_by, list(row))) for row in found]


def _read(turns: tuple[tuple[int, Turn], ...], row: list[Any]) -> list[Any]:
    for place, turn in turns:
        if row[place] is not None:
            row[place] = turn(row[place])
    return row


def one_of(column: ColumnElement[Any], name: str, dialect: str) -> ColumnElement[bool]:
    """Whether a column's value is in the list that a statement is executed with under this name."""
    if dialect == "postgresql":
        return column == func.any(bindparam(name, type_=postgresql.ARRAY(column.type)))
    return column.in_(select(func.json_each(bindparam(name, type_=_List())).table_valued("value").c.value))


class _List(TypeDecorator[list[Any]]):
    """A list as SQLite takes it apart."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> str:  # noqa: ARG002 - its form
        """A list as JSON."""
        return as_list(value or ())


def _turned(turn: Turn | None, value: Any) -> Any:  # noqa: ANN401 - whatever a column keeps
    return value if turn is None or value is None else turn(value)


@lru_cache(512)
def _made(query: Select[Any], named: frozenset[str], dialect: str) -> _Made:
    compiled = query.compile(dialect=_POSTGRES if dialect == "postgresql" else DIALECT)
    made = compiled.construct_expanded_state(dict.fromkeys(named))
    columns = list(query.selected_columns)
    row: Any = namedtuple("Row", [column.name for column in columns])  # type: ignore[misc]  # noqa: PYI024 - its fields are the statement's own
    turns: dict[str, Turn] = {}
    fixed = made.parameters
    if dialect == "sqlite":
        turns = {name: turn for name, bind in compiled.binds.items() if (turn := written_by(bind.type)) is not None}
        fixed = {name: _turned(turns.get(name), value) for name, value in fixed.items() if name not in named}
    read = turned_places([read_by(column.type) for column in columns])
    return _Made(
        made.statement, made.statement.encode(), tuple(made.positiontup or ()), fixed, row._make, turns, read
    )  # fmt: skip
