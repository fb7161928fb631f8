"""A council on PostgreSQL with deadlines that have passed, and the processes' parts around it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from service.engine.door import Door
from service.settings import Settings
from service.storage.connection import Database, make_engine
from service.storage.migrate import migrate
from service.storage.sealing import Vault
from tests.fixtures.overdue import Overdue, live_council
from tests.fixtures.postgres import fresh_database
from tests.fixtures.served import SECRET

if TYPE_CHECKING:
    from sqlalchemy import URL


@pytest.fixture
def settings(postgres_server: URL) -> Iterator[Settings]:
    """Settings of a service that is no sandbox, on a migrated database of its own."""
    with fresh_database(postgres_server) as url:
        given = Settings(database_url=url, secret_key=SecretStr(SECRET), sandbox=False)
        migrate(given)
        yield given


@pytest.fixture
def door(settings: Settings) -> Iterator[Door]:
    """The door to it."""
    database = Database(make_engine(settings.database_url))
    yield Door(database, Vault(SECRET))
    database.engine.dispose()


@pytest.fixture
def overdue(door: Door) -> Overdue:
    """A council in which nothing is due yet."""
    return live_council(door)
