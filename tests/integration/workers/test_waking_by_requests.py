"""Requests wake the workers for what they leave to them: under their own id, and without waiting for anything."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import redis
import structlog
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from sqlalchemy import update

from service.app import app_for
from service.engine.bounces import send_again
from service.engine.ids import new_id
from service.engine.incidents import report_incident
from service.identity.tokens import keep_token
from service.storage.matter_tables import deadlines, incidents
from service.watching import tracing
from tests.fixtures.overdue import Overdue
from tests.fixtures.redis_server import own_redis
from tests.fixtures.served import ok, served
from tests.integration.workers.test_waking import wait_until, working
from workers.broker import ANSWER_WITHIN
from workers.commands.serving import beside
from workers.request_wakes import MOST_WAITING, RequestWakes, request_wakes
from workflows.model import Actor, Opening
from workflows.payloads import Circulate, Nothing
from workflows.vocabulary import RecordKind, Role, Workflow

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from service.engine.door import Door
    from service.engine.work import Work
    from service.settings import Settings

SUPERVISOR, WORKER = Actor("sup"), Actor("wkr")
QUEUES = ("deadlines", "notices", "filing", "upkeep")


def waiting_in(url: str) -> dict[str, int]:
    """How many messages wait for a worker, by their queue."""
    with redis.Redis.from_url(url) as client:
        return {name: found for name in QUEUES if (found := int(client.llen(f"supervision:{name}")))}


def draft(work: Work) -> UUID:
    opening = Opening(
        Workflow.record, id=new_id(work.now), kind=RecordKind.personal, supervisee="wkr", supervisor="sup",
        data={"opened_by": "sup"},
    )  # fmt: skip
    return work.open(opening, SUPERVISOR, Role.supervisor).id


@contextmanager
def asking(settings: Settings, overdue: Overdue, person: str) -> Iterator[httpx.Client]:
    """The service as one person reaches it."""
    now = overdue.door.database.now()
    with overdue.door.database.write(overdue.id) as connection:
        token = keep_token(connection, overdue.id, person, "test", ("all",), now, expires_at=None)
    with served(app_for(settings, overdue.door)) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


@pytest.fixture
def wakes(settings: Settings, door: Door, redis_url: str, tmp_path: Path) -> Iterator[RequestWakes]:
    """What is told of every transaction; it sends when the test says so."""
    found = request_wakes(settings.model_copy(update={"filing_folder": tmp_path}), door, redis_url)
    yield found
    found.stop()


# -- what wakes whom
def a_record_is_sent(overdue: Overdue) -> Callable[[Work], object]:
    record = overdue.door.run(overdue.id, draft)
    return lambda work: work.fire(record, "circulate", Circulate(), SUPERVISOR)


def a_record_becomes_final(overdue: Overdue) -> Callable[[Work], object]:
    [record] = overdue.records_sent(1, ago=timedelta())
    return lambda work: work.fire(record, "sign", Nothing(), WORKER)


def what_came_back_is_sent_again(_overdue: Overdue) -> Callable[[Work], object]:
    return lambda work: send_again(work, "wkr")


LEAVES = {
    "notices": (a_record_is_sent, what_came_back_is_sent_again),
    "filing": (a_record_becomes_final,),
}


@pytest.mark.parametrize(("queue", "happens"), [(queue, one) for queue, all_of in LEAVES.items() for one in all_of])
def test_what_is_left_wakes_whoever_does_it(
    wakes: RequestWakes, overdue: Overdue, redis_url: str, queue: str, happens: Callable[[Overdue], Any]
) -> None:
    piece = happens(overdue)
    wakes.send_asked()
    before = waiting_in(redis_url)

    overdue.door.run(overdue.id, piece)
    wakes.send_asked()

    assert waiting_in(redis_url) == {**before, queue: before.get(queue, 0) + 1}


def test_an_incident_that_is_tried_again_wakes_whoever_enforces(
    settings: Settings, wakes: RequestWakes, overdue: Overdue, redis_url: str
) -> None:
    [record] = overdue.records_sent(1)
    database, now = overdue.door.database, overdue.door.database.now()
    with database.write(overdue.id) as connection:
        window = (deadlines.c.matter_id == record, deadlines.c.name == "sign_by")
        connection.execute(update(deadlines).where(*window).values(fires_at=now + timedelta(hours=1)))
        report_incident(connection, overdue.id, now, "undecidable", "It was put off.", record)
    [incident] = overdue.rows(incidents, incidents.c.kind == "undecidable")

    with asking(settings, overdue, "admin") as client:
        ok(client.post(f"/incidents/{incident.id}/repair", json={"what": "retry", "reason": "It is mended."}))
    wakes.send_asked()

    assert waiting_in(redis_url) == {"deadlines": 1}


def test_a_move_that_leaves_nothing_wakes_nobody(
    settings: Settings, wakes: RequestWakes, overdue: Overdue, redis_url: str
) -> None:
    with asking(settings, overdue, "sup") as client:
        ok(client.post("/records", json={"supervisee": "wkr", "kind": "personal", "sections": {}}), 201)
    wakes.send_asked()

    assert waiting_in(redis_url) == {}


def test_a_council_wakes_a_queue_once_in_a_while_however_much_is_left(
    wakes: RequestWakes, overdue: Overdue, redis_url: str
) -> None:
    for _ in range(5):
        overdue.door.run(overdue.id, a_record_is_sent(overdue))
    wakes.send_asked()

    assert waiting_in(redis_url) == {"notices": 1}


def test_without_any_worker_messages_do_not_pile_up(wakes: RequestWakes, overdue: Overdue, redis_url: str) -> None:
    for _ in range(MOST_WAITING + 5):
        overdue.door.run(overdue.id, what_came_back_is_sent_again(overdue))
        wakes.send_asked()

    assert waiting_in(redis_url) == {"notices": MOST_WAITING}


# -- under which id
def test_a_worker_logs_under_the_id_of_the_request_that_left_it_something(
    settings: Settings, door: Door, overdue: Overdue, redis_url: str
) -> None:
    there = settings.model_copy(update={"redis_url": redis_url})
    record = overdue.door.run(overdue.id, draft)
    with_ids = [structlog.contextvars.merge_contextvars]

    with (
        structlog.testing.capture_logs(processors=with_ids) as lines,
        beside([request_wakes(there, door, redis_url)]),
        working(there, door, redis_url),
        asking(there, overdue, "sup") as client,
    ):
        own = {"X-Request-ID": "named-by-a-proxy"}
        ok(client.post(f"/matters/{record}/moves", json={"trigger": "circulate", "data": {}}, headers=own))
        wait_until(lambda: any(line["event"] == "looked" for line in lines))

    said = {line["event"]: line for line in lines}
    assert said["worker_woken"]["correlation_id"] == "named-by-a-proxy"
    assert (said["looked"]["look"], said["looked"]["organisation"]) == ("notices", str(overdue.id))
    assert said["looked"]["correlation_id"] == "named-by-a-proxy"


def test_a_message_comes_from_the_span_of_its_request(
    wakes: RequestWakes, overdue: Overdue, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = TracerProvider()
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer("tests"))

    with tracing.span("the request"):
        own = trace.get_current_span().get_span_context().trace_id
        overdue.door.run(overdue.id, a_record_is_sent(overdue))
    wakes.send_asked()

    with redis.Redis.from_url(redis_url) as client:
        [message] = client.hvals("supervision:notices.msgs")
    assert f"{own:032x}" in json.loads(message)["options"]["trace"]["traceparent"]


# -- Redis
@contextmanager
def silence() -> Iterator[str]:
    """The address of something that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"


