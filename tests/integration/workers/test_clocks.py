"""Clocks: several at once, one whose machine is an hour off, and a tick that costs nothing while nothing is due."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, text

from service.engine.due import enforce_overdue
from service.storage.connection import owner_transaction
from service.storage.heartbeats import alive
from service.watching import metrics
from tests.fixtures.overdue import Overdue
from workers.actors.deadlines import deadlines
from workers.clock import Clock, Here
from workers.heart import Heart, HostClock, host_clock, skew_of, too_far_off

if TYPE_CHECKING:
    from service.engine.door import Door

_HOUR = timedelta(hours=1)


def clock(door: Door, host: HostClock = host_clock) -> tuple[Clock, Heart]:
    heart = Heart(door.database, "clock", host)
    heart.beat()
    return Clock(heart, [deadlines(door)], Here(door)), heart


def off_by(shift: timedelta) -> HostClock:
    return lambda: datetime.now(UTC) + shift


# -- a machine's own clock
@pytest.mark.parametrize("shift", [_HOUR, -_HOUR, timedelta(seconds=5), timedelta(seconds=-5)])
def test_how_far_a_machine_is_off_is_measured(door: Door, shift: timedelta) -> None:
    measured = skew_of(door.database, off_by(shift))

    assert abs(measured - shift) < timedelta(seconds=1)


def test_a_machine_that_keeps_time_is_taken(door: Door) -> None:
    assert too_far_off(skew_of(door.database)) is None


@pytest.mark.parametrize(("shift", "said"), [(_HOUR, "3600.0 s ahead of"), (-_HOUR, "3600.0 s behind")])
def test_whoever_runs_a_machine_that_is_off_is_told_by_how_much_and_what_to_do(shift: timedelta, said: str) -> None:
    refused = too_far_off(shift)

    assert refused is not None
    assert said in refused
    assert "chrony" in refused


def test_of_two_clocks_an_hour_apart_the_right_one_ticks_and_nothing_is_early(door: Door, overdue: Overdue) -> None:
    records = overdue.records_sent(5)
    coming = overdue.records_sent(3, ago=timedelta(days=5))
    wrong, heart = clock(door, off_by(_HOUR))
    right, _ = clock(door)

    assert wrong.tick() == 0
    assert not heart.steady
    assert overdue.deemed() == 0
    while right.tick():
        pass

    overdue.check(records)
    assert not {row.matter_id for row in overdue.rows_of_deemed()} & set(coming)


def test_a_clock_goes_on_once_its_machine_keeps_time_again(door: Door, overdue: Overdue) -> None:
    records = overdue.records_sent(2)
    shift = [_HOUR]
    found, heart = clock(door, lambda: datetime.now(UTC) + shift[0])
    assert found.tick() == 0

    shift[0] = timedelta()
    heart.beat()

    assert found.tick()
    overdue.check(records)


# -- several
def test_several_clocks_at_one_instant_share_it_and_enforce_each_deadline_once(door: Door, overdue: Overdue) -> None:
    records = overdue.records_sent(700)
    together = Barrier(3)

    def run() -> None:
        found, _ = clock(door)
        together.wait()
        while found.tick() or overdue.pending():
            pass

    clocks = [Thread(target=run) for _ in range(3)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()

    overdue.check(records)


def test_a_heart_says_who_is_alive(door: Door) -> None:
    for kind in ("clock", "clock", "worker"):
        Heart(door.database, kind).beat()

    found = alive(door.database)

    assert (found.clocks, found.workers) == (2, 1)
    assert found.last_clock is not None
    assert metrics.REGISTRY.get_sample_value("supervision_last_heartbeat_seconds")


# -- what a tick costs
def test_what_is_due_is_found_and_claimed_by_the_index_alone_without_sorting(door: Door, overdue: Overdue) -> None:
    overdue.records_sent(20)
    said: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if "FROM deadlines" in statement and statement.startswith("SELECT"):
            said.append((statement, parameters))

    event.listen(door.database.engine, "before_cursor_execute", note)
    try:
        assert enforce_overdue(door, overdue.id)
    finally:
        event.remove(door.database.engine, "before_cursor_execute", note)
    with owner_transaction(door.database.engine.url.render_as_string(hide_password=False)) as owner:
        owner.execute(text(_MANY_MORE))
        owner.execute(text("ANALYZE deadlines"))
    found = [(statement, parameters) for statement, parameters in said if "LIMIT" in statement]
    plans = [_plan(door, overdue, statement, parameters) for statement, parameters in found]

    assert len(plans) == 3
    for plan in plans:
        assert "ix_deadlines_pending" in plan
        assert "Sort" not in plan
        assert "Seq Scan" not in plan


#: What was enforced, as if it were due at the same instant again, 500 times as often.
_MANY_MORE = """
    INSERT INTO deadlines
    SELECT organisation_id, matter_id, number + times, name, 'running', enforces, due, due + interval '1 second', rank,
           receipt
    FROM deadlines CROSS JOIN generate_series(100, 599) AS times WHERE name = 'sign_by'
"""


def _plan(door: Door, overdue: Overdue, statement: str, parameters: Any) -> str:
    with door.database.write(overdue.id) as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
    return json.dumps(plan)
