"""A served sandbox on PostgreSQL, where several may write at once, and one on each database in turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.conftest import either_sandbox, either_story, postgres_sandbox, sqlite_sandbox
from tests.fixtures.postgres import fresh_database
from tests.fixtures.served import Sandbox, Story, sandbox_on

if TYPE_CHECKING:
    from sqlalchemy import URL

__all__ = ["either_sandbox", "either_story", "postgres_sandbox", "sqlite_sandbox"]


@pytest.fixture(scope="session")
def busy_sandbox(postgres_server: URL) -> Iterator[Sandbox]:
    """A sandbox on PostgreSQL, which all tests here share as its tenants."""
    with fresh_database(postgres_server) as url, sandbox_on(url) as served:
        yield served


@pytest.fixture
def story(busy_sandbox: Sandbox) -> Story:
    """Monday 3 March 2025, nine o'clock, under Central Bedfordshire's policy."""
    return busy_sandbox.story()
