"""The daily snapshot: each day is taken once it is over, and days that were missed are caught up on, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.engine.snapshot_taking import take_days
from workers.looks import Look

if TYPE_CHECKING:
    from service.engine.door import Door


def snapshots(door: Door) -> Look:
    """Looks every quarter of an hour at every council, in a sandbox by its own clock. Several at once are harmless."""
    return Look("snapshots", every=900.0, waiting=door.database.organisations, look=lambda own, _: take_days(door, own))
