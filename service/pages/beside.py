"""What stands beside the form of a move: the facts that somebody needs to decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.engine.lists import Filter, list_history, list_matters
from service.identity.access import standing_of
from service.pages.covering import plan_shown
from service.pages.dispute_desk import DECIDES, desk_of
from service.pages.matter_content import content_of
from service.pages.matter_facts import facts_of
from service.pages.matter_words import where_it_stands
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from service.api.asking import Asking

_STEPS = 200
#: Workflows in which what was written, and the reasons of its steps, are short and belong beside the decision.
_WRITTEN = frozenset({Workflow.referral, Workflow.concern})
_REASONED = frozenset({*_WRITTEN, Workflow.cancellation, Workflow.frequency, Workflow.entitlement, Workflow.dispute})


def beside(asking: Asking, shape: Mapping[str, Any], trigger: str) -> dict[str, Any]:
    """The facts for one move on a matter."""
    history = _history(asking, shape) if shape["workflow"] in _REASONED else []
    found: dict[str, Any] = {
        "facts": facts_of(asking, shape),
        "content": content_of(asking, shape) if shape["workflow"] in _WRITTEN else [],
        "why": [{"by": step["actor"].get("ref"), "reason": step["reason"]} for step in history if step.get("reason")],
        "now": _running(asking, shape) if shape["workflow"] == Workflow.frequency else [],
    }
    if trigger == "assign_cover":
        found["plan"] = plan_shown(asking, shape)
    if trigger == DECIDES and shape["workflow"] == Workflow.dispute:
        found["desk"] = desk_of(asking, shape, history)
    return found


def _history(asking: Asking, shape: Mapping[str, Any]) -> list[dict[str, Any]]:
    own = UUID(shape["id"])
    standing = standing_of(asking.connection, asking.reader.viewer, own)
    found: list[dict[str, Any]] = list_history(asking.reader, own, standing, None, _STEPS)["items"]
    return found


def _running(asking: Asking, shape: Mapping[str, Any]) -> list[dict[str, Any]]:
    """How often the case is supervised now, beside what is proposed for it."""
    wanted = Filter(workflow=Workflow.frequency, case=shape["case"], open=True)
    found = list_matters(asking.reader, wanted, None, _STEPS)["items"]
    others = [one for one in found if one["id"] != shape["id"] and one["state"] != "awaiting_approval"]
    return [{"facts": facts_of(asking, one), "says": where_it_stands(one), "id": one["id"]} for one in others]
