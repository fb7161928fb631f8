"""Who signs a record: both, or the supervisor alone, whose sending then makes it final (LDS-35)."""

from __future__ import annotations

from workflows.payloads import Circulate
from workflows.record_form import record_rules
from workflows.record_sending import finish
from workflows.turn import Turn

_OBJECT = "Your supervisor alone signs it. Where it is not right, object to it: your objection stays with it."


def is_signed_by_both(turn: Turn) -> str | None:
    """A guard: where one signature makes the record final, nobody gives it in the supervisor's stead."""
    if record_rules(turn).signatories == "both":
        return None
    return "The supervisor alone signs this record, by sending it: write it, and they will look at it."


def is_signed_by_one(turn: Turn) -> str | None:
    """A guard that picks the row: whether the supervisor alone signs."""
    return None if record_rules(turn).signatories == "supervisor" else "Both sign this record."


def sign(turn: Turn, data: Circulate) -> None:
    """The supervisor signs and dates it; the supervisee is told, and can read it."""
    finish(turn, data)
    turn.clause = record_rules(turn).signature_clause
    turn.keep(signed={"supervisor": turn.now.isoformat()})
    turn.tell(turn.matter.supervisee, "signed", "A supervision record was signed", _OBJECT)
