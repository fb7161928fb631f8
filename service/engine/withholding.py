"""What of a matter is told to those alone whom it concerns: whose cover is planned, and why somebody is away.

What rules keep stays as it is, with its step in the chain; this is about what somebody reads of it, wherever they do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from service.identity.grounds import APART
from workflows.vocabulary import Role, Workflow

if TYPE_CHECKING:
    from service.identity.access import Viewer
    from workflows.directory import Directory
    from workflows.model import Matter

Texts = dict[int, dict[str, str]]
Data = Mapping[str, Any]
_CAUSE, _REASON = "cause", "reason"


def told(viewer: Viewer, matter: Matter, directory: Directory) -> Callable[[Data], dict[str, Any]]:
    """What makes of that which a matter keeps, or a step of it, what this viewer is told."""
    without = tuple(_withheld(viewer, matter, directory))

    def as_told(data: Data) -> dict[str, Any]:
        said = dict(data)
        for hide in without:
            said = hide(said)
        return said

    return as_told


def _withheld(viewer: Viewer, matter: Matter, directory: Directory) -> Iterator[Callable[[Data], dict[str, Any]]]:
    if keeps_why(viewer, matter, directory):
        yield without_why
    if matter.workflow is Workflow.absence:
        yield _without_audits if _finds_cover(viewer, matter, directory) else _only_ones_own_cover(viewer.ref)


# -- who covers for whom
def _finds_cover(viewer: Viewer, absence: Matter, directory: Directory) -> bool:
    """Whether the plan is theirs: of whoever is asked, the managers above, HR, and the person whose people they are."""
    managers = (absence.holder, absence.person, *directory.line(absence.person))
    return Role.hr in viewer.roles or viewer.ref in managers


def _only_ones_own_cover(ref: str) -> Callable[[Data], dict[str, Any]]:
    """What is planned for colleagues, and what they have open, is not theirs to know; who covers for them is."""

    def hide(data: Data) -> dict[str, Any]:
        said = {name: value for name, value in data.items() if name != "plan"}
        if "cover" in said:
            said["cover"] = {one: cover for one, cover in said["cover"].items() if one == ref}
        if "only" in said:
            said["only"] = [one for one in said["only"] if one == ref]
        return said

    return hide


def _without_audits(data: Data) -> dict[str, Any]:
    """Plans that were made earlier list audits, which are known to neither managers nor HR."""
    if "plan" not in data:
        return dict(data)
    return {
        **data,
        "plan": [{**row, "matters": [m for m in row["matters"] if m["workflow"] not in APART]} for row in data["plan"]],
    }


# -- why somebody is away
def keeps_why(viewer: Viewer, matter: Matter, directory: Directory) -> bool:
    """Whether it is kept from a viewer why somebody is away: told to them, who supervises or manages them, and HR."""
    if matter.workflow is not Workflow.absence or Role.hr in viewer.roles:
        return False
    return viewer.ref not in (matter.person, directory.supervisor_of(matter.person), *directory.line(matter.person))


def without_why(data: Data) -> dict[str, Any]:
    """What an absence, or a step of it, keeps, without its cause before and after."""
    said = {name: value for name, value in data.items() if name != _CAUSE}
    return {name: without_why(value) if isinstance(value, dict) else value for name, value in said.items()}


def without_reasons(by_step: Mapping[int, Mapping[str, str]]) -> Texts:
    """The texts of an absence by step, without what was given as a reason: it may tell the cause."""
    return {step: {name: text for name, text in texts.items() if name != _REASON} for step, texts in by_step.items()}
