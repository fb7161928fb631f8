"""Naming the session that is to replace a cancelled one: which fits, and what is kept of a duty that is late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from workflows.escalation import RUNGS
from workflows.model import Facts, Matter, Selector
from workflows.payloads import Rebook
from workflows.replacing import missing
from workflows.turn import Turn
from workflows.vocabulary import Workflow


def replaces(turn: Turn, data: Rebook) -> str | None:
    """The session that is named is to come, and takes the place of the one that was cancelled."""
    session = next((m for m in turn.facts.related if m.id == data.session), None)
    if session is None or session.state != "scheduled":
        return "Book the new session first, and name it here while it is still to come."
    same = (session.kind, session.supervisee, session.supervisor)
    if same != (turn.matter.kind, turn.matter.supervisee, turn.supervisor):
        return "The new session must be of the same kind, with the same people."
    lacks = missing(turn.matter, session.data["cases"])
    return f"The new session must be about the same cases: {', '.join(lacks)} as well." if lacks else None


def says_why_late(turn: Turn, data: Rebook) -> str | None:
    """A session after the date that it is owed by needs a reason."""
    starts_at = next(datetime.fromisoformat(m.data["starts_at"]) for m in turn.facts.related if m.id == data.session)
    window = turn.matter.live("rebook_by")
    late = window is None or window.due is None or starts_at > window.due
    return "The new session is after the date it is owed by: say why." if late and not data.reason else None


def rebook_looks_at(_matter: Matter, data: Rebook, _facts: Facts) -> Iterable[Selector]:
    """The session that is named."""
    return (Selector(Workflow.session, id=data.session),)


def is_unbooked(turn: Turn) -> str | None:
    """No session is named yet."""
    return None if turn.matter.data.get("replacement") is None else "A new session is named already."


def rebook(turn: Turn, data: Rebook) -> None:
    """Name the new session; where the duty is late, whoever was asked learns of it and nothing is forgotten."""
    turn.note(session=str(data.session))
    turn.keep(replacement=str(data.session))
    keep_rung(turn)
    turn.write(reason=data.reason)
    people = (turn.matter.supervisee, *turn.matter.data["participants"], turn.matter.holder)
    turn.tell((ref for ref in people if ref != turn.actor.ref), "rebooked", "A cancelled session has a new date")


def keep_rung(turn: Turn) -> None:
    """Remember the rung that a late duty leaves for a new date: it comes back there if that one is lost as well."""
    if turn.matter.state in RUNGS:
        turn.keep(rung={"state": turn.matter.state, "holder": turn.matter.holder})
