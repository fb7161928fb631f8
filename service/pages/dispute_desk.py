"""A disagreement for whoever hears it: the wordings, each side's words, who was asked, and what would follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from service.engine.lists import list_history
from service.identity.access import standing_of
from service.pages.following import follows
from service.pages.wording import field_label, option_label
from service.pages.wordings import contested_in
from service.problems import Problem
from service.storage.matter_tables import matters
from workflows.refusals import Refused
from workflows.vocabulary import DisputeAbout, Outcome, Workflow

if TYPE_CHECKING:
    from service.api.asking import Asking

#: The move whose form has the desk beside it.
DECIDES = "decide"
_STEPS = 200
#: What stands for the reasons while nobody has written them yet: no rule reads them.
_NOT_WRITTEN_YET = "–"


def opened_with(asking: Asking, matter_id: UUID) -> UUID | None:
    """What is opened with a disagreement's page, or with the form that decides it: the record that it is about."""
    query = select(matters.c.parent).where(
        matters.c.organisation_id == asking.organisation_id, matters.c.id == matter_id,
        matters.c.workflow == Workflow.dispute.value,
    )  # fmt: skip
    return asking.connection.execute(query).scalar_one_or_none()


def desk_of(asking: Asking, shape: Mapping[str, Any], history: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """What the desk shows of a disagreement; None for anything else."""
    if shape["workflow"] != Workflow.dispute:
        return None
    return {
        **_record(asking, shape),
        "clock": next((d for d in shape["deadlines"] if d["name"] == "climb_by" and d["status"] == "running"), None),
        "words": list(_words(history, shape["parties"].get("supervisee"))),
        "asked": list(_asked(history)),
        "outcomes": list(_outcomes(asking, shape)) if _may_decide(shape) else [],
    }


def _may_decide(shape: Mapping[str, Any]) -> bool:
    return any(move["trigger"] == DECIDES for move in shape["moves"])


def _record(asking: Asking, shape: Mapping[str, Any]) -> dict[str, Any]:
    """The wordings of the record that it is about, for whoever may read that record."""
    if shape["parent"] is None or shape["data"].get("about") != DisputeAbout.record:
        return {"record": None, "contested": None}
    record = UUID(shape["parent"])
    standing = standing_of(asking.connection, asking.reader.viewer, record)
    if not asking.reader.viewer.reads(standing):
        return {"record": shape["parent"] if standing else None, "contested": None}
    steps = list_history(asking.reader, record, standing, None, _STEPS)["items"]
    found = asking.reader.matter(record, asking.work) or {}
    titles = {section["name"]: section["title"] for section in found.get("form", {}).get("sections", ())}
    return {"record": shape["parent"], "contested": contested_in(steps, titles)}


def _words(history: Sequence[Mapping[str, Any]], supervisee: str | None) -> Iterator[dict[str, Any]]:
    """What everybody wrote, in the order in which they did; what the service opened, it opened for the supervisee."""
    for step in history:
        texts = {name: step["data"][name] for name in ("statement", "proposal", "reasons") if name in step["data"]}
        said = texts | ({"reason": step["reason"]} if step.get("reason") else {})
        for name, text in said.items():
            label = field_label(f"dispute.{step['trigger']}.said", name)
            who = step["actor"].get("ref") or supervisee
            yield {"who": who, "role": step["role"], "at": step["at"], "what": label, "text": text}


def _asked(history: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Who was asked, rung by rung; whom that passed over and why; when they met; and what was decided."""
    for step in history:
        data = step["data"]
        if {"asked", "skipped", "outcome", "stranded", "told", "passed_over"} & data.keys():
            yield {
                "at": step["at"], "by": step["actor"].get("ref"), "asked": data.get("asked"),
                "skipped": data.get("skipped", []), "outcome": data.get("outcome"), "stranded": data.get("stranded"),
                "met": data.get("at") if data.get("told") else None, "told": data.get("told"),
                "passed_over": data.get("passed_over"), "why": data.get("why"), "reasons": data.get("reasons"),
                "clause": step["clause"],
            }  # fmt: skip


def _outcomes(asking: Asking, shape: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every way to decide it, with what would follow; what the rules do not allow here is left out."""
    for outcome in Outcome:
        data = {"outcome": outcome.value, "reasons": _NOT_WRITTEN_YET}
        try:
            following = follows(asking, UUID(shape["id"]), DECIDES, data)
        except (Refused, Problem):
            continue
        label = option_label("dispute.decide", "outcome", outcome.value)
        yield {"value": outcome.value, "label": label, "follows": following}
