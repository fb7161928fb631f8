"""Wake-ups and workers: one for each that is free, none that anything hangs on, and a clock that helps itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

import pytest
import redis
from sqlalchemy.exc import OperationalError

from service.logs import correlated, correlation_id
from service.storage.matter_tables import incidents
from service.watching import metrics
from tests.fixtures.overdue import Overdue
from tests.fixtures.redis_server import own_redis
from workers.broker import make_broker, make_worker
from workers.clock import Clock, Here, clock_for
from workers.looks import Look, one_pass
from workers.patience import TELLS_AT, Patience
from workers.wakes import Wakes
from workers.worker import Worker

if TYPE_CHECKING:
    from uuid import UUID

    from service.engine.door import Door
    from service.settings import Settings

#: Seconds after which something that should happen by itself has not.
_PATIENCE = 30.0


def wait_until(happened: Callable[[], bool]) -> None:
    """Wait for what others do; fails where it does not happen."""
    give_up_at = time.monotonic() + _PATIENCE
    while not happened():
        assert time.monotonic() < give_up_at, "it did not happen"
        time.sleep(0.02)


@contextmanager
def working(settings: Settings, door: Door, url: str) -> Iterator[Worker]:
    """A worker in threads of this process."""
    worker = Worker(settings, door, url)
    thread = Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop()
        thread.join()


@contextmanager
def ticking(settings: Settings, door: Door) -> Iterator[Clock]:
    """A clock in threads of this process."""
    clock = clock_for(settings, door)
    clock.start()
    try:
        yield clock
    finally:
        clock.stop()


def waiting_look(door: Door, look: Callable[[UUID], int] = lambda _: 0) -> Look:
    """A look for which every council always waits."""
    return Look("deadlines", 1.0, door.database.organisations, lambda own, _: look(own))


def in_the_queue(url: str) -> int:
    """How many messages wait for a worker to fetch them."""
    with redis.Redis.from_url(url) as client:
        return int(client.llen("supervision:deadlines"))


# -- who is woken
def test_a_clock_wakes_the_workers_and_they_enforce(
    settings: Settings, door: Door, overdue: Overdue, redis_url: str
) -> None:
    records = overdue.records_sent(700)
    there = settings.model_copy(update={"redis_url": redis_url})

    with working(there, door, redis_url), ticking(there, door):
        wait_until(lambda: not overdue.pending())

    overdue.check(records)


@pytest.mark.parametrize(("workers", "messages"), [(1, 1), (3, 3)])
def test_each_worker_that_is_free_is_woken_once(
    door: Door, overdue: Overdue, redis_url: str, workers: int, messages: int
) -> None:
    look = waiting_look(door)
    broker = make_broker(redis_url, [look], Patience(door), door.database.organisations, lambda: True)
    wakes = Wakes(broker, lambda: workers, Here(door))

    for _ in range(4):
        assert wakes(look, [overdue.id], lambda: True) == 0

    assert in_the_queue(redis_url) == messages


def test_where_no_worker_is_alive_the_clock_does_the_work(
    settings: Settings, door: Door, overdue: Overdue, redis_url: str
) -> None:
    records = overdue.records_sent(3)

    with ticking(settings.model_copy(update={"redis_url": redis_url}), door):
        wait_until(lambda: not overdue.pending())

    overdue.check(records)
    assert in_the_queue(redis_url) == 0


def test_while_redis_is_away_the_clock_sweeps_itself_and_then_carries_on(door: Door, overdue: Overdue) -> None:
    done: list[UUID] = []

    def does(own: UUID) -> int:
        done.append(own)
        return 1

    look = waiting_look(door, does)
    with own_redis() as server:
        broker = make_broker(server.url, [look], Patience(door), door.database.organisations, lambda: True)
        wakes = Wakes(broker, lambda: 1, Here(door))
        assert wakes(look, [overdue.id], lambda: True) == 0
        assert not done
    assert wakes(look, [overdue.id], lambda: True) == 1
    assert done == [overdue.id]
    assert metrics.REGISTRY.get_sample_value("supervision_clock_sweeps_itself") == 1

    port = int(server.url.rpartition(":")[2].partition("/")[0])
    with own_redis(port, server.url.partition("//:")[2].partition("@")[0]):
        assert wakes(look, [overdue.id], lambda: True) == 0
    assert metrics.REGISTRY.get_sample_value("supervision_clock_sweeps_itself") == 0


def test_messages_that_are_lost_or_repeated_change_nothing(
    settings: Settings, door: Door, overdue: Overdue, redis_url: str
) -> None:
    records = overdue.records_sent(20)
    there = settings.model_copy(update={"redis_url": redis_url})
    look = waiting_look(door)
    broker = make_broker(redis_url, [look], Patience(door), door.database.organisations, lambda: True)
    for _ in range(50):
        broker.get_actor("deadlines").send()

    with working(there, door, redis_url), ticking(there, door), redis.Redis.from_url(redis_url) as client:
        client.flushall()
        wait_until(lambda: not overdue.pending())

    overdue.check(records)


# -- what fails
def test_a_message_carries_the_correlation_id_of_its_sender(door: Door, redis_url: str) -> None:
    seen: list[str | None] = []

    def notes() -> list[UUID]:
        seen.append(correlation_id())
        return []

    look = Look("deadlines", 1.0, notes, lambda _own, _goes_on: 0)
    broker = make_broker(redis_url, [look], Patience(door), list, lambda: True)
    worker = make_worker(broker, [look])

    with correlated() as mine:
        broker.get_actor("deadlines").send()
    worker.start()
    wait_until(lambda: bool(seen))
    worker.stop()

    assert seen == [mine]


def test_a_council_in_which_a_look_fails_holds_up_no_other_and_is_an_incident_in_the_end(
    door: Door, overdue: Overdue
) -> None:
    now = [0.0]
    other = overdue.id
    tried: list[UUID] = []

    def fail(own: UUID) -> int:
        tried.append(own)
        raise ValueError("nobody knows why")

    look = waiting_look(door, fail)
    patience = Patience(door, clock=lambda: now[0])

    for _ in range(200):
        one_pass(look, [other], patience, lambda: True)
        now[0] += 0.5

    assert TELLS_AT <= len(tried) < 10
    [incident] = overdue.rows(incidents, incidents.c.kind == "deadlines_failing")
    assert "ValueError" in incident.detail
    assert incident.closed_at is None


def test_redis_is_not_told_what_went_wrong(door: Door, redis_url: str) -> None:
    def fail() -> list[UUID]:
        raise ValueError("marmalade")

    look = Look("deadlines", 1.0, fail, lambda _own, _goes_on: 0)
    broker = make_broker(redis_url, [look], Patience(door), list, lambda: True)
    worker = make_worker(broker, [look])
    worker.start()
    broker.get_actor("deadlines").send()
    with redis.Redis.from_url(redis_url) as client:
        wait_until(lambda: client.hlen("supervision:deadlines.DQ.msgs") > 0)
        [waiting] = client.hvals("supervision:deadlines.DQ.msgs")
    worker.stop()

    assert b'"retries":1' in waiting
    assert b"marmalade" not in waiting
    assert b"Traceback" not in waiting


def test_a_message_that_fails_for_good_is_an_incident(door: Door, overdue: Overdue, redis_url: str) -> None:
    def fail() -> list[UUID]:
        raise ValueError("nobody knows why")

    look = Look("deadlines", 1.0, fail, lambda _own, _goes_on: 0)
    broker = make_broker(redis_url, [look], Patience(door), door.database.organisations, lambda: True)
    worker = make_worker(broker, [look])
    worker.start()
    broker.get_actor("deadlines").send_with_options(max_retries=0)
    wait_until(lambda: bool(overdue.rows(incidents, incidents.c.kind == "deadlines_failing")))
    worker.stop()

    assert metrics.REGISTRY.get_sample_value("supervision_dead_letters_total", {"queue": "deadlines"})


def test_a_worker_whose_database_is_away_puts_it_down_to_the_weather(
    door: Door, overdue: Overdue, redis_url: str
) -> None:
    def away() -> list[UUID]:
        raise OperationalError("SELECT", None, ConnectionError("nobody answers"))

    def put_off() -> float:
        return metrics.REGISTRY.get_sample_value("supervision_looks_put_off_total", {"queue": "deadlines"}) or 0.0

    before = put_off()
    look = Look("deadlines", 1.0, away, lambda _own, _goes_on: 0)
    broker = make_broker(redis_url, [look], Patience(door), door.database.organisations, lambda: True)
    worker = make_worker(broker, [look])
    worker.start()
    broker.get_actor("deadlines").send_with_options(max_retries=0)
    wait_until(lambda: put_off() > before)
    worker.stop()

    assert not overdue.rows(incidents, incidents.c.kind == "deadlines_failing")
