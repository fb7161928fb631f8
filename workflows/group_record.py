"""The record of a group: what it decided and agreed, shared with everybody in it and signed by nobody (NS-56)."""

from __future__ import annotations

from workflows.turn import Turn
from workflows.vocabulary import RecordKind


def is_of_a_group(turn: Turn) -> str | None:
    """Whether it is a group's."""
    return None if turn.matter.kind == RecordKind.group else "This record is one person’s, who signs it."


def is_of_one(turn: Turn) -> str | None:
    """Whether it is one person's."""
    return None if turn.matter.kind != RecordKind.group else "The record of a group is signed by nobody."


def share(turn: Turn) -> None:
    """Let everybody in the group read it, who is still in post, and tell them."""
    people = [ref for ref in turn.matter.data["participants"] if turn.facts.directory.in_post(ref, turn.on)]
    turn.clause = turn.facts.policy.group.shared_clause
    turn.keep(shared_at=turn.now.isoformat())
    turn.joined += people
    turn.tell(people, "record_shared", "The record of a group meeting is there to be read")
