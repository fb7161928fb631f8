"""A record that is late: who is told of it, who is reminded, and who is told next."""

from __future__ import annotations

from typing import Any

from workflows import escalation, record_form, recorder
from workflows.record_form import record_rules
from workflows.turn import Turn


def circulation_missed(turn: Turn, _data: Any) -> None:
    """The draft was not sent in time."""
    turn.clause = record_rules(turn).circulate_by.clause
    turn.keep(circulation_missed=True)
    _tell_above(turn, "circulation_missed", "A supervision record was not sent in time")


def amend_missed(turn: Turn, _data: Any) -> None:
    """A disputed record was not amended in time."""
    turn.keep(amend_missed=True)
    _tell_above(turn, "amend_missed", "A record was not amended in time")


def _tell_above(turn: Turn, kind: str, subject: str) -> None:
    """Tell the supervisor and the line manager, and remind both; the work stays with the supervisor."""
    asked = escalation.ask_next(turn, escalation.above_supervisor(turn))
    turn.joined += [asked.holder] if asked.holder else []
    turn.tell((turn.supervisor, recorder.recorder_of(turn), asked.holder), kind, subject)
    escalation.start_waiting(turn, asked.ladder)


def tell_next_up(turn: Turn, _data: Any) -> None:
    """It still waits: the next one up learns of it, whoever holds it."""
    ladder = turn.ladder or escalation.above_supervisor(turn)
    escalation.tell_next_up(turn, ladder, "A supervision record is still waiting", (turn.holder,))


def late_writer(turn: Turn) -> tuple[str | None, ...] | None:
    """Whom a draft that was not sent in time waits for."""
    if not turn.data.get("circulation_missed"):
        return None
    return (*_late_and_above(turn), recorder.recorder_of(turn), record_form.contributor_owes(turn))


def late_amender(turn: Turn) -> tuple[str | None, ...] | None:
    """Whom a record that was not amended in time waits for."""
    return _late_and_above(turn) if turn.data.get("amend_missed") else None


def _late_and_above(turn: Turn) -> tuple[str | None, ...]:
    return (turn.supervisor, *(turn.ladder.asked[:1] if turn.ladder else ()))
