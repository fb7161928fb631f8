"""An important or sensitive action: whoever answers for the worker's work agrees before it is done (HAR-16)."""

from __future__ import annotations

from typing import Any

from workflows import escalation
from workflows.escalation import SYSTEM
from workflows.model import Ladder
from workflows.policy_relationship import ActionPolicy
from workflows.table import Move
from workflows.turn import Turn
from workflows.vocabulary import Status

_SUBJECT = "an important or sensitive action needs your agreement"


def _rules(turn: Turn) -> ActionPolicy:
    return turn.facts.policy.action


def accountable(turn: Turn) -> str | None:
    """Who answers for the worker's work today."""
    return turn.facts.directory.accountable_for(turn.matter.supervisee, turn.on)


def line_for(turn: Turn) -> Ladder:
    """The line above whoever it waits for: above the supervisor, or above who is to agree first."""
    if needs_agreement(turn) is not None:
        return escalation.above_supervisor(turn)
    return escalation.line_above(turn, accountable(turn), accountable(turn), turn.matter.supervisee)


# -- guards
def agreed_above(turn: Turn) -> str | None:
    """A guard: whether nobody's agreement is missing."""
    if turn.matter.data.get("agreed_above", True):
        return None
    return f"The line manager has not agreed to this action yet ({_rules(turn).sensitive})."


def needs_agreement(turn: Turn) -> str | None:
    """A guard: whether an agreement is waited for."""
    return None if turn.data.get("agreed_above") is False else "No agreement of the line manager is needed."


# -- asking
def ask_above(turn: Turn) -> None:
    """Whoever answers for the worker's work agrees: by opening it themselves, or when they are asked."""
    manager = accountable(turn)
    if manager == turn.actor.ref:
        turn.clause = f"{_rules(turn).clause}, {_rules(turn).sensitive}"
        turn.keep(agreed_above=True)
        turn.note(agreed_by=manager)
        return
    turn.keep(agreed_above=False)
    _ask(turn, manager)


def _ask(turn: Turn, manager: str | None) -> None:
    turn.keep(asked_above=manager)
    turn.joined += [manager] if manager else []
    turn.tell(manager, "action_sensitive", "An important or sensitive action needs your agreement", urgent=True)


def agree_above(turn: Turn, _data: Any) -> None:
    """From now on it is to be done; what waits from here on climbs above the supervisor."""
    turn.clause = _rules(turn).sensitive
    turn.keep(agreed_above=True)
    told = (ref for ref in (turn.data["owner"], turn.supervisor) if ref != turn.actor.ref)
    turn.tell(told, "action_agreed_above", "The line manager agrees to an action")
    turn.columns["ladder"] = None
    if turn.data.get("top_of_the_line"):
        turn.keep(top_of_the_line=False)
    for name in escalation.REMINDERS:
        turn.close(name, Status.met)
    if turn.data.get("late"):
        escalation.start_waiting(turn, escalation.above_supervisor(turn))


# -- waiting
def _remind(turn: Turn, _data: Any) -> None:
    manager = accountable(turn)
    if manager == turn.data.get("asked_above"):
        turn.tell(manager, "reminder", f"Reminder: {_SUBJECT}")
    else:
        _ask(turn, manager)
    if turn.live("climb_by") is None:
        escalation.look_above(turn, turn.ladder or line_for(turn))
    escalation.start_reminder(turn, "last reminder")


def _tell_next_up(turn: Turn, _data: Any) -> None:
    subject = "An important or sensitive action still waits for the line manager’s agreement"
    escalation.tell_next_up(turn, turn.ladder or line_for(turn), subject)


def reminds(states: tuple[str, ...]) -> Move:
    """The row that reminds whoever is to agree, and tells whoever that has become."""
    return Move("remind", states, None, SYSTEM, _remind, when=(needs_agreement,))


def climbs(states: tuple[str, ...]) -> Move:
    """The row that tells the next one up that an agreement is waited for."""
    return Move("climb", states, None, SYSTEM, _tell_next_up, when=(needs_agreement,))
