"""The door to a migrated sandbox, on SQLite and on PostgreSQL in turn; every test has councils of its own behind it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from service.engine.door import Door
from service.settings import Settings
from service.storage.connection import Database, make_engine
from service.storage.migrate import migrate
from service.storage.sealing import Vault
from tests.fixtures.postgres import fresh_database
from tests.integration.council import Council
from tests.integration.terminal import SECRET as _SECRET
from tests.integration.terminal import Terminal

if TYPE_CHECKING:
    from sqlalchemy import URL


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def door(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """The door to a database that all tests share, as its tenants."""
    if request.param == "sqlite":
        folder = tmp_path_factory.mktemp("councils")
        yield from _door(f"sqlite:///{folder}/supervision.sqlite3")
        return
    server: URL = request.getfixturevalue("postgres_server")
    with fresh_database(server) as url:
        yield from _door(url)


def _door(url: str) -> Iterator[Door]:
    settings = Settings(database_url=url, secret_key=SecretStr(_SECRET), sandbox=True)
    migrate(settings)
    database = Database(make_engine(settings.database_url))
    yield Door(database, Vault(_SECRET))
    database.engine.dispose()


@pytest.fixture
def council(door: Door) -> Callable[[str, str], Council]:
    """Makes a council under a policy that goes live at a London time."""
    return lambda policy, now: Council.under(door, policy, now)


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal in which a database of a real council is named, not yet migrated."""
    for name in [name for name in os.environ if name.startswith("SUPERVISION_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    environment = {
        "SUPERVISION_DATABASE_URL": f"sqlite:///{tmp_path}/council.sqlite3",
        "SUPERVISION_SECRET_KEY": _SECRET,
    }
    return Terminal(tmp_path, environment)
