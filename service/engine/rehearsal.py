"""What would be decided, played in memory: what speaks against a session before it is booked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.engine.prospect import Unlocked
from service.engine.work import Work

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.engine.rows import Rows
    from workflows.model import Matter


def conflicts_of(work: Work, rows: Rows, opens: Callable[[Work], Matter]) -> list[dict[str, Any]]:
    """What a session says of its own time, if it is booked as `opens` does it. Nothing is kept. Raises Refused."""
    ahead = Work(Unlocked(rows), work.organisation, work.picture, work.sealer)
    found: list[dict[str, Any]] = opens(ahead).data["conflicts"]
    return found
