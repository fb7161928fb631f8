"""A council whose notices leave: a Monday at ten, three people, and a channel that keeps what it is sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.fakes.channel import FakeChannel
from tests.integration.council import Council
from tests.integration.notices.telling import PEOPLE, Post


@pytest.fixture
def story(council: Callable[[str, str], Council]) -> Council:
    """Central Bedfordshire, on Monday 3 March 2025 at ten, with nothing left to send."""
    found = council("central-bedfordshire", "2025-03-03T10:00")
    found.take("people", PEOPLE)
    Post(found).go()
    return found


@pytest.fixture
def post(story: Council) -> Post:
    """Whoever delivers for that council, by mail."""
    return Post(story, FakeChannel())
