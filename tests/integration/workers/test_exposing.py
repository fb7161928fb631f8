"""Clocks and workers, which serve nobody, still answer whoever watches them; and traces go from sender to worker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import create_engine

from service.watching import tracing
from service.watching.exposed import Exposed
from service.watching.tracing import span
from tests.fixtures.overdue import Overdue
from tests.integration.workers.test_waking import wait_until
from workers.broker import make_broker, make_worker
from workers.exposing import Exposing
from workers.looks import Look
from workers.patience import Patience

if TYPE_CHECKING:
    from uuid import UUID

    from service.engine.door import Door


@contextmanager
def exposing(door: Door, *, well: bool = True) -> Iterator[str]:
    """The address of a process that is well, or is not."""
    answers = Exposing("127.0.0.1", 0, Exposed(door.database), lambda: well)
    answers.start()
    try:
        yield f"http://127.0.0.1:{answers.port}"
    finally:
        answers.stop()


def test_a_process_tells_its_figures_and_what_waits(door: Door, overdue: Overdue) -> None:
    overdue.records_sent(2)

    with exposing(door) as address:
        said = httpx.get(f"{address}/metrics").text

    lag = next(line for line in said.splitlines() if line.startswith("supervision_deadline_lag_seconds "))
    assert float(lag.split()[1]) > 86_400
    assert "supervision_wakes" in said


@pytest.mark.parametrize(("well", "status"), [(True, 200), (False, 503)])
def test_a_process_whose_heart_stands_still_is_not_live(door: Door, *, well: bool, status: int) -> None:
    with exposing(door, well=well) as address:
        assert httpx.get(f"{address}/health/live").status_code == status
        assert httpx.get(f"{address}/anything").status_code == 404


def test_figures_are_told_without_the_database(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nowhere")
    with exposing(door) as address:
        assert "supervision_database_up 1.0" in httpx.get(f"{address}/metrics").text
        monkeypatch.setattr(door.database, "engine", gone)
        assert "supervision_database_up 0.0" in httpx.get(f"{address}/metrics").text


def test_what_a_worker_does_is_traced_below_whoever_sent_the_message(
    door: Door, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("tests"))
    done: list[bool] = []

    def notes() -> list[UUID]:
        done.append(True)
        return []

    look = Look("deadlines", 1.0, notes, lambda _own, _goes_on: 0)
    broker = make_broker(redis_url, [look], Patience(door), list, lambda: True)
    worker = make_worker(broker, [look])
    with span("the sender"):
        broker.get_actor("deadlines").send()
    worker.start()
    wait_until(lambda: len(kept.get_finished_spans()) == 2)
    worker.stop()

    sender, actor = kept.get_finished_spans()
    assert (sender.name, actor.name) == ("the sender", "deadlines")
    assert actor.parent is not None
    assert actor.parent.span_id == sender.context.span_id
