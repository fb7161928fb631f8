"""Writing a transaction's rows: one statement for a few of them on PostgreSQL, arrays for many, row by row on SQLite.

Measured with full history on two cores: PostgreSQL takes 4,000 to 6,000 steps a second row by row, and 15,000 to 27,000
through `unnest`; a single move spends most of its time on round trips (docs/decisions/0006).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any

from msgspec import Struct, field
from sqlalchemy import JSON, Connection, Insert, Table, Update, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite

from service.storage.postgres import execute_raw
from service.storage.sqlite_values import DIALECT, Turn, to_text, turned_places, written_by

#: From how many rows on arrays are quicker than values.
MANY = 24
_dialect = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy's own
_quote = _dialect.identifier_preparer.quote


class Added(Struct, frozen=True):
    """Rows to insert, each with every column of its table.

    Of rows that are there already, the columns `moved` are changed alone; with `if_new` they stay as they are.
    """

    table: Table
    rows: Sequence[dict[str, Any]]
    moved: tuple[str, ...] = ()
    if_new: bool = False


class Written(Struct, frozen=True):
    """How many changed rows were still in the version that was read, and how many `if_new` ones were new, by table."""

    changed: int
    new: dict[str, int]
    #: Whether the row that had to be as it was read is so.
    as_read: bool = True


class Changed(Struct, frozen=True):
    """Rows to write over the versions that were `read`, all columns but the `fixed` ones."""

    table: Table
    rows: Sequence[dict[str, Any]]
    read: Sequence[int]
    fixed: frozenset[str] = field(default_factory=frozenset)


class AsRead(Struct, frozen=True):
    """A row that must still have the values that were read, and keeps them until the transaction ends."""

    table: Table
    values: dict[str, Any]


def write_sets(
    connection: Connection, changed: Changed, added: Sequence[Added], as_read: AsRead | None = None
) -> Written:
    """Write everything in the order of the tables, and say what was found otherwise.

    Where nothing is written, and on SQLite, whose one writer reads what nobody changes, everything is as it was read.
    """
    parts = [part for part in added if part.rows]
    if connection.dialect.name != "postgresql":
        return _one_by_one(connection, changed, parts)
    if len(changed.rows) + sum(len(part.rows) for part in parts) < MANY:
        return _together(connection, changed, parts, as_read)
    return _as_arrays(connection, changed, parts, as_read)


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """Insert the rows that are not there yet; how many there were."""
    return write_sets(connection, Changed(table, (), ()), [Added(table, rows, if_new=True)]).new.get(table.name, 0)


# -- SQLite
def _one_by_one(connection: Connection, changed: Changed, added: Sequence[Added]) -> Written:
    done, new = 0, {}
    if changed.rows:
        made = _made_update(changed.table, changed.fixed)
        rows = (row | {"read_version": read} for row, read in zip(changed.rows, changed.read, strict=True))
        done = _executed(connection, made, rows)
    for part in added:
        count = _executed(connection, _made_insert(part.table, part.moved, if_new=part.if_new), part.rows)
        if part.if_new:
            new[part.table.name] = count
    return Written(done, new)


class _Made(Struct, frozen=True):
    """A statement with what takes its cells out of a row, and where they are turned into SQLite's values."""

    sql: str
    cells: Callable[[dict[str, Any]], tuple[Any, ...]]
    turned: tuple[tuple[int, Turn], ...]

    def values(self, row: dict[str, Any]) -> list[Any]:
        """A row's values in the statement's order."""
        found = list(self.cells(row))
        for place, turn in self.turned:
            found[place] = turn(found[place])
        return found


def _executed(connection: Connection, made: _Made, rows: Iterable[dict[str, Any]]) -> int:
    """How many rows were touched."""
    return connection.exec_driver_sql(made.sql, [tuple(made.values(row)) for row in rows]).rowcount


@cache
def _made_insert(table: Table, moved: tuple[str, ...], *, if_new: bool) -> _Made:
    statement = sqlite.insert(table)
    if if_new:
        statement = statement.on_conflict_do_nothing()
    elif moved:
        key = [column.name for column in table.primary_key]
        changes = {name: statement.excluded[name] for name in moved}
        statement = statement.on_conflict_do_update(index_elements=key, set_=changes)
    return _made(statement, table)


