"""Servers of the tests' own, which they may kill, and a council on them."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from service.engine.door import Door
from service.settings import Settings
from service.storage.connection import Database, make_engine
from service.storage.migrate import migrate
from service.storage.sealing import Vault
from tests.faults.size import FIRST_SEED
from tests.fixtures.overdue import Overdue, live_council
from tests.fixtures.postgres import fresh_database
from tests.fixtures.postgres_server import RestartablePostgres, restartable_postgres
from tests.fixtures.served import SECRET

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def postgres() -> Iterator[RestartablePostgres]:
    """A PostgreSQL that tests may end and start again."""
    with restartable_postgres() as server:
        yield server


@pytest.fixture
def database_url(postgres: RestartablePostgres) -> Iterator[str]:
    """A migrated database on it that is no sandbox."""
    with fresh_database(postgres.url) as url:
        migrate(Settings(database_url=url, secret_key=SecretStr(SECRET), sandbox=False))
        yield url


@pytest.fixture
def overdue(database_url: str) -> Iterator[Overdue]:
    """A council in which nothing is due yet."""
    database = Database(make_engine(database_url))
    yield live_council(Door(database, Vault(SECRET)))
    database.engine.dispose()


@pytest.fixture
def chance(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Random:
    """Chance that can be played again."""
    with capsys.disabled():
        print(f"\n{request.node.name}: SUPERVISION_FAULT_SEED={FIRST_SEED}")  # noqa: T201 - to be played again
    return Random(f"{FIRST_SEED} {request.node.name}")  # noqa: S311 - nothing is kept secret by it


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A folder for logs."""
    return tmp_path
