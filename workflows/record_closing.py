"""A record that ends without a signature: silence, or a supervisee who left; its supervisor may owe a closing note."""

from __future__ import annotations

from workflows.escalation import REMINDERS
from workflows.payloads import Closing, Note
from workflows.record_form import record_rules
from workflows.turn import Turn


def left(turn: Turn, data: Closing) -> None:
    """The supervisee left: closed by the service, never taken for accepted, and with a note where one is asked (E9)."""
    was_sent = turn.matter.state != "draft"
    turn.keep(reason=data.why, note_owed=was_sent and record_rules(turn).closure_note is not None)
    turn.note(reason=data.why)


def note_waits(turn: Turn) -> None:
    """The record waits for the note that its supervisor owes, if they do."""
    if turn.data.get("note_owed"):
        turn.hold(turn.supervisor)


def closing(turn: Turn) -> tuple[str | None, ...] | None:
    """Who is reminded of the note."""
    return (turn.supervisor,) if turn.data.get("note_owed") else None


def note_owed(turn: Turn) -> str | None:
    """A guard: whether a closing note is owed."""
    return None if turn.matter.data.get("note_owed") else "No closing note is owed."


def note_closure(turn: Turn, data: Note) -> None:
    """The supervisor closes the record with a note, which leaves its state as it is (CBC-43)."""
    turn.clause = record_rules(turn).closure_note
    turn.write(note=data.note)
    turn.keep(note_owed=False)
    for name in REMINDERS:
        turn.meet(name)
    turn.hold(None)
