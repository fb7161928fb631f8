"""A manager directs how a late session is held again: on which day, by whom, or both."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from workflows.model import Opening, Selector
from workflows.payloads import Direct
from workflows.receipts import iso
from workflows.takeover import make_party
from workflows.turn import Turn
from workflows.vocabulary import Workflow


def _names_something(_turn: Turn, data: Direct) -> str | None:
    return None if data.starts_at or data.supervisor else "Direct a new date, another supervisor, or both."


def _supervisor_can(turn: Turn, data: Direct) -> str | None:
    directory, ref = turn.facts.directory, data.supervisor
    if ref is None:
        return None
    if not directory.in_post(ref, turn.on):
        return f"{ref} is not in post."
    if directory.away(ref, turn.on):
        return f"{turn.name(ref)} is away."
    people = (turn.matter.supervisee, *turn.matter.data["participants"])
    return "Nobody supervises themselves." if ref in people else None


def _in_future(turn: Turn, data: Direct) -> str | None:
    if data.starts_at is None or data.starts_at > turn.now:
        return None
    return "The new date must be still to come."


def _somebody_is_left(turn: Turn, _data: Direct) -> str | None:
    people = (turn.matter.supervisee, *_participants(turn))
    return None if any(people) else "Nobody of the group is in post any more: excuse it."


DIRECT_CHECKS = (_names_something, _supervisor_can, _in_future, _somebody_is_left)


def direct(turn: Turn, data: Direct) -> None:
    """Give the order; with a date in it, the session is booked by the order itself and takes the place of any other."""
    supervisor = data.supervisor or turn.supervisor
    if data.supervisor:
        turn.columns["supervisor"] = supervisor
        make_party(turn, data.supervisor)
    turn.note(supervisor=supervisor, starts_at=data.starts_at and iso(data.starts_at))
    turn.write(reason=data.reason)
    booked = turn.matter.data.get("replacement")
    if booked:
        turn.then(Selector(Workflow.session, id=UUID(booked)), "end", why="directed")
    turn.keep(replacement=str(turn.open(_session(turn, data.starts_at, supervisor))) if data.starts_at else None)
    turn.tell((turn.matter.supervisee, supervisor), "directed", "A manager has directed when a session is held again")


def _session(turn: Turn, starts_at: datetime, supervisor: str | None) -> Opening:
    owed = turn.matter
    return Opening(
        Workflow.session,
        kind=owed.kind,
        supervisee=owed.supervisee,
        supervisor=supervisor,
        data={
            "opened_by": turn.actor.ref,
            "starts_at": iso(starts_at),
            "participants": _participants(turn),
            **{name: owed.data[name] for name in ("cases", "minutes", "professional")},
            "moved": 0,
        },
    )


def _participants(turn: Turn) -> list[str]:
    return [ref for ref in turn.matter.data["participants"] if turn.facts.directory.in_post(ref, turn.on)]
