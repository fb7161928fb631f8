"""Writing many rows at once: on PostgreSQL as arrays in one statement, elsewhere as one statement for each row.

Measured with full history on two cores: PostgreSQL takes 4,000 to 6,000 steps a second row by row, and 15,000 to 27,000
through `unnest` (docs/decisions/0006). A handful of rows goes row by row on both, which is quicker then.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import JSON, Connection, Insert, Table, bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite

#: From how many rows on arrays are quicker than statements.
MANY = 16
_dialect = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy's own
_INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that have every column of the table."""
    if not rows:
        return
    if _as_arrays(connection, rows):
        connection.exec_driver_sql(_insert_sql(table, ()), _arrays(table, rows))
    else:
        connection.execute(_insert(table), list(rows))


def insert_or_move(
    connection: Connection, table: Table, rows: Sequence[dict[str, Any]], moved: tuple[str, ...]
) -> None:
    """Insert rows; of those that are there already change the columns `moved` alone."""
    if not rows:
        return
    if _as_arrays(connection, rows):
        connection.exec_driver_sql(_insert_sql(table, moved), _arrays(table, rows))
        return
    connection.execute(_upsert(connection.dialect.name, table, moved), list(rows))


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """Insert the rows that are not there yet; how many there were."""
    if not rows:
        return 0
    return connection.execute(_insert_new(connection.dialect.name, table), list(rows)).rowcount


def update_versions(
    connection: Connection, table: Table, rows: Sequence[dict[str, Any]], read: Sequence[int], fixed: frozenset[str]
) -> int:
    """Write rows over the versions that were read, all columns but the `fixed` ones; how many were still those."""
    if not rows:
        return 0
    if _as_arrays(connection, rows):
        parameters = [*_arrays(table, rows), list(read)]
        return connection.exec_driver_sql(_update_sql(table, fixed), tuple(parameters)).rowcount
    ready = [_renamed(row, version, fixed) for row, version in zip(rows, read, strict=True)]
    return connection.execute(_update(table, fixed), ready).rowcount


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


@cache
def _upsert(dialect: str, table: Table, moved: tuple[str, ...]) -> Insert:
    statement = _INSERTS[dialect](table)
    changes = {name: statement.excluded[name] for name in moved}
    key = [column.name for column in table.primary_key]
    found: Insert = statement.on_conflict_do_update(index_elements=key, set_=changes)
    return found


@cache
def _insert_new(dialect: str, table: Table) -> Insert:
    """`preserve_rowcount`: only so does PostgreSQL's driver say how many rows there were."""
    found: Insert = _INSERTS[dialect](table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return found


def _as_arrays(connection: Connection, rows: Sequence[dict[str, Any]]) -> bool:
    return len(rows) >= MANY and connection.dialect.name == "postgresql"


def _renamed(row: dict[str, Any], version: int, fixed: frozenset[str]) -> dict[str, Any]:
    values = {name: value for name, value in row.items() if name not in fixed}
    return {**values, "own": row["organisation_id"], "same_id": row["id"], "read_version": version}


@cache
def _update(table: Table, fixed: frozenset[str]) -> Any:  # noqa: ANN401 - a statement
    return (
        update(table)
        .where(
            table.c.organisation_id == bindparam("own"),
            table.c.id == bindparam("same_id"),
            table.c.version == bindparam("read_version"),
        )
        .values({c.name: bindparam(c.name) for c in table.c if c.name not in fixed})
    )


def _arrays(table: Table, rows: Sequence[dict[str, Any]]) -> tuple[list[Any], ...]:
    """The rows column by column, JSON as its text."""
    found = []
    for column in table.c:
        values = [row[column.name] for row in rows]
        if isinstance(column.type, JSON):
            values = [None if value is None else json.dumps(value) for value in values]
        found.append(values)
    return tuple(found)


def _column_types(table: Table) -> list[tuple[str, str, bool]]:
    """Each column's quoted name, its type, and whether it is JSON."""
    quote = _dialect.identifier_preparer.quote
    return [(quote(c.name), c.type.compile(dialect=_dialect), isinstance(c.type, JSON)) for c in table.c]


def _unnested(table: Table, more: str = "") -> str:
    """The arrays as rows again, under the columns' own names."""
    columns = _column_types(table)
    arrays = ", ".join(f"%s::{'text' if is_json else kind}[]" for _, kind, is_json in columns)
    names = ", ".join(name for name, _, _ in columns)
    return f"unnest({arrays}{', %s::integer[]' if more else ''}) AS v({names}{more})"


@cache
def _insert_sql(table: Table, moved: tuple[str, ...]) -> str:
    columns = _column_types(table)
    names = ", ".join(name for name, _, _ in columns)
    values = ", ".join(f"v.{name}::jsonb" if is_json else f"v.{name}" for name, _, is_json in columns)
    sql = f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {_unnested(table)}"  # noqa: S608 - our own names
    if not moved:
        return sql
    key = ", ".join(column.name for column in table.primary_key)
    changes = ", ".join(f"{name} = excluded.{name}" for name in moved)
    return f"{sql} ON CONFLICT ({key}) DO UPDATE SET {changes}"


@cache
def _update_sql(table: Table, fixed: frozenset[str]) -> str:
    quote = _dialect.identifier_preparer.quote
    changes = ", ".join(
        f"{name} = v.{name}{'::jsonb' if is_json else ''}"
        for name, _, is_json in _column_types(table)
        if name not in {quote(f) for f in fixed}
    )
    return (
        f"UPDATE {table.name} AS t SET {changes} FROM {_unnested(table, ', read_version')} "  # noqa: S608 - our own names
        "WHERE t.organisation_id = v.organisation_id AND t.id = v.id AND t.version = v.read_version"
    )
