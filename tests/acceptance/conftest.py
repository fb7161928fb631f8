"""Sandboxes that all stories share, each story with a council of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.fixtures.postgres import another_login, fresh_database
from tests.fixtures.served import Sandbox, Story, sandbox_on

if TYPE_CHECKING:
    from sqlalchemy import URL


@pytest.fixture(scope="session")
def postgres_sandbox(postgres_server: URL) -> Iterator[Sandbox]:
    """A sandbox on PostgreSQL, whose service logs in as somebody who owns nothing."""
    with fresh_database(postgres_server) as owner, another_login(owner) as url, sandbox_on(url, owner) as served:
        yield served


@pytest.fixture(scope="session")
def sandbox(postgres_sandbox: Sandbox) -> Sandbox:
    """The sandbox to which every story is told: the one that row-level security binds."""
    return postgres_sandbox


@pytest.fixture(scope="session")
def sqlite_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox on SQLite."""
    with sandbox_on(f"sqlite:///{tmp_path_factory.mktemp('sandbox')}/supervision.sqlite3") as served:
        yield served


@pytest.fixture(params=["sqlite_sandbox", "postgres_sandbox"], ids=["sqlite", "postgresql"])
def either_sandbox(request: pytest.FixtureRequest) -> Sandbox:
    """A sandbox on each database in turn, for what touches storage."""
    found: Sandbox = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def story(sandbox: Sandbox) -> Story:
    """Monday 3 March 2025, nine o'clock, under Central Bedfordshire's policy."""
    return sandbox.story()


@pytest.fixture
def either_story(either_sandbox: Sandbox) -> Story:
    """The same on each database in turn."""
    return either_sandbox.story()