@cache
def _made_update(table: Table, fixed: frozenset[str]) -> _Made:
    same = [table.c[name] == bindparam(name) for name in ("organisation_id", "id")]
    as_read = table.c.version == bindparam("read_version")
    values: dict[str, Any] = {c.name: bindparam(c.name) for c in table.c if c.name not in fixed}
    return _made(update(table).where(*same, as_read).values(values), table)


def _made(statement: Insert | Update, table: Table) -> _Made:
    compiled = statement.compile(dialect=DIALECT)
    # Every value is a column of the row, but for the version that was read, which is a number as it is.
    kinds = {column.name: column.type for column in table.c}
    names = compiled.positiontup or ()
    turned = turned_places(written_by(kinds[name]) if name in kinds else None for name in names)
    return _Made(str(compiled), itemgetter(*names), turned)


# -- PostgreSQL: a few rows in one statement
#: How many rows of a table, and whether and how those that are there are moved.
_Part = tuple[Table, int, tuple[str, ...], bool]
#: The table of the row that must be as it was read, and the names of the values that were.
_Same = tuple[Table, tuple[str, ...]]
#: What is counted besides the new rows of tables.
_CHANGED, _AS_READ = "", "as read"


def _together(connection: Connection, changed: Changed, added: Sequence[Added], as_read: AsRead | None) -> Written:
    """One statement of common table expressions, in one round trip."""
    parts = tuple((part.table, len(part.rows), part.moved, part.if_new) for part in added)
    if not (changed.rows or parts):
        return Written(0, {})
    same = as_read and (as_read.table, tuple(as_read.values))
    statement, counted = _one_statement(changed.table, len(changed.rows), changed.fixed, parts, same)
    rows = (_cells(changed.table, row) for row in changed.rows)
    values = list(chain.from_iterable((*row, read) for row, read in zip(rows, changed.read, strict=True)))
    for part in added:
        values += chain.from_iterable(_cells(part.table, row) for row in part.rows)
    values += as_read.values.values() if as_read else ()
    found = dict(zip(counted, execute_raw(connection, statement, values).first or (), strict=False))
    return Written(found.pop(_CHANGED, 0), found, bool(found.pop(_AS_READ, 1)))


@lru_cache(512)
def _one_statement(
    changed: Table,
    rows: int,
    fixed: frozenset[str],
    parts: tuple[_Part, ...],
    same: _Same | None,
) -> tuple[bytes, tuple[str, ...]]:
    """The statement, and what it counts: tables whose new rows are counted, the changed rows, and the one as read."""
    written: list[tuple[str, str | None]] = []
    if rows:
        written.append((f"{_update_sql(changed, fixed, _values(changed, rows, more=True))} RETURNING 1", _CHANGED))
    for table, count, moved, if_new in parts:
        sql = _insert_sql(table, moved, _values(table, count), if_new=if_new)
        written.append((f"{sql} RETURNING 1", table.name if if_new else None))
    if same is not None:
        written.append((_as_read_sql(*same), _AS_READ))
    named = ", ".join(f"w{number} AS ({sql})" for number, (sql, _) in enumerate(written))
    counted = {number: name for number, (_, name) in enumerate(written) if name is not None}
    counts = ", ".join(f"(SELECT count(*) FROM w{number})" for number in counted) or "0"  # noqa: S608 - numbers
    return _numbered(f"WITH {named} SELECT {counts}"), tuple(counted.values())


@lru_cache(512)
def _numbered(sql: str) -> bytes:
    """The same statement with $1, $2 … in place of its %s, as the driver takes it."""
    pieces = sql.split("%s")
    return (pieces[0] + "".join(f"${number}{piece}" for number, piece in enumerate(pieces[1:], 1))).encode()


def _json(value: Any) -> str | None:  # noqa: ANN401 - whatever a column keeps
    return None if value is None else to_text(value)


def _cells(table: Table, row: dict[str, Any]) -> list[Any]:
    """A row's values in the order of the table's columns, JSON as its text."""
    cells, as_json = _taken(table)
    found = list(cells(row))
    for place in as_json:
        if found[place] is not None:
            found[place] = to_text(found[place])
    return found


@cache
def _taken(table: Table) -> tuple[Callable[[dict[str, Any]], tuple[Any, ...]], tuple[int, ...]]:
    """What takes the cells out of a row, and at which places there is JSON."""
    columns = _columns(table)
    names = [name for name, _, _, _ in columns]
    return itemgetter(*names), tuple(place for place, (_, _, _, is_json) in enumerate(columns) if is_json)


