"""Notices: sent by the channels that are set up, beside everything else, so that a slow one holds up no deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.notices.delivery import deliver_due
from workers.looks import Look

if TYPE_CHECKING:
    from service.engine.door import Door
    from service.engine.work import Work
    from service.notices.channels import Channels


def notices(door: Door, channels: Channels) -> Look:
    """Looks every five seconds. Several at once are harmless."""
    return Look(
        "notices",
        every=5.0,
        waiting=lambda: door.database.notice_organisations(door.database.now()),
        look=lambda own, _: deliver_due(door, channels, own),
        left_by=_leaves_urgent_ones,
    )


def _leaves_urgent_ones(work: Work) -> bool:
    """Whether somebody is to be told at once."""
    urgent = (row["urgent"] and row["status"] == "waiting" and row["at"] <= work.now for row in work.writes.notices)
    return "notices" in work.left or any(urgent)
