"""A session that was held in place of a cancelled one without all of its cases: the others are still owed."""

from __future__ import annotations

from workflows.cancellation_cases import TRIGGER
from workflows.cancellation_late import hold_rung, rung_of
from workflows.consequence_payloads import ReplacedInPart
from workflows.escalation import RUNGS, SYSTEM, above_supervisor
from workflows.model import Selector
from workflows.table import Check, Move
from workflows.turn import Turn
from workflows.vocabulary import Workflow

_SUBJECT = "A session was held again without all of its cases"


def _is_new_session(turn: Turn, data: ReplacedInPart) -> str | None:
    named = turn.matter.data.get("replacement") == str(data.session)
    return None if named else "It is not the session that was named as the new one."


def _was_on(rung: str) -> Check:
    """A check: whether the duty was late on this rung when the session was named."""

    def was_on(turn: Turn, _data: ReplacedInPart) -> str | None:
        kept = rung_of(turn.matter)
        return None if kept is not None and kept[0] == rung else f"It was not {rung} before."

    return was_on


def _leave_over(turn: Turn, data: ReplacedInPart) -> None:
    turn.note(session=str(data.session), left_over=list(data.cases))
    turn.keep(cases=list(data.cases), left_over=True)
    turn.then(Selector(Workflow.cancellation, id=turn.matter.id), TRIGGER)
    if _is_new_session(turn, data) is None:
        turn.keep(replacement=None)
    turn.tell(turn.supervisor, "rebooking_owed", _SUBJECT, urgent=True)


def _back_on_rung(turn: Turn, data: ReplacedInPart) -> None:
    _leave_over(turn, data)
    rung = rung_of(turn.matter)
    hold_rung(turn, turn.ladder or above_supervisor(turn), rung and rung[1], "left_over", _SUBJECT)


def replaced_in_part(open_states: tuple[str, ...]) -> tuple[Move, ...]:
    """The rows by which what was not discussed is owed on: by the same date, or on the rung of its lateness."""
    trigger, named = "replaced_in_part", ("rebooked",)
    return (
        *(
            Move(trigger, named, rung, SYSTEM, _back_on_rung, ReplacedInPart, checks=(_is_new_session, _was_on(rung)))
            for rung in RUNGS
        ),
        Move(
            trigger, named, "awaiting_rebooking", SYSTEM, _leave_over, ReplacedInPart, checks=(_is_new_session,)
        ),
        Move(trigger, open_states, None, SYSTEM, _leave_over, ReplacedInPart),
    )  # fmt: skip
