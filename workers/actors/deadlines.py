"""Deadlines that have passed: enforced batch after batch, one batch of an organisation at a look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.engine.due import enforce_overdue
from workers.looks import Look

if TYPE_CHECKING:
    from service.engine.door import Door


def deadlines(door: Door) -> Look:
    """Looks each second."""
    return Look(
        "deadlines",
        every=1.0,
        waiting=lambda: [found.organisation_id for found in door.database.due_now().organisations],
        look=lambda own, _: enforce_overdue(door, own),
    )
