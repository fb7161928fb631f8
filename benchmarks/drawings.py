"""A drawing with its counts, once it is laid out: in a small council, and beside ten million closed matters."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta

from msgspec.structs import replace

from benchmarks.council import START, Bench, council, postgres_url
from benchmarks.figures import Figure
from benchmarks.grown import CLOSED, MOVED, OPEN, WITH_STEPS, grow, move_some
from service.api.asking import Requests
from service.api.diagrams import Format, Show, Wanted, diagram
from service.engine.snapshot_taking import take_days
from service.identity.scopes import Credential, Scope
from service.identity.tokens import keep_token
from workflows.calendar import local_day
from workflows.vocabulary import Workflow

_FEW = 200
_TIMES = 40
_NOW, _THEN = Wanted(counts=True), Wanted(counts=True, as_at=local_day(START) - timedelta(days=50))
_STAYS = Wanted(counts=True, show=Show.times)


def measure() -> list[Figure]:
    """Milliseconds of one drawing, without what HTTP adds, and of taking one of the days that it may tell of."""
    with postgres_url() as url:
        bench = _as_administrator(council(url, _FEW))
        few = _median(bench, _NOW, "here now")
        grow(url)
        many = _median(bench, _NOW, "here now")
        history = _median(bench, _THEN, "here then", times=1)
        a_day = _taking(bench)
        then, stays = _median(bench, _THEN, "here then"), _median(bench, _STAYS, "half stay up to")
        move_some(url)
        moved = _median(bench, _NOW, "here now")
    return [
        Figure(f"a drawing with counts, {_FEW} open matters", few, "ms", at_most=15.0),
        Figure(f"the same beside {OPEN:,} open, {CLOSED:,} closed", many, "ms", at_most=100.0),
        Figure(f"the same when {MOVED:,} have moved since the last vacuum", moved, "ms"),
        Figure("a past day of these, from the snapshot", then, "ms"),
        Figure("the same day from the history, before it is taken", history, "ms"),
        Figure("how long they stay, 90 days from the snapshot", stays, "ms"),
        Figure("taking one day of the snapshot, in the background", a_day, "ms"),
    ]


def _as_administrator(bench: Bench) -> Bench:
    with bench.door.database.write(bench.organisation_id) as connection:
        token = keep_token(connection, bench.organisation_id, "admin", "bench", ("all",), START, expires_at=None)
    return replace(bench, token=token)


def _taking(bench: Bench) -> float:
    """Milliseconds for each day that was caught up on, as far back as there are steps."""
    began, days = time.perf_counter(), 0
    while days < WITH_STEPS:
        days += take_days(bench.door, bench.organisation_id)
    return (time.perf_counter() - began) * 1000 / days


def _median(bench: Bench, wanted: Wanted, says: str, times: int = _TIMES) -> float:
    asks, token = Requests.of(bench.settings, bench.door), Credential(bench.token, Scope.read)
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        answer = diagram(Workflow.record, Format.svg, wanted, token, asks)
        taken.append((time.perf_counter() - began) * 1000)
        if says.encode() not in answer.body:
            raise RuntimeError("the drawing does not tell what is measured")
    return statistics.median(taken)
