"""Many deadlines of one instant: two processes on PostgreSQL beside plain SQL writing the same rows, and SQLite."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from benchmarks.council import START, Bench, council, postgres_url
from benchmarks.figures import Figure
from benchmarks.floor import batches_of, copy_tables, differing, write_plainly
from service.engine.door import Door
from service.engine.due import BATCH, advance, enforce_batch
from service.engine.work import Work
from service.storage.connection import Database, make_engine
from service.storage.sealing import Vault

DUE = 10_000
PROCESSES = 2
#: The first instant after the windows of records that were circulated at START: five working days, and the midnight.
_INSTANT = datetime.combine(START.date() + timedelta(days=8), datetime.min.time(), START.tzinfo)


class _Job(Struct, frozen=True):
    """What a process needs to do its part, as it can be handed to one."""

    url: str
    secret: str
    organisation_id: UUID
    part: int


def measure() -> list[Figure]:
    """Deadlines a second, enforced with history, receipts and notices."""
    with postgres_url() as url:
        bench = council(url, DUE)
        figures = beside_the_floor(url, bench, DUE, "deadlines in batches", at_least=0.3)
    return [*figures, Figure("deadlines in batches, SQLite", _on_sqlite(), "/s")]


def beside_the_floor(url: str, bench: Bench, due: int, what: str, at_least: float) -> list[Figure]:
    """Deadlines a second by the engine, and by plain SQL that writes the same rows; and how many rows that is.

    Raises RuntimeError where the two have not written the same.
    """
    secret = bench.settings.secret_key.get_secret_value()
    jobs = [_Job(url, secret, bench.organisation_id, part) for part in range(PROCESSES)]
    copy_tables(url)
    enforced = due / _together(_enforce_all, jobs)
    written = differing(url)
    floor = due / _together(_write_all_plainly, jobs)
    if left := differing(url):
        raise RuntimeError(f"the floor has not written everything: {left}")
    what = f"{what}, PostgreSQL, {PROCESSES} processes"
    rows = ", ".join(f"{name} {count / due:g}" for name, count in written.items())
    return [
        Figure(what, enforced, "/s", floor, at_least=at_least),
        Figure(f"  rows of each ({rows})", sum(written.values()) / due, "rows"),
    ]


def _together(work: Callable[[_Job, Any, Any], None], jobs: Sequence[_Job]) -> float:
    """Start the processes, let them get ready, and time them from one signal to the last one's end."""
    context = multiprocessing.get_context("spawn")
    ready, go = context.Semaphore(0), context.Event()
    processes = [context.Process(target=work, args=(job, ready, go)) for job in jobs]
    for process in processes:
        process.start()
    for _ in processes:
        ready.acquire()
    began = time.perf_counter()
    go.set()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise RuntimeError("a process failed")
    return time.perf_counter() - began


def _enforce_all(job: _Job, ready: Any, go: Any) -> None:
    """Enforce what is due until nothing is, as a worker does."""
    door = Door(Database(make_engine(job.url)), Vault(job.secret))
    with door.database.read(job.organisation_id) as connection:
        door.work(connection, job.organisation_id)
    ready.release()
    go.wait()
    while door.attempt(lambda: _one_batch(door, job.organisation_id)):
        pass


def _one_batch(door: Door, organisation_id: UUID) -> int:
    with door.database.write(organisation_id) as connection:
        work = door.work(connection, organisation_id)
        at_instant = Work(work.store, replace(work.organisation, now=_INSTANT), work.picture, work.sealer)
        return enforce_batch(at_instant, _INSTANT, BATCH).enforced


def _write_all_plainly(job: _Job, ready: Any, go: Any) -> None:
    """Write this process's part of the same rows."""
    database = Database(make_engine(job.url))
    batches = batches_of(database, job.organisation_id, job.part, PROCESSES)
    ready.release()
    go.wait()
    write_plainly(database, job.organisation_id, batches)


def _on_sqlite() -> float:
    with tempfile.TemporaryDirectory() as folder:
        bench: Bench = council(f"sqlite:///{Path(folder) / 'bench.sqlite3'}", DUE // 2)
        began = time.perf_counter()
        reached = advance(bench.door, bench.organisation_id, _INSTANT, most=DUE * 2)
        return reached.fired / (time.perf_counter() - began)
