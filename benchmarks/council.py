"""A council made for measuring: a migrated database, and as many records waiting for a signature as are wanted."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from msgspec import Struct
from pydantic import SecretStr

from service.engine.door import Door
from service.engine.ids import new_id
from service.engine.work import Work
from service.identity.tokens import keep_token
from service.imports import import_people
from service.organisations import create_organisation
from service.settings import Settings
from service.storage.connection import Database, make_engine
from service.storage.migrate import migrate
from service.storage.sealing import Vault
from tests.fixtures.postgres import fresh_database, some_postgres
from workflows.calendar import LONDON, local_day
from workflows.model import Actor, Opening
from workflows.payloads import Circulate
from workflows.vocabulary import RecordKind, Role, Workflow

#: A Monday, so that windows in working days are the same in every run.
START = datetime(2025, 3, 3, 9, tzinfo=LONDON)
_PEOPLE = b"""ref,name,email,job_role,line_manager_ref,supervisor_ref,start_date
lm,Lead Example,lm@council.example,service_manager,,,2018-01-08
sup,Super Example,sup@council.example,team_manager,lm,lm,2018-01-08
wkr,Work Example,wkr@council.example,social_worker,sup,sup,2018-01-08
"""
#: How many records one transaction opens.
_AT_ONCE = 250


class Bench(Struct, frozen=True):
    """A council ready to be measured."""

    settings: Settings
    door: Door
    organisation_id: UUID
    #: The token of the worker who signs.
    token: str
    records: list[UUID]


@contextmanager
def postgres_url() -> Iterator[str]:
    """A database of its own on whatever PostgreSQL there is, dropped afterwards."""
    with some_postgres() as server, fresh_database(server) as url:
        yield url


def door_to(url: str) -> tuple[Door, Settings]:
    """The door to a new database, migrated as a sandbox, and the settings that open it."""
    settings = Settings(database_url=url, sandbox=True, secret_key=SecretStr(secrets.token_urlsafe(48)), examples=False)
    migrate(settings)
    return Door(Database(make_engine(url)), Vault(settings.secret_key.get_secret_value())), settings


def council(url: str, records: int, now: datetime = START) -> Bench:
    """A sandbox council under the Central Bedfordshire policy with personal records that wait for their signature."""
    door, settings = door_to(url)
    database = door.database
    created = create_organisation(
        database, door.vault, name="Bench", policy_id="central-bedfordshire", live_from=local_day(now),
        admin_ref="admin", sandbox_now=now, now=now,
    )  # fmt: skip
    own = created.organisation_id
    door.run(own, lambda work: import_people(work, _PEOPLE, Actor("admin"), dry_run=False))
    found: list[UUID] = []
    for number in _parts(records):
        found += door.run(own, partial(_waiting, number=number))
    with database.write(own) as connection:
        token = keep_token(connection, own, "wkr", "bench", ("all",), now, expires_at=None)
    return Bench(settings, door, own, token, found)


def _parts(records: int) -> Iterator[int]:
    """How many records each transaction opens."""
    for start in range(0, records, _AT_ONCE):
        yield min(_AT_ONCE, records - start)


def _waiting(work: Work, number: int) -> list[UUID]:
    """Open and circulate records: their windows end at one and the same instant."""
    supervisor, ids = Actor("sup"), []
    for _ in range(number):
        opening = Opening(
            Workflow.record, id=new_id(work.now), kind=RecordKind.personal, supervisee="wkr", supervisor="sup",
            data={"opened_by": "sup"},
        )  # fmt: skip
        matter = work.open(opening, supervisor, Role.supervisor)
        work.fire(matter.id, "circulate", Circulate(), supervisor)
        ids.append(matter.id)
    return ids


#: Past every window of records that were circulated at START.
AFTER_THE_WINDOW = START + timedelta(days=8)
