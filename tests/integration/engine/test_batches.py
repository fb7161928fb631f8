"""Deadlines that are enforced together leave exactly what they leave one by one: ids, hashes, notices and all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from psycopg import sql
from sqlalchemy import make_url, select

from service.engine.door import Door
from service.engine.due import BATCH, advance
from service.storage.council_tables import people
from service.storage.matter_tables import contents, deadlines, incidents, matter_people, matters, outbox, steps
from tests.fixtures.postgres import fresh_database
from tests.fixtures.postgres_server import connect
from tests.fixtures.served import door_to, london, sandbox_on
from tests.integration.engine.random_stories import begin

if TYPE_CHECKING:
    from sqlalchemy import URL

SEEDS = (0, 4, 6, 7, 8)
UNTIL = datetime.fromisoformat(london("2025-06-12T12:00"))
TABLES = (matters, steps, deadlines, outbox, incidents, matter_people, people)


@contextmanager
def copy_of(server: URL, url: str, name: str) -> Iterator[str]:
    """A database that has all that another one has, to which nobody is connected; dropped at the end."""
    original, copied = make_url(url).database or "", f"{make_url(url).database}_{name}"
    names = {"copied": sql.Identifier(copied), "original": sql.Identifier(original)}
    with connect(server) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {copied} TEMPLATE {original}").format(**names))
    try:
        yield server.set(database=copied).render_as_string(hide_password=False)
    finally:
        with connect(server) as connection:
            connection.execute(sql.SQL("DROP DATABASE {copied} WITH (FORCE)").format(**names))


def state(door: Door, own: UUID) -> dict[str, list[Any]]:
    """Everything that a council has, text apart, which is sealed under chance."""
    with door.database.read(own) as connection:
        found: dict[str, list[Any]] = {
            table.name: [
                dict(row)
                for row in connection.execute(
                    select(table).where(table.c.organisation_id == own).order_by(*table.primary_key.columns)
                ).mappings()
            ]
            for table in TABLES
        }
        kept = select(contents.c.matter_id, contents.c.step, contents.c.field).where(contents.c.organisation_id == own)
        found["contents"] = sorted(map(tuple, connection.execute(kept)))
        return found


@pytest.fixture(scope="module")
def ends(postgres_server: URL) -> dict[int, tuple[dict[str, list[Any]], dict[str, list[Any]], int]]:
    """For each seed what a council has come to in batches, what it has come to one by one, and how much there was."""
    found = {}
    with fresh_database(postgres_server) as url:
        with sandbox_on(url) as sandbox:
            councils = {seed: UUID(begin(sandbox, seed).organisation) for seed in SEEDS}
        with (
            copy_of(postgres_server, url, "batched") as batched,
            copy_of(postgres_server, url, "single") as single,
            door_to(batched) as together,
            door_to(single) as alone,
        ):
            for seed, own in councils.items():
                fired = to_the_end(together, own, BATCH)
                assert to_the_end(alone, own, 1) == fired
                found[seed] = (state(together, own), state(alone, own), fired)
    return found


def to_the_end(door: Door, own: UUID, most: int) -> int:
    """Move a council's clock to the end of the story in calls of so many deadlines; how many there were."""
    fired = 0
    while (reached := advance(door, own, UNTIL, most)).now < UNTIL:
        fired += reached.fired
    return fired + reached.fired


@pytest.mark.parametrize("seed", SEEDS)
def test_a_batch_leaves_what_single_deadlines_leave(ends: dict[int, Any], seed: int) -> None:
    together, alone, fired = ends[seed]

    assert fired > 50
    for table, rows in together.items():
        assert rows == alone[table], table


def test_the_stories_have_much_in_them(ends: dict[int, Any]) -> None:
    """Chance that leads nowhere would compare nothing."""
    taken = {row["trigger"] for together, _, _ in ends.values() for row in together["steps"] if row["actor"] is None}

    assert taken >= {"expire", "climb", "remind", "lapse", "deem", "circulation_missed", "confirm_return", "long"}
    assert {row["kind"] for together, _, _ in ends.values() for row in together["outbox"]} >= {"reminder", "escalated"}
