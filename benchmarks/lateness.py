"""Lateness under a steady load: 200 deadlines a second, enforced by a clock and two workers, seen from the database."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psutil
from pydantic import SecretStr
from sqlalchemy import func, select, text

from benchmarks.council import postgres_url
from benchmarks.figures import Figure
from service.engine.door import Door
from service.settings import Settings
from service.storage.connection import Database, make_engine, owner_transaction
from service.storage.heartbeats import alive
from service.storage.matter_tables import deadlines
from service.storage.migrate import migrate
from service.storage.sealing import Vault
from tests.architecture.source import ROOT
from tests.fixtures.overdue import live_council
from tests.fixtures.redis_server import own_redis
from tests.fixtures.served import SECRET

A_SECOND, SECONDS = 200, 30
_MEBIBYTE = 1 << 20
#: Each record's window ends in one of the seconds to come, so many in each.
_SPREAD = """
    UPDATE deadlines
    SET fires_at = date_trunc('second', now()) + interval '3 seconds' + (n / :each) * interval '1 second'
    FROM (SELECT matter_id, number, row_number() OVER () - 1 AS n FROM deadlines
          WHERE name = 'sign_by' AND fires_at IS NOT NULL) AS spread
    WHERE deadlines.matter_id = spread.matter_id AND deadlines.number = spread.number
"""


def measure() -> list[Figure]:
    """How late deadlines were at the 99th percentile, and how much memory a worker takes after that."""
    with postgres_url() as url, own_redis() as redis, tempfile.TemporaryDirectory() as folder:
        migrate(Settings(database_url=url, secret_key=SecretStr(SECRET), sandbox=False))
        door = Door(Database(make_engine(url)), Vault(SECRET))
        council = live_council(door)
        council.records_sent(A_SECOND * SECONDS, ago=timedelta(hours=1))
        with _processes(url, redis.url, Path(folder)) as workers:
            while alive(door.database).workers + alive(door.database).clocks < len(workers):
                time.sleep(0.1)
            with owner_transaction(url) as owner:
                owner.execute(text(_SPREAD), {"each": A_SECOND})
            late = sorted(_watch(door, council.id))
            memory = max(psutil.Process(worker.pid).memory_info().rss for worker in workers)
        door.database.engine.dispose()
    return [
        Figure(f"lateness at {A_SECOND} deadlines a second, 99th percentile", _percentile(late), "s", at_most=1.5),
        Figure("memory of a worker", memory / _MEBIBYTE, "MiB", at_most=200),
    ]


def _percentile(late: list[float]) -> float:
    return late[min(int(len(late) * 0.99), len(late) - 1)]


def _watch(door: Door, own: object) -> Iterator[float]:
    """For each second's deadlines, how long after it the last of them was enforced, as seen every few milliseconds."""
    query = select(func.clock_timestamp(), deadlines.c.fires_at).where(
        deadlines.c.organisation_id == own, deadlines.c.name == "sign_by", deadlines.c.fires_at.is_not(None)
    )
    waiting: set[datetime] | None = None
    while waiting is None or waiting:
        with door.database.read(own) as connection:  # type: ignore[arg-type]
            rows = connection.execute(query.distinct(deadlines.c.fires_at)).all()
            now = connection.execute(select(func.clock_timestamp())).scalar_one()
        left = {row.fires_at for row in rows}
        yield from ((now - instant).total_seconds() for instant in (waiting or set()) - left)
        waiting = left
        time.sleep(0.02)


@contextmanager
def _processes(url: str, redis_url: str, folder: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    environment = os.environ | {
        "PYTHONPATH": str(ROOT), "SUPERVISION_DATABASE_URL": url, "SUPERVISION_REDIS_URL": redis_url,
        "SUPERVISION_SECRET_KEY": SECRET, "SUPERVISION_SANDBOX": "0",
    }  # fmt: skip
    with (folder / "log").open("wb") as log:
        started = [
            subprocess.Popen(
                [sys.executable, "-m", "workers", kind], cwd=folder, env=environment, stdout=log, stderr=log
            )
            for kind in ("clock", "work", "work")
        ]
        try:
            yield started
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait()
