"""Many deadlines of one instant: two processes on PostgreSQL beside plain SQL writing the same rows, and SQLite."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from benchmarks.council import START, Bench, council, postgres_url
from benchmarks.figures import Figure
from service.engine.door import Door
from service.engine.due import BATCH, advance, enforce_batch
from service.engine.work import Work
from service.storage.connection import Database, make_engine, owner_transaction
from service.storage.sealing import Vault
from service.storage.sets import Added, Changed, write_sets
from service.storage.tables import deadlines, matters, outbox, steps

DUE = 10_000
PROCESSES = 2
#: The first instant after the windows of records that were circulated at START: five working days, and the midnight.
_INSTANT = datetime.combine(START.date() + timedelta(days=8), datetime.min.time(), START.tzinfo)
_FIXED = frozenset({"organisation_id", "id", "workflow", "kind", "parent", "opened_at", "policy_id"})
_WRITTEN = {"steps": steps, "deadlines": deadlines, "outbox": outbox}


@dataclass(frozen=True, slots=True)
class _Job:
    """What a process needs to do its part, as it can be handed to one."""

    url: str
    secret: str
    organisation_id: UUID
    part: int


def measure() -> list[Figure]:
    """Deadlines a second, enforced with history, receipts and notices."""
    with postgres_url() as url:
        bench = council(url, DUE)
        enforced, floor = enforced_and_floor(url, bench, DUE)
    return [
        Figure(f"deadlines in batches, PostgreSQL, {PROCESSES} processes", enforced, "/s", floor, at_least=0.3),
        Figure("deadlines in batches, SQLite", _on_sqlite(), "/s"),
    ]


def enforced_and_floor(url: str, bench: Bench, due: int) -> tuple[float, float]:
    """Deadlines a second by the engine, and by plain SQL that writes the same rows."""
    secret = bench.settings.secret_key.get_secret_value()
    jobs = [_Job(url, secret, bench.organisation_id, part) for part in range(PROCESSES)]
    enforced = due / _together(_enforce_all, jobs)
    _copy_tables(url)
    return enforced, due / _together(_write_plainly, jobs)


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


# -- the floor
def _copy_tables(url: str) -> None:
    """Empty copies of the tables, and of the matters with the version before: the same rows are written there again."""
    with owner_transaction(url) as connection:
        for name in _WRITTEN:
            connection.execute(text(f"CREATE TABLE plain_{name} (LIKE {name} INCLUDING ALL)"))
        connection.execute(text("CREATE TABLE plain_matters (LIKE matters INCLUDING ALL)"))
        connection.execute(text("INSERT INTO plain_matters SELECT * FROM matters"))
        connection.execute(text("UPDATE plain_matters SET version = version - 1"))
        connection.execute(text("GRANT ALL ON ALL TABLES IN SCHEMA public TO supervision_app"))


def _write_plainly(job: _Job, ready: Any, go: Any) -> None:
    """Write this process's half of the rows that the rules wrote, by plain sets of the same size."""
    engine = make_engine(job.url)
    database = Database(engine)
    batches = _prepared(database, job)
    ready.release()
    go.wait()
    plain = {name: table.to_metadata(type(table.metadata)(), name=f"plain_{name}") for name, table in _WRITTEN.items()}
    plain_matters = matters.to_metadata(type(matters.metadata)(), name="plain_matters")
    for rows in batches:
        with database.write(job.organisation_id) as connection:
            ids = [row["id"] for row in rows["matters"]]
            connection.execute(select(plain_matters).where(plain_matters.c.id.in_(ids)).with_for_update()).all()
            read = [row["version"] - 1 for row in rows["matters"]]
            changed = Changed(plain_matters, rows["matters"], read, _FIXED)
            moved = {"deadlines": ("status", "fires_at")}
            write_sets(connection, changed, [Added(t, rows[n], moved.get(n, ())) for n, t in plain.items()])


def _prepared(database: Database, job: _Job) -> list[dict[str, list[dict[str, Any]]]]:
    with database.read(job.organisation_id) as connection:
        records = select(matters).where(matters.c.workflow == "record").order_by(matters.c.id)
        mine = [dict(row) for row in connection.execute(records).mappings()][job.part :: PROCESSES]
        found = []
        for start in range(0, len(mine), BATCH):
            part = mine[start : start + BATCH]
            ids = [row["id"] for row in part]
            found.append({"matters": part} | {name: _written(connection, name, ids) for name in _WRITTEN})
    return found


def _written(connection: Any, name: str, ids: list[UUID]) -> list[dict[str, Any]]:
    """The rows of one table that the enforcement wrote for these matters: those of the third step."""
    table = _WRITTEN[name]
    query = select(table).where(table.c.matter_id.in_(ids))
    if name == "steps":
        query = query.where(table.c.number == 3)  # noqa: PLR2004 - opened, circulated, deemed
    elif name == "outbox":
        query = query.where(table.c.step == 3)  # noqa: PLR2004 - as above
    else:
        query = query.where(table.c.name == "sign_by")
    return [dict(row) for row in connection.execute(query).mappings()]


def _on_sqlite() -> float:
    with tempfile.TemporaryDirectory() as folder:
        bench: Bench = council(f"sqlite:///{Path(folder) / 'bench.sqlite3'}", DUE // 2)
        began = time.perf_counter()
        reached = advance(bench.door, bench.organisation_id, _INSTANT, most=DUE * 2)
        return reached.fired / (time.perf_counter() - began)
