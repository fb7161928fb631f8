"""A record that is evidence in a review: it stays as it is until the review is over (LDS-45)."""

from __future__ import annotations

from typing import Any

from workflows.disclosure_payloads import Frozen
from workflows.payloads import Circulate
from workflows.turn import Turn

_STAYS = "The record is evidence in a review and stays as it is until that is over"


def not_frozen(turn: Turn) -> str | None:
    """A guard: whether the record may be changed."""
    frozen = turn.matter.data.get("frozen")
    return f"{_STAYS} ({next(iter(frozen.values()))})." if frozen else None


def not_frozen_in_sending(turn: Turn, data: Circulate) -> str | None:
    """A check: a record that is evidence may be sent, and not changed with it."""
    return not_frozen(turn) if data.sections else None


def freeze(turn: Turn, data: Frozen) -> None:
    """The record becomes evidence, under the clause that has it so."""
    turn.clause = data.clause
    turn.keep(frozen={**turn.matter.data.get("frozen", {}), str(data.by): data.clause})
    turn.note(evidence_for=str(data.by))


def unfreeze(turn: Turn, data: Any) -> None:
    """One review is over. What could not be amended meanwhile has its time from now, and was not late."""
    left = {by: clause for by, clause in turn.matter.data.get("frozen", {}).items() if by != str(data.by)}
    turn.keep(frozen=left)
    turn.note(evidence_for=str(data.by))
    is_to_amend = turn.matter.state == "disputed" and (turn.live("amend_by") or turn.data.get("amend_missed"))
    if left or not is_to_amend:
        return
    turn.correct("amend_by")
    turn.keep(amend_missed=False)
    turn.set("amend_by", turn.count(turn.facts.policy.record.amend_by.term, "review over", turn.window_start))
