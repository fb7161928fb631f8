"""A drawing with its counts, once it is laid out: in a small council, and in one with a million open matters.

Of the million only those of the drawn workflow are read, from an index alone; a fifth of them stand for it here.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import replace

from sqlalchemy import create_engine, text

from benchmarks.council import START, Bench, council, postgres_url
from benchmarks.figures import Figure
from service.api.asking import Requests
from service.api.diagrams import Format, Wanted, diagram
from service.identity.scopes import Credential, Scope
from service.identity.tokens import keep_token
from service.storage.tables import matters
from workflows.vocabulary import Workflow

_FEW, _MANY = 200, 200_000
_TIMES = 40
#: What differs from one copy of a record to the next.
_OTHERWISE = {
    "id": "gen_random_uuid()",
    "state": "(ARRAY['draft', 'awaiting_signature', 'disputed'])[1 + n % 3]",
    "opened_at": "m.opened_at - n % 90 * interval '1 day'",
    "overdue_since": "CASE WHEN n % 7 = 0 THEN m.opened_at END",
    "closed_at": "CASE WHEN n % 5 = 0 THEN m.opened_at END",
}
_NAMES = [column.name for column in matters.c]
_COPIES = (
    f"INSERT INTO matters ({', '.join(_NAMES)}) "  # noqa: S608 - our own names
    f"SELECT {', '.join(_OTHERWISE.get(name, f'm.{name}') for name in _NAMES)} "
    "FROM (SELECT * FROM matters WHERE workflow = 'record' LIMIT 1) AS m, generate_series(1, :many) AS n"
)


def measure() -> list[Figure]:
    """Milliseconds of one drawing, without what HTTP adds."""
    with postgres_url() as url:
        bench = _as_administrator(council(url, _FEW))
        few = _median(bench)
        # A quarter more, since every fifth is closed.
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as owner:
            owner.execute(text(_COPIES), {"many": _MANY * 5 // 4})
            owner.execute(text("VACUUM ANALYZE matters"))
        engine.dispose()
        many = _median(bench)
    return [
        Figure(f"a drawing with counts, {_FEW} open matters", few, "ms", at_most=15.0),
        Figure("the same with 1,000,000 open, a fifth of one workflow", many, "ms", at_most=100.0),
    ]


def _as_administrator(bench: Bench) -> Bench:
    with bench.door.database.write(bench.organisation_id) as connection:
        token = keep_token(connection, bench.organisation_id, "admin", "bench", ("all",), START, expires_at=None)
    return replace(bench, token=token)


def _median(bench: Bench) -> float:
    asks, wanted = Requests.of(bench.settings, bench.door), Wanted(counts=True)
    token = Credential(bench.token, Scope.read)
    taken = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        answer = diagram(Workflow.record, Format.svg, wanted, token, asks)
        taken.append((time.perf_counter() - began) * 1000)
        if b"here now" not in answer.body:
            raise RuntimeError("the drawing has no counts")
    return statistics.median(taken)