@cache
def _values(table: Table, rows: int, *, more: bool = False) -> str:
    """Rows as values under the columns' own names; `more` adds the version that was read."""
    cells = [f"%s::{'text' if is_json else kind}" for _, _, kind, is_json in _columns(table)]
    row = ", ".join([*cells, "%s::integer"] if more else cells)
    return f"(VALUES {', '.join([f'({row})'] * rows)}) AS v({_names(table, more=more)})"


# -- PostgreSQL: many rows as arrays
def _as_arrays(connection: Connection, changed: Changed, added: Sequence[Added], as_read: AsRead | None) -> Written:
    """One statement for each table, with an array for each column."""
    done, new = 0, {}
    if changed.rows:
        sql = _update_sql(changed.table, changed.fixed, _unnested(changed.table, more=True))
        parameters = (*_arrays(changed.table, changed.rows), list(changed.read))
        done = execute_raw(connection, _numbered(sql), parameters).rowcount
    for part in added:
        sql = _insert_sql(part.table, part.moved, _unnested(part.table), if_new=part.if_new)
        found = execute_raw(connection, _numbered(sql), _arrays(part.table, part.rows))
        if part.if_new:
            new[part.table.name] = found.rowcount
    return Written(done, new, as_read is None or _is_as_read(connection, as_read))


def _is_as_read(connection: Connection, as_read: AsRead) -> bool:
    sql = _numbered(_as_read_sql(as_read.table, tuple(as_read.values)))
    return execute_raw(connection, sql, list(as_read.values.values())).rowcount == 1


def _arrays(table: Table, rows: Sequence[dict[str, Any]]) -> list[list[Any]]:
    """The rows column by column, JSON as its text."""
    found = []
    for name, _, _, is_json in _columns(table):
        values = [row[name] for row in rows]
        found.append([_json(value) for value in values] if is_json else values)
    return found


@cache
def _unnested(table: Table, *, more: bool = False) -> str:
    """The arrays as rows again, under the columns' own names."""
    arrays = ", ".join(f"%s::{'text' if is_json else kind}[]" for _, _, kind, is_json in _columns(table))
    return f"unnest({arrays}{', %s::integer[]' if more else ''}) AS v({_names(table, more=more)})"


# -- the statements around them
@cache
def _columns(table: Table) -> tuple[tuple[str, str, str, bool], ...]:
    """Each column's name, its quoted name, its type, and whether it is JSON."""
    return tuple((c.name, _quote(c.name), c.type.compile(dialect=_dialect), isinstance(c.type, JSON)) for c in table.c)


@cache
def _names(table: Table, *, more: bool = False) -> str:
    return ", ".join([quoted for _, quoted, _, _ in _columns(table)] + (["read_version"] if more else []))


@cache
def _as_read_sql(table: Table, names: tuple[str, ...]) -> str:
    kinds = {name: (quoted, kind) for name, quoted, kind, _ in _columns(table)}
    same = " AND ".join("{} = %s::{}".format(*kinds[name]) for name in names)
    return f"SELECT 1 FROM {table.name} WHERE {same} FOR SHARE"  # noqa: S608 - our own names


@cache
def _insert_sql(table: Table, moved: tuple[str, ...], source: str, *, if_new: bool) -> str:
    values = ", ".join(f"v.{name}::jsonb" if is_json else f"v.{name}" for _, name, _, is_json in _columns(table))
    sql = f"INSERT INTO {table.name} ({_names(table)}) SELECT {values} FROM {source}"  # noqa: S608 - our own names
    if if_new:
        return f"{sql} ON CONFLICT DO NOTHING"
    if not moved:
        return sql
    key = ", ".join(column.name for column in table.primary_key)
    return f"{sql} ON CONFLICT ({key}) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in moved)}"


@cache
def _update_sql(table: Table, fixed: frozenset[str], source: str) -> str:
    changes = ", ".join(
        f"{quoted} = v.{quoted}{'::jsonb' if is_json else ''}"
        for name, quoted, _, is_json in _columns(table)
        if name not in fixed
    )
    return (
        f"UPDATE {table.name} AS t SET {changes} FROM {source} "  # noqa: S608 - our own names
        "WHERE t.organisation_id = v.organisation_id AND t.id = v.id AND t.version = v.read_version"
    )
