"""How long one decision takes, receipts apart: the rule alone, with no storage."""

from __future__ import annotations

import time

from benchmarks.figures import Figure
from tests.fakes.council import FakeCouncil, at
from workflows.machine import decide
from workflows.model import Actor
from workflows.payloads import Nothing
from workflows.vocabulary import Workflow

_TIMES = 20_000
_BEST_OF = 5


def measure() -> list[Figure]:
    """Microseconds for signing a record, which starts no new deadline."""
    council = FakeCouncil()
    start = at("2025-03-03T10:00")
    session = council.open("sup", Workflow.session, supervisee="wkr", kind="personal", starts_at=start, minutes=60)
    council.until("2025-03-03T11:30")
    council.move("sup", session, "hold", held_at=at("2025-03-03T11:30"), minutes=60)
    record = council.move("sup", council.only(Workflow.record), "circulate")
    facts, worker, nothing = council.facts(record), Actor("wkr"), Nothing()
    best = min(_time(lambda: decide(record, "sign", nothing, worker, facts, council.now)) for _ in range(_BEST_OF))
    return [Figure("decide() a signature", best, "µs", at_most=40)]


def _time(once: object) -> float:
    assert callable(once)  # noqa: S101 - a function without arguments
    began = time.process_time()
    for _ in range(_TIMES // _BEST_OF):
        once()
    return (time.process_time() - began) / (_TIMES // _BEST_OF) * 1e6
