"""What a verification says: what it looked at, and everything that is not as it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from uuid import UUID


class Fault(Struct, frozen=True):
    """One thing that does not hold, in a sentence, and the matter or the checkpoint (by number) that it is about."""

    what: str
    matter_id: UUID | None = None
    checkpoint: int | None = None


class Report(Struct):
    """Counts of what was checked, and the faults that were found."""

    matters: int = 0
    steps: int = 0
    #: Deadlines whose due instant was computed again from the receipt.
    receipts: int = 0
    #: Sealed texts that were opened and held against what their step commits to.
    texts: int = 0
    #: Commitments to texts whose key was destroyed: nobody can say more of them.
    texts_destroyed: int = 0
    checkpoints: int = 0
    #: Heads in checkpoints that were held against the step they name.
    heads: int = 0
    #: Days of the log of openings that were worked out again.
    view_days: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.faults
