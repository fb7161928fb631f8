"""Approving how often a case is supervised: by a head of service or a deputy, never by whoever proposed it (DAR-22)."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from workflows import escalation
from workflows.consequence_payloads import Passed
from workflows.frequency_effect import supersede, take_effect
from workflows.frequency_proposal import interval_of
from workflows.model import Ladder
from workflows.payloads import Reason
from workflows.table import Move
from workflows.turn import Turn
from workflows.vocabulary import Role

SUBJECT = "a case’s frequency waits for approval"


def needs_approval(turn: Turn) -> str | None:
    """Whether the status takes effect only when it is approved; an import may say that it was."""
    needed = _clause(turn) is not None and not turn.matter.data.get("approved_by")
    return None if needed else "No approval is needed."


def _clause(turn: Turn) -> str | None:
    row = interval_of(turn).row
    return row.needs_approval if row else None


def await_approval(turn: Turn, _data: Any) -> None:
    """What runs goes on meanwhile; an earlier proposal gives way."""
    turn.clause = _clause(turn)
    turn.columns["ladder"] = _deputies(turn)
    supersede(turn, lambda m: m.state == "awaiting_approval")


def _deputies(turn: Turn) -> Ladder:
    """The line above the heads of service, who have it in their queue; nobody of lower rank, never the proposer."""
    heads = turn.facts.directory.with_app_role(Role.head_of_service, turn.on)
    above = turn.facts.directory.line(heads[0]) if heads else ()
    return Ladder(above, frozenset(filter(None, (turn.matter.data.get("opened_by"), *heads))), escalation.APPROVERS)


def wait_for_approval(turn: Turn) -> None:
    """It is any head of service's turn; where none can act, a deputy's of higher rank."""
    turn.hold(None, Role.head_of_service)
    heads = _able(turn)
    turn.joined += heads
    turn.tell(heads, "approval_asked", f"Case {turn.matter.case}: a frequency waits for your approval", urgent=True)
    if not heads:
        ask_above(turn)


def _heads(turn: Turn) -> tuple[str, ...]:
    heads = turn.facts.directory.with_app_role(Role.head_of_service, turn.on)
    return tuple(ref for ref in heads if ref != turn.matter.data.get("opened_by"))


def _able(turn: Turn) -> tuple[str, ...]:
    return tuple(ref for ref in _heads(turn) if turn.facts.directory.away(ref, turn.on) is None)


def approvers(turn: Turn) -> tuple[str | None, ...]:
    """Who is reminded: the deputy, or every head of service but the proposer."""
    return (turn.holder,) if turn.holder is not None else _heads(turn)


def ask_above(turn: Turn) -> Ladder:
    """Ask the next deputy up; the ladder as it then is."""
    assert turn.ladder is not None  # noqa: S101  frozen when the approval was asked for
    escalation.climb(turn, turn.ladder, SUBJECT)
    return turn.ladder


def climb(turn: Turn, _data: Any) -> None:
    """Nobody has approved or refused: a deputy may."""
    escalation.start_waiting(turn, ask_above(turn))


def not_the_proposer(turn: Turn) -> str | None:
    """Nobody approves or refuses their own proposal."""
    if turn.actor.ref == turn.matter.data.get("opened_by"):
        return "Nobody approves what they proposed."
    return None


def approve(turn: Turn, data: Any) -> None:
    """The status takes effect; what was late before stays in the history of the one before."""
    turn.keep(approved_by=turn.actor.ref, approved_on=turn.on.isoformat())
    turn.columns["ladder"] = None
    take_effect(turn, data)
    turn.clause = _clause(turn)


def refuse(turn: Turn, data: Reason) -> None:
    """The status before runs on."""
    turn.write(reason=data.reason)
    people = (turn.matter.data.get("opened_by"), turn.matter.supervisee)
    turn.tell(people, "frequency_refused", f"Case {turn.matter.case}: the new frequency was not approved")


def tell_gone(turn: Turn) -> None:
    """Whoever proposed it and whoever was asked learn that nothing waits for approval any more."""
    people = (turn.matter.data.get("opened_by"), *approvers(turn))
    subject = f"Case {turn.matter.case}: another status has taken the place of the one that waited for approval"
    turn.tell(people, "approval_gone", subject)


# -- whoever is asked goes
def passes_on(*states: str) -> Move:
    """The row by which the next deputy is asked: the one who was is away, or the last head of service who could act."""
    row = escalation.passes_on(states, SUBJECT, Role.head_of_service)
    return replace(row, checks=(_leaves_nobody,))


def _leaves_nobody(turn: Turn, data: Passed) -> str | None:
    is_left = turn.holder != data.person if turn.holder else bool(_able(turn))
    return "Somebody who was asked can act." if is_left else None
