"""Why a move does not happen, in sentences for the person who tried; nothing here knows HTTP."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818  a refusal is an answer, not an error
    """A rule forbids the move now. `guard` names the rule; the sentence says why."""

    def __init__(self, guard: str, why: str) -> None:
        super().__init__(why)
        self.guard, self.why = guard, why


class NotYourMove(Refused):
    """The asker may see the matter, and this move belongs to somebody else."""


class UnknownMove(Refused):
    """The workflow has no move of this name."""
