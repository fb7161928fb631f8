"""Deadlines that have passed: enforced batch after batch, one batch of an organisation at a look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.engine.due import enforce_overdue
from workers.looks import Look

if TYPE_CHECKING:
    from service.engine.door import Door
    from service.engine.work import Work


def deadlines(door: Door) -> Look:
    """Looks each second."""
    return Look(
        "deadlines",
        every=1.0,
        waiting=lambda: [found.organisation_id for found in door.database.due_now().organisations],
        look=lambda own, _: enforce_overdue(door, own),
        left_by=_leaves_some_due,
    )


def _leaves_some_due(work: Work) -> bool:
    """Whether a deadline is due at once: what was put off is to be tried again."""
    passed = (row["fires_at"] is not None and row["fires_at"] <= work.now for row in work.writes.deadlines.values())
    return "deadlines" in work.left or any(passed)
