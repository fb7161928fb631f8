"""What every peer does for each deadline: one row is updated and one of history written, and nothing else.

No receipt, no chain, no notice: what a service would do that has its deadlines as messages or jobs.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import LiteralString

import psycopg
from msgspec import Struct

_TABLES: tuple[LiteralString, ...] = (
    "CREATE TABLE due (id int PRIMARY KEY, done boolean NOT NULL DEFAULT false)",
    "CREATE TABLE done (id int, at timestamptz NOT NULL DEFAULT now())",
)
ENFORCE: tuple[LiteralString, LiteralString] = (
    "UPDATE due SET done = true WHERE id = %s AND NOT done", "INSERT INTO done (id) VALUES (%s)"
)  # fmt: skip


class Place(Struct, frozen=True):
    """A database and a Redis for one peer alone, and how many deadlines are due there."""

    address: str
    redis_url: str
    due: int


@contextmanager
def deadlines_due(place: Place) -> Iterator[psycopg.Connection]:
    """The deadlines, all due at once, for as long as the block lasts."""
    with psycopg.connect(place.address, autocommit=True) as connection:
        for statement in _TABLES:
            connection.execute(statement)
        connection.execute("INSERT INTO due SELECT generate_series(1, %s)", (place.due,))
        yield connection
        connection.execute("DROP TABLE due, done")


def enforce(place: Place, number: int) -> None:
    """Enforce one, by a connection of its own."""
    with psycopg.connect(place.address) as connection:
        for statement in ENFORCE:
            connection.execute(statement, (number,))


def wait_for_all(connection: psycopg.Connection, due: int) -> None:
    """Wait until every deadline is enforced."""
    while connection.execute("SELECT count(*) FROM due WHERE done").fetchone() != (due,):
        time.sleep(0.02)
