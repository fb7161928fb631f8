"""Processes are killed, servers fall over, connections are cut: every deadline is enforced once, and in time."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random

import pytest
import redis
from sqlalchemy import text

from service.storage.connection import owner_transaction
from tests.faults.processes import Trouble, endure, fleet
from tests.faults.size import DEADLINES, ROUNDS
from tests.fixtures.overdue import Overdue, live_council
from tests.fixtures.postgres_server import RestartablePostgres
from tests.fixtures.redis_server import OwnRedis, own_redis

#: How often trouble is made in one round; so many deadlines take a few batches.
TIMES = max(5, DEADLINES // 250)
NO_TROUBLE = Trouble(lambda: None, 0, pause=0.2)


class Redis:
    """A Redis of the tests' own that comes and goes at one place."""

    def __init__(self) -> None:
        self._running = ExitStack()
        self.server: OwnRedis = self._running.enter_context(own_redis())

    def kill(self) -> None:
        """End it without a warning; it kept nothing on disk."""
        os.kill(self.server.pid, signal.SIGKILL)
        self._running.close()

    def start(self) -> None:
        """Start it where it was, empty."""
        password, _, rest = self.server.url.removeprefix("redis://:").partition("@")
        self.server = self._running.enter_context(own_redis(int(rest.partition(":")[2].partition("/")[0]), password))

    def again(self) -> None:
        """End it and start it again at once."""
        self.kill()
        self.start()

    def flush(self) -> None:
        """Lose every message."""
        with redis.Redis.from_url(self.server.url) as client:
            client.flushall()

    def close(self) -> None:
        """End it."""
        self._running.close()


@pytest.fixture
def messages() -> Iterator[Redis]:
    """A Redis that may be killed."""
    found = Redis()
    yield found
    found.close()


def test_killed_clocks_and_workers_lose_nothing_and_do_nothing_twice(
    scratch: Path, database_url: str, messages: Redis, overdue: Overdue, chance: Random
) -> None:
    councils = [overdue, *(live_council(overdue.door) for _ in range(ROUNDS - 1))]
    with fleet(scratch, database_url, messages.server.url) as running:
        for council in councils:
            records = council.records_sent(DEADLINES)
            assert endure(council, Trouble(lambda: running.kill_one(chance), TIMES, pause=1.0), chance)
            council.check(records)

    assert {council.deemed() for council in councils} == {DEADLINES}


def test_a_redis_that_is_killed_flushed_and_started_again_is_never_waited_for(
    scratch: Path, database_url: str, messages: Redis, overdue: Overdue, chance: Random
) -> None:
    def disturb() -> None:
        chance.choice((messages.flush, messages.again))()

    with fleet(scratch, database_url, messages.server.url) as running:
        records = overdue.records_sent(DEADLINES)
        endure(overdue, Trouble(disturb, TIMES, pause=0.8), chance)
        messages.kill()
        records += overdue.records_sent(DEADLINES)
        endure(overdue, NO_TROUBLE, chance)
        messages.start()
        records += overdue.records_sent(DEADLINES)
        endure(overdue, NO_TROUBLE, chance)
        assert not running.ended()

    overdue.check(records)


def test_a_postgresql_that_falls_over_in_the_midst_of_batches_takes_nothing_along(
    scratch: Path, database_url: str, messages: Redis, overdue: Overdue, chance: Random, postgres: RestartablePostgres
) -> None:
    def disturb() -> None:
        postgres.crash()
        postgres.start()

    with fleet(scratch, database_url, messages.server.url) as running:
        records = overdue.records_sent(2 * DEADLINES)
        endure(overdue, Trouble(disturb, TIMES, pause=2.0), chance)
        assert not running.ended()

    overdue.check(records)


def test_connections_that_are_cut_are_made_anew(
    scratch: Path, database_url: str, messages: Redis, overdue: Overdue, chance: Random
) -> None:
    cut = text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND random() < 0.7"
    )

    def disturb() -> None:
        with owner_transaction(database_url) as owner:
            owner.execute(cut)

    with fleet(scratch, database_url, messages.server.url) as running:
        records = overdue.records_sent(2 * DEADLINES)
        endure(overdue, Trouble(disturb, 2 * TIMES, pause=0.4), chance)
        assert not running.ended()

    overdue.check(records)
