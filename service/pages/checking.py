"""Which moves are shown with all that follows from them before they are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from workflows.machine import available
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from service.api.asking import Asking
    from workflows.table import Move

#: Moves that end nothing, and still reach people who cannot be untold, or many matters at once.
_REACH_FAR = frozenset(
    {
        (Workflow.absence, "assign_cover"),
        (Workflow.cancellation, "direct"),
        (Workflow.referral, "forward"),
        (Workflow.frequency, "approve"),
    }
)


def move_open_to(asking: Asking, matter_id: UUID, trigger: str) -> tuple[Workflow, Move] | None:
    """The row of a trigger that is open to the visitor now, with its workflow; None where none is."""
    matter = asking.rows.matters([matter_id], lock=False)[0].matter
    found = available(matter, asking.actor, asking.work.facts(matter), asking.work.now)
    return next(((matter.workflow, move) for move in found if move.trigger == trigger), None)


def is_checked(row: tuple[Workflow, Move] | None) -> bool:
    """Whether a move is final, or reaches so far that it is confirmed like one that is."""
    if row is None:
        return False
    workflow, move = row
    ends = move.dest is not None and DEFINITIONS[workflow].states[move.dest].final
    return ends or (workflow, move.trigger) in _REACH_FAR
