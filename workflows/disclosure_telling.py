"""The people concerned know of a request: at once, or later where an investigation requires it (DAR-24, CBC-63)."""

from __future__ import annotations

from typing import Any

from workflows import hr_queue
from workflows.disclosure_payloads import Authority
from workflows.disclosure_scope import release_rule
from workflows.turn import Turn
from workflows.vocabulary import Role


def is_untold(turn: Turn) -> str | None:
    """A guard: whether the people concerned do not know yet."""
    return "The people concerned know of it already." if turn.data.get("told_at") else None


def is_told(turn: Turn) -> str | None:
    """A guard: whether the people concerned know of it."""
    return None if turn.data.get("told_at") else "The people concerned are still to be told."


def tell_people(turn: Turn, _data: Any = None) -> None:
    """Tell everybody whose records are asked for; from now on they see the request."""
    people = [ref for ref in turn.data["people"] if ref != turn.actor.ref]
    turn.clause = turn.facts.policy.disclosure.told.clause
    turn.keep(told_at=turn.now.isoformat())
    gone = [ref for ref in people if (who := turn.facts.directory.get(ref)) is not None and who.has_left(turn.on)]
    turn.note(told=[ref for ref in people if ref not in gone], left=gone)
    turn.meet("tell_by")
    turn.columns["supervisee"] = turn.matter.data["subject"]
    turn.joined += people
    turn.tell(people, "records_asked_for", "Supervision records of yours are asked for", urgent=True)
    if gone:
        subject = "Somebody whose supervision records are asked for has left: tell them by letter"
        turn.tell(hr_queue.colleagues(turn, people), "tell_by_letter", subject, urgent=True)


def put_off(turn: Turn) -> None:
    """Telling waits, and not for longer than the policy lets it."""
    turn.clause = release_rule(turn).delay_clause
    turn.note(authorised_by=turn.data["authorised_by"])
    term = turn.facts.policy.disclosure.tell_within.term
    turn.set("tell_by", turn.count(term, "telling put off", turn.window_start))


def put_off_again(turn: Turn, data: Authority) -> None:
    """Telling waits longer, on a new authority."""
    turn.keep(authorised_by=data.authorised_by)
    turn.write(authority=data.authority)
    put_off(turn)


def opening_may_be_put_off(turn: Turn) -> str | None:
    """A check of the opening: where telling is put off at all, a clause and somebody's authority allow it."""
    authorised_by = turn.matter.data["authorised_by"]
    return None if authorised_by is None else may_be_put_off(turn) or _has_authority(turn, authorised_by)


def may_be_put_off(turn: Turn) -> str | None:
    """A guard: whether such a request lets telling wait."""
    if release_rule(turn).delay_clause is not None:
        return None
    return f"The people concerned are told at once ({turn.facts.policy.disclosure.told.clause})."


def has_authority(turn: Turn, data: Authority) -> str | None:
    """A check: whether whoever allows the delay may."""
    return _has_authority(turn, data.authorised_by)


def _has_authority(turn: Turn, ref: str) -> str | None:
    """A head of service who has no part in it (product default)."""
    person = turn.facts.directory.get(ref)
    is_head = person is not None and Role.head_of_service in person.app_roles and person.in_post(turn.on)
    has_part = ref in {turn.actor.ref, turn.matter.data["subject"], *turn.data.get("people", ())}
    if is_head and not has_part:
        return None
    return "Only a head of service who has no part in it allows telling people later (product default)."
