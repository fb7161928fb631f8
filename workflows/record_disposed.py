"""A record of which nothing is left but its history: its texts were disposed of with the file that it belonged to."""

from __future__ import annotations

from workflows.retention_payloads import DisposedOf
from workflows.turn import Turn


def not_disposed(turn: Turn) -> str | None:
    """A guard: whether there still is a record to say something about."""
    return "This record was disposed of when its time was over." if turn.matter.data.get("disposed_on") else None


def dispose(turn: Turn, data: DisposedOf) -> None:
    """Say in the record's own history that its texts are gone; nothing is owed on it any more."""
    turn.clause = turn.facts.policy.retention.keep_for.clause if turn.facts.policy.retention.keep_for else None
    turn.keep(disposed_on=turn.on.isoformat(), note_owed=False)
    turn.note(certificate=str(data.by))
    turn.end_all()
    turn.hold(None)
