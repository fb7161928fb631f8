"""How long one decision takes, receipts apart: the rule alone, with no storage."""

from __future__ import annotations

import time
from datetime import UTC
from statistics import median

from msgspec.structs import replace

from benchmarks import yardstick
from benchmarks.figures import Figure
from tests.fakes.council import FakeCouncil, at
from workflows.machine import decide
from workflows.model import Actor
from workflows.payloads import Nothing
from workflows.vocabulary import Workflow

_TIMES = 4_000
_ROUNDS = 7


def measure() -> list[Figure]:
    """Microseconds for signing a record, which starts no new deadline."""
    council = FakeCouncil()
    start = at("2025-03-03T10:00")
    session = council.open("sup", Workflow.session, supervisee="wkr", kind="personal", starts_at=start, minutes=60)
    council.until("2025-03-03T11:30")
    council.move("sup", session, "hold", held_at=at("2025-03-03T11:30"), minutes=60)
    record = council.move("sup", council.only(Workflow.record), "circulate")
    now, worker, nothing = council.now.astimezone(UTC), Actor("wkr"), Nothing()
    facts = replace(council.facts(record), clock=now)
    rounds = [
        (_time(lambda: decide(record, "sign", nothing, worker, facts, now)), yardstick.pace()) for _ in range(_ROUNDS)
    ]
    micros, pace = (median(figures) for figures in zip(*rounds, strict=True))
    return [Figure("decide() a signature", micros, "µs", pace=pace, at_most=40)]


def _time(once: object) -> float:
    assert callable(once)  # noqa: S101 - a function without arguments
    began = time.process_time()
    for _ in range(_TIMES):
        once()
    return (time.process_time() - began) / _TIMES * 1e6
