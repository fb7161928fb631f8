"""A change of supervisor that somebody above decided on: a plan of the absence's form, for one supervisee."""

from __future__ import annotations

from workflows.model import Opening
from workflows.turn import Turn
from workflows.vocabulary import AbsenceCause, Workflow


def reallocation(turn: Turn) -> Opening:
    """The plan to be opened: whoever is asked finds the supervisee somebody else."""
    return Opening(
        Workflow.absence,
        kind="reallocation",
        person=turn.matter.supervisor,
        data={
            "first_day": turn.on.isoformat(),
            "cause": AbsenceCause.other.value,
            "only": [turn.matter.supervisee],
            "opened_by": turn.actor.ref,
        },
    )
