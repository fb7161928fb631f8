"""The suggestions that people pick in a group are theirs to carry out: each becomes an action (NS-58)."""

from __future__ import annotations

from typing import Any

from workflows.model import Opening
from workflows.turn import Turn
from workflows.vocabulary import RecordKind, Workflow

#: The kind of an action that was picked from a group's suggestions.
GROUP_SUGGESTION = "group_suggestion"


def picks_fit(turn: Turn, data: Any) -> str | None:
    """Whether the policy has suggestions picked in groups, each by somebody who was there, for a day to come."""
    if not data.picked:
        return None
    if turn.matter.kind != RecordKind.group or turn.facts.policy.group.report_back is None:
        return "Under this policy no suggestions are picked here: agree actions with the people whose they are."
    there = set(turn.matter.data["participants"])
    for one in data.picked:
        if one.who not in there or not turn.facts.directory.in_post(one.who, turn.on):
            return f"{one.who} was not in this group, or has left: a suggestion is picked by somebody in it."
        if one.due < turn.on:
            return "The day until which a suggestion is to be carried out is in the past."
    return None


def take_up(turn: Turn, data: Any) -> None:
    """Open an action for each suggestion; the whole group may see what becomes of it."""
    rule = turn.facts.policy.group.report_back
    if rule is None:
        return
    for one in data.picked:
        kept = {
            "opened_by": turn.actor.ref, "owner": one.who, "due": one.due.isoformat(), "protective": False,
            "sensitive": False, "carried": 0, "participants": turn.matter.data["participants"],
        }  # fmt: skip
        why = f"Picked from the suggestions of a group ({rule.picked_clause})."
        turn.open(
            Opening(
                Workflow.action, kind=GROUP_SUGGESTION, supervisee=one.who,
                supervisor=turn.facts.directory.supervisor_of(one.who), data=kept,
                texts={"what": one.suggestion, "why": why},
            )
        )  # fmt: skip
