"""A migrated database on each of the two engines, and one on PostgreSQL alone where only that makes a difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from service.settings import Settings
from service.storage.connection import Database, make_engine
from service.storage.migrate import migrate
from tests.integration.storage.written import SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, on SQLite and on PostgreSQL in turn."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    url: str = request.getfixturevalue("postgres_database")
    return url


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder}/supervision.sqlite3"


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Settings of a service on that database, which is no sandbox."""
    return Settings(database_url=database_url, secret_key=SecretStr(SECRET))


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """The database, migrated, as the service has it."""
    yield from migrated(settings)


@pytest.fixture
def postgres(postgres_database: str) -> Iterator[Database]:
    """A migrated database on PostgreSQL."""
    yield from migrated(Settings(database_url=postgres_database, secret_key=SecretStr(SECRET)))


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """A migrated database on SQLite."""
    yield from migrated(Settings(database_url=sqlite_url(tmp_path), secret_key=SecretStr(SECRET)))


def migrated(settings: Settings) -> Iterator[Database]:
    migrate(settings)
    database = Database(make_engine(settings.database_url))
    yield database
    database.engine.dispose()
