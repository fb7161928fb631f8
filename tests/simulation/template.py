"""The council with which every course of events begins."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from tests.acceptance.beginnings import away, booked, disputed, sent

if TYPE_CHECKING:
    from tests.fixtures.served import Sandbox

_RECORDS = 4


def template(sandbox: Sandbox) -> tuple[UUID, frozenset[UUID]]:
    """Records sent on three days, a dispute, a session that nobody reports, somebody ill; the ids of the records."""
    story = sandbox.story()
    records = set()
    for day in ("03", "04", "05"):
        story.at(f"2025-03-{day}T10:00")
        records |= {UUID(sent(story)["id"]) for _ in range(_RECORDS)}
    disputed(story)
    booked(story, "2025-03-06T10:00")
    away(story, "lm", cause="unplanned")
    return UUID(story.organisation), frozenset(records)
