"""A record that comes to its end, by signature, silence, ruling or leaving: its file, and a note still owed."""

from __future__ import annotations

from typing import Any

from workflows import record_filed
from workflows.consequence_payloads import Closing
from workflows.escalation import REMINDERS
from workflows.payloads import Note
from workflows.record_form import record_rules
from workflows.turn import Turn


def left(turn: Turn, data: Closing) -> None:
    """The supervisee left: closed by the service, never taken for accepted, and with a note where one is asked (E9)."""
    _close(turn, data.why)


def left_unsigned(turn: Turn, _data: Any) -> None:
    """Their window ends after they have left, and this is enforced before their leaving: all the same is due (E9)."""
    _close(turn, "left")


def _close(turn: Turn, why: str) -> None:
    was_sent = turn.matter.state != "draft"
    turn.keep(reason=why, note_owed=was_sent and record_rules(turn).closure_note is not None)
    turn.note(reason=why)


def has_left(turn: Turn) -> str | None:
    """A guard that picks the row: whether nobody is there to sign, or to be taken to accept (E9)."""
    person = turn.facts.directory.get(turn.matter.supervisee)
    return None if person is not None and person.has_left(turn.on) else "The supervisee has not left."


def enter_agreed(turn: Turn) -> None:
    """It has every signature that it needs: it goes to its file."""
    record_filed.open_filing(turn, "agreed")


def enter_deemed(turn: Turn) -> None:
    """Silence has accepted it: it goes to its file, and waits for the note that its supervisor may owe."""
    _note_waits(turn)
    record_filed.open_filing(turn, "deemed_accepted")


def enter_settled(turn: Turn) -> None:
    """Settled, or closed since one of the two has left: it goes to its file, and may wait for a note."""
    _note_waits(turn)
    record_filed.open_filing(turn, "settled")


def _note_waits(turn: Turn) -> None:
    if turn.data.get("note_owed"):
        turn.hold(_who_notes(turn))


def _who_notes(turn: Turn) -> str | None:
    """The supervisor; once they have left, the first manager above who has not (product default)."""
    directory, supervisor = turn.facts.directory, turn.supervisor
    above = (ref for ref in (supervisor, *directory.line(supervisor)) if ref and directory.in_post(ref, turn.on))
    return next(above, supervisor)


def closing(turn: Turn) -> tuple[str | None, ...] | None:
    """Who is reminded of the note."""
    return (_who_notes(turn),) if turn.data.get("note_owed") else None


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
