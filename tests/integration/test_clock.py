"""The clock on a real database: what has passed is enforced once, whoever and however many look for it."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select, update

from service.engine.due import TRY_AGAIN
from service.engine.ids import new_id
from service.engine.picture import read_organisation
from service.engine.rows import Rows
from service.engine.work import Work
from service.engine.writing import write
from service.organisations import create_organisation
from service.storage.matter_tables import deadlines, incidents, matters, steps
from tests.integration.council import Council
from workers.actors.deadlines import deadlines as deadlines_look
from workers.clock import Clock, Here
from workers.heart import Heart
from workflows.calendar import local_day
from workflows.model import Actor, Opening
from workflows.payloads import Circulate
from workflows.vocabulary import RecordKind, Role, Workflow

if TYPE_CHECKING:
    from service.engine.door import Door

_PEOPLE = """ref,name,email,job_role,line_manager_ref,supervisor_ref,start_date
lm,Lead Example,lm@council.example,service_manager,,,2018-01-08
sup,Super Example,sup@council.example,team_manager,lm,lm,2018-01-08
wkr,Work Example,wkr@council.example,social_worker,sup,sup,2018-01-08
"""
_SUPERVISOR = Actor("sup")


@pytest.fixture
def council(door: Door) -> Council:
    """A council that lives by the database's clock, and went live a month ago."""
    now = door.database.now()
    created = create_organisation(
        door.database, door.vault, name="Clockshire", policy_id="central-bedfordshire",
        live_from=local_day(now - timedelta(days=31)), admin_ref="admin", sandbox_now=None, now=now,
    )  # fmt: skip
    found = Council(door, created.organisation_id, created.token)
    found.take("people", _PEOPLE)
    return found


def _records_sent(council: Council, ago: timedelta, number: int) -> list[UUID]:
    """Records that were sent to be signed that long ago, as if the service had been away since."""
    with council.door.database.write(council.id) as connection:
        organisation = read_organisation(connection, council.id)
        then = replace(organisation, now=organisation.now - ago)
        picture = council.door.pictures.of(connection, organisation)
        work = Work(Rows(connection, council.id), then, picture, council.door.vault.sealer(then.wrapped_key))
        ids = [_sent(work) for _ in range(number)]
        write(work)
    return ids


def _sent(work: Work) -> UUID:
    opening = Opening(
        Workflow.record, id=new_id(work.now), kind=RecordKind.personal, supervisee="wkr", supervisor="sup",
        data={"opened_by": "sup"},
    )  # fmt: skip
    record = work.open(opening, _SUPERVISOR, Role.supervisor)
    work.fire(record.id, "circulate", Circulate(), _SUPERVISOR)
    return record.id


def _deemed(council: Council) -> int:
    with council.door.database.read(council.id) as connection:
        query = select(func.count()).where(steps.c.organisation_id == council.id, steps.c.trigger == "deem")
        found: int = connection.execute(query).scalar_one()
        return found


def _clock(door: Door) -> Clock:
    return Clock(Heart(door.database, "clock"), [deadlines_look(door)], Here(door))


def _tick(door: Door) -> int:
    return _clock(door).tick()


def _let_nothing_else_be_due(door: Door) -> None:
    while _tick(door):
        pass


@pytest.mark.clause("CBC-58")
def test_a_window_that_passed_while_the_service_was_away_is_enforced_by_the_next_tick(council: Council) -> None:
    _let_nothing_else_be_due(council.door)
    [record] = _records_sent(council, timedelta(days=20), 1)

    _tick(council.door)

    [found] = council.rows(matters, matters.c.id == record)
    assert found.state == "deemed_accepted"
    [window] = council.rows(deadlines, deadlines.c.matter_id == record, deadlines.c.name == "sign_by")
    [step] = council.rows(steps, steps.c.matter_id == record, steps.c.trigger == "deem")
    assert step.at == window.due + timedelta(seconds=1)


def test_what_has_not_passed_is_left_alone(council: Council) -> None:
    _let_nothing_else_be_due(council.door)
    _records_sent(council, timedelta(minutes=5), 1)

    _tick(council.door)

    assert _deemed(council) == 0


def test_several_clocks_at_once_enforce_every_deadline_once(council: Council) -> None:
    _let_nothing_else_be_due(council.door)
    records = _records_sent(council, timedelta(days=20), 60)
    together = threading.Barrier(3)

    def look() -> None:
        together.wait()
        _let_nothing_else_be_due(council.door)

    clocks = [threading.Thread(target=look) for _ in range(3)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()
    _let_nothing_else_be_due(council.door)

    assert _deemed(council) == len(records)


def test_a_deadline_that_no_rule_can_decide_is_parked_and_the_others_go_on(council: Council) -> None:
    _let_nothing_else_be_due(council.door)
    broken, sound = _records_sent(council, timedelta(days=20), 2)
    with council.door.database.write(council.id) as connection:
        own = (matters.c.organisation_id == council.id, matters.c.id == broken)
        connection.execute(update(matters).where(*own).values(policy_version="of nobody"))

    before: datetime = council.door.database.now()
    _let_nothing_else_be_due(council.door)

    [found] = council.rows(matters, matters.c.id == sound)
    assert found.state == "deemed_accepted"
    [incident] = council.rows(incidents, incidents.c.matter_id == broken)
    assert incident.kind == "undecidable"
    [parked] = council.rows(deadlines, deadlines.c.matter_id == broken, deadlines.c.name == "sign_by")
    assert parked.status == "running"
    assert parked.fires_at >= before + TRY_AGAIN


def test_a_clock_that_is_stopped_has_finished_its_batch(council: Council) -> None:
    records = _records_sent(council, timedelta(days=20), 3)
    clock = _clock(council.door)

    clock.start()
    while _deemed(council) < len(records):
        pass
    clock.stop()

    assert _tick(council.door) == 0
