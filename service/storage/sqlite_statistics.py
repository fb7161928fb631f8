"""What SQLite's planner is to believe of the tables.

Left to itself it takes an organisation for a handful of rows, and reads all of it in the order of its ids rather than
looking somebody's matters up. A trial grows from nothing, so that counting what is there would come too early.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: Rows of one organisation, and how many of them share a value: that of a column of few values, a person, or an id.
_OF_AN_ORGANISATION = 50_000
_FEW_VALUES = frozenset({"workflow", "state", "kind", "status", "holder_role"})
_VALUES, _OF_A_PERSON, _OF_AN_ID = 8, 50, 4
_INDEXES = """
    SELECT t.name, i.name, i."unique", group_concat(c.name, ' ')
      FROM sqlite_schema AS t, pragma_index_list(t.name) AS i, pragma_index_info(i.name) AS c
     WHERE t.type = 'table' GROUP BY t.name, i.name, i."unique"
"""


def tell_the_planner(connection: Connection) -> None:
    """Write down what is believed of every index of an organisation's rows; connections that open now read it."""
    connection.exec_driver_sql("PRAGMA analysis_limit=1")
    connection.exec_driver_sql("ANALYZE")
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    for table, index, is_unique, columns in connection.exec_driver_sql(_INDEXES).all():
        first, *further = columns.split()
        if first == "organisation_id":
            believed = _believed(further, is_unique=bool(is_unique))
            connection.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", (table, index, believed))


def _believed(further: list[str], *, is_unique: bool) -> str:
    """Rows in all, and then how many share one value of the first column, of the first two, and so on."""
    found = [_OF_AN_ORGANISATION, _OF_AN_ORGANISATION]
    for column in further:
        if column in _FEW_VALUES:
            found.append(max(found[-1] // _VALUES, 1))
        else:
            found.append(min(found[-1], _OF_AN_ID if column.endswith("id") else _OF_A_PERSON))
    if is_unique:
        found[-1] = 1
    return " ".join(map(str, found))
