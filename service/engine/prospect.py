"""What happens if nobody acts: the rules played forward on one matter, with nothing kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from workflows.machine import enforce
from workflows.model import Deadline, Matter
from workflows.receipts import iso
from workflows.registry import DEFINITIONS

if TYPE_CHECKING:
    from service.engine.work import Work

#: How many deadlines ahead people are told of: a reminder that repeats for ever would fill any page.
AHEAD = 12


def what_if_nothing(work: Work, matter_id: UUID) -> list[dict[str, Any]]:
    """The next deadlines of a matter in the order in which they would be enforced, each with who would be told."""
    found = work.look(matter_id)
    items: list[dict[str, Any]] = []
    while len(items) < AHEAD and (following := _next(found)) is not None:
        at = max(following.fires_at or work.now, found.last_at)
        facts = replace(work.facts(found), clock=at)
        decision = enforce(found, following, facts, at)
        items.append(
            {
                "at": iso(at),
                "deadline": following.name,
                "trigger": decision.step.trigger,
                "state": decision.matter.state,
                "holder": decision.matter.holder,
                "told": [{"to": n.to, "kind": n.kind, "subject": n.subject, "at": iso(n.at)} for n in decision.notices],
            }
        )
        found = decision.matter
    return items


def _next(matter: Matter) -> Deadline | None:
    ranks = DEFINITIONS[matter.workflow].deadlines

    def order(deadline: Deadline) -> tuple[datetime, int, int]:
        assert deadline.fires_at is not None  # noqa: S101  only those that will fire are compared
        return deadline.fires_at, ranks[deadline.name].rank, deadline.number

    return min((d for d in matter.deadlines if d.fires_at is not None), key=order, default=None)
