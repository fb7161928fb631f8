"""A matter in words: what it is, whose it is, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from service.pages.languages import gettext as _
from service.pages.people_words import names_of
from service.pages.sentences import translated
from service.pages.wording import RECORDS, WORKFLOWS, plain
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from service.api.asking import Asking

#: Kinds that say more than the workflow's name does.
_KINDS = {
    **{(Workflow.record, kind): words for kind, words in RECORDS.items()},
    (Workflow.session, "group"): "Group supervision session",
    (Workflow.session, "case"): "Case supervision session",
    (Workflow.session, "personal"): "Personal supervision session",
    (Workflow.session, "combined"): "Personal and case supervision session",
    (Workflow.session, "unplanned"): "Unplanned supervision",
}

#: Steps that are no move with a label.
_STEPS = {
    "open": "Begun",
    "adopt": "A version of the policy came into force",
    "await_report": "The report is waited for",
    "notice_due": "The people concerned are to be told",
    "recalendar": "The council’s calendar changed",
}


def title_of(asking: Asking, shape: Mapping[str, Any]) -> str:
    """What a matter is, and whose: "Record of case supervision: Ann Example, case c12"."""
    name = names_of(asking)
    parties = shape["parties"]
    whose = parties.get("supervisee") or parties.get("person")
    case = _("case %(case)s", case=shape["case"]) if shape["case"] else ""
    about = [part for part in (name(whose) if whose else "", case) if part]
    what = kind_in_words(shape)
    return f"{what}: {', '.join(about)}" if about else what


def short_title_of(shape: Mapping[str, Any]) -> str:
    """What a matter is, on the page of whose it is: "Record of case supervision, case c12"."""
    what = kind_in_words(shape)
    return f"{what}, {_('case %(case)s', case=shape['case'])}" if shape["case"] else what


def kind_in_words(shape: Mapping[str, Any]) -> str:
    """What a matter is, without whose."""
    return translated(_KINDS.get((shape["workflow"], shape.get("kind") or ""), WORKFLOWS[shape["workflow"]]))


def where_it_stands(shape: Mapping[str, Any]) -> str:
    """A sentence for its state."""
    return translated(DEFINITIONS[Workflow(shape["workflow"])].states[shape["state"]].says)


def move_in_words(shape: Mapping[str, Any], trigger: str) -> str:
    """A move on a matter, whether it can be made now or not."""
    return step_in_words({"trigger": trigger, "source": shape["state"], "dest": None}, shape["workflow"])


def step_in_words(step: Mapping[str, Any], workflow: str) -> str:
    """What a step of the history was: the label of its move, or its name as words."""
    rows = [row for row in DEFINITIONS[Workflow(workflow)].by_trigger.get(step["trigger"], ()) if row.label]
    led_there = [row for row in rows if step["source"] in row.source and row.dest in (None, step["dest"])]
    label = next((row.label for row in (*led_there, *rows)), "")
    return translated(label or _STEPS.get(step["trigger"], "")) or plain(step["trigger"])


def without_repetition(steps: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The history with what one person writes on and on as one step: the last of them, with how many there were."""
    found: list[dict[str, Any]] = []
    for step in steps:
        before = found[-1] if found else None
        if before and step["trigger"] == "write" == before["trigger"] and step["actor"] == before["actor"]:
            found[-1] = {**step, "times": before.get("times", 1) + 1}
        else:
            found.append(step)
    return found
