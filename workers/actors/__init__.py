"""Everything that happens by itself, one file each; this list is all that clocks and workers go by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.filing.outlets import outlet_of
from service.notices.failure_mailbox import FailureMailbox
from service.notices.set_up import channels_of
from service.storage.checkpoints import signing_key
from workers.actors.bounces import bounces
from workers.actors.deadlines import deadlines
from workers.actors.filing import filing
from workers.actors.notices import notices
from workers.actors.snapshots import snapshots
from workers.actors.upkeep import upkeep

if TYPE_CHECKING:
    from service.engine.door import Door
    from service.settings import Settings
    from workers.looks import Look


def looks(settings: Settings, door: Door) -> list[Look]:
    """What is looked for under these settings, the most urgent first.

    A further one is a file beside this one, and a line here: its queue and its actor follow from it.
    """
    key, outlet = signing_key(settings), outlet_of(settings)
    return [
        deadlines(door),
        # In a sandbox people have their own lists alone.
        *([] if settings.sandbox else [notices(door, channels_of(settings))]),
        *([bounces(door, FailureMailbox(settings.failures_url))] if settings.failures_url else []),
        *([filing(door, outlet, key)] if outlet is not None else []),
        upkeep(door, key),
        snapshots(door),
    ]