def test_no_request_waits_for_a_redis_that_does_not_answer(settings: Settings, door: Door, overdue: Overdue) -> None:
    record = overdue.door.run(overdue.id, draft)

    with silence() as url, beside([request_wakes(settings, door, url)]), asking(settings, overdue, "sup") as client:
        began = time.monotonic()
        for trigger in ("circulate", "withdraw", "circulate"):
            client.post(f"/matters/{record}/moves", json={"trigger": trigger, "data": {}})
        took = time.monotonic() - began

    assert took < ANSWER_WITHIN
    assert overdue.rows(deadlines, deadlines.c.name == "sign_by")


def test_a_redis_that_was_away_is_used_again_once_it_is_back(settings: Settings, door: Door, overdue: Overdue) -> None:
    with own_redis() as server:
        wakes = request_wakes(settings, door, server.url)
    overdue.door.run(overdue.id, what_came_back_is_sent_again(overdue))
    wakes.send_asked()

    port, password = int(server.url.rpartition(":")[2].partition("/")[0]), server.url[9:].partition("@")[0]
    with own_redis(port, password):
        overdue.door.run(overdue.id, what_came_back_is_sent_again(overdue))
        wakes.send_asked()
        assert waiting_in(server.url) == {"notices": 1}
    wakes.stop()
