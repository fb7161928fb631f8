"""An idle tick of the clock: as quick with ten million pending deadlines as with ten thousand."""

from __future__ import annotations

import statistics
import time

from sqlalchemy import text

from benchmarks.council import START, council, postgres_url
from benchmarks.figures import Figure
from service.storage.connection import Database, owner_transaction

FEW, MANY = 10_000, 10_000_000
_TICKS = 300
#: Pending for years to come, on one matter: the clock reads no more of them than their instants.
_PENDING = """
    INSERT INTO deadlines
    SELECT organisation_id, matter_id, number + 10 + n, name, 'running', enforces, due,
           fires_at + interval '1 year' + n * interval '1 second', rank, '{}'
    FROM (SELECT * FROM deadlines WHERE name = 'sign_by' LIMIT 1) AS one
    CROSS JOIN generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS n
"""


def measure() -> list[Figure]:
    """Milliseconds of a tick that finds nothing."""
    with postgres_url() as url:
        bench = council(url, 1)
        with owner_transaction(url) as owner:
            owner.execute(text("ALTER TABLE deadlines DROP CONSTRAINT fk_deadlines_matters"))
        few = _tick_with(url, bench.door.database, 1, FEW)
        many = _tick_with(url, bench.door.database, FEW + 1, MANY)
    return [
        Figure(f"an idle tick with {MANY:,} pending deadlines", many, "ms", at_most=2),
        Figure(f"the same, with {FEW:,} as its floor", many / few, "times", at_most=1.5),
    ]


def _tick_with(url: str, database: Database, first: int, last: int) -> float:
    with owner_transaction(url) as owner:
        owner.execute(text(_PENDING), {"first": first, "last": last})
    with owner_transaction(url) as owner:
        owner.execute(text("ANALYZE deadlines"))
    assert database.due_organisations(START) == []  # noqa: S101 - else it would not be idle
    took = []
    for _ in range(_TICKS):
        began = time.perf_counter()
        database.due_now()
        took.append(time.perf_counter() - began)
    return 1_000 * statistics.median(took)
