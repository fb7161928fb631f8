"""What of a matter is told to those alone whom it concerns: a plan of cover, records asked for, why somebody is away.

What rules keep stays as it is, with its step in the chain; this is about what somebody reads of it, wherever they do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from service.identity.grounds import APART
from workflows.vocabulary import Cause, Role, Workflow

if TYPE_CHECKING:
    from service.identity.access import Viewer
    from workflows.directory import Directory
    from workflows.model import Matter

Texts = dict[int, dict[str, str]]
Data = Mapping[str, Any]
_CAUSE, _WHOSE, _REASON = "cause", "whose", "reason"
#: What keeps why a session was cancelled, and the causes that are somebody's own.
_CANCELLED = frozenset({Workflow.session, Workflow.cancellation})
_PERSONS_OWN = frozenset({Cause.sickness, Cause.leave})
_ABSENT = re.compile(r"^absent \(\w+\)$")


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
    if _keeps_why(viewer, matter, directory):
        yield _without_why
    if matter.workflow is Workflow.cancellation and not _replaces(viewer, matter, directory):
        yield _only_known_illness(viewer, directory)
    if matter.workflow is Workflow.absence:
        yield _without_audits if _finds_cover(viewer, matter, directory) else _only_ones_own_cover(viewer.ref)
    if matter.workflow is Workflow.disclosure and not handles_request(viewer, matter):
        yield _only_ones_own_records(viewer.ref, matter)


# -- who covers for whom
def _finds_cover(viewer: Viewer, absence: Matter, directory: Directory) -> bool:
    """Whether the plan is theirs: of whoever is or was asked, managers above, HR, and the person who is away."""
    asked = absence.ladder.asked if absence.ladder else ()
    managers = (absence.holder, absence.person, *asked, *directory.line(absence.person))
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


# -- whose records are asked for
def handles_request(viewer: Viewer, request: Matter) -> bool:
    """Whether somebody is of human resources and has no part in a request for records."""
    parties = {*request.data.get("people", ()), request.data.get("subject"), request.data.get("requested_by")}
    return Role.hr in viewer.roles and viewer.ref not in parties


def _only_ones_own_records(ref: str, request: Matter) -> Callable[[Data], dict[str, Any]]:
    """Each of the people concerned is told of their own records, and of nobody else's that are asked for with them."""
    own = {row["id"] for row in request.data.get("records", ()) if ref in (row["supervisee"], row["supervisor"])}
    named: dict[str, Callable[[Any], Any]] = {
        "records": lambda rows: [row for row in rows if row["id"] in own],
        "wanted": lambda ids: ids and [one for one in ids if one in own],
        "versions": lambda versions: {one: version for one, version in versions.items() if one in own},
        # A step says how many there are, the request which.
        "redactions": lambda rows: rows if isinstance(rows, int) else [row for row in rows if row["record"] in own],
        **dict.fromkeys(("people", "told", "left"), lambda refs: [one for one in refs if one == ref]),
    }

    def hide(data: Data) -> dict[str, Any]:
        if "record" in data and data["record"] not in own:
            return {name: value for name, value in data.items() if name == "deadlines"}
        return {name: named[name](value) if name in named else value for name, value in data.items()}

    return hide


# -- why somebody is away
def _keeps_why(viewer: Viewer, matter: Matter, directory: Directory) -> bool:
    """Whether it is kept from a viewer why somebody is away: told to them, who supervises or manages them, and HR."""
    whose = _whose_leave(matter)
    if whose is None or _knows_why(viewer, whose, directory):
        return False
    return matter.workflow is Workflow.absence or not _replaces(viewer, matter, directory)


def _knows_why(viewer: Viewer, whose: str, directory: Directory) -> bool:
    known_to = (whose, directory.supervisor_of(whose), *directory.line(whose))
    return Role.hr in viewer.roles or viewer.ref in known_to


def _only_known_illness(viewer: Viewer, directory: Directory) -> Callable[[Data], dict[str, Any]]:
    """Whose return a session waits for says who is ill: each of them is named to those who know it."""

    def hide(data: Data) -> dict[str, Any]:
        said = dict(data)
        if "waits_on" in said:
            said["waits_on"] = [ref for ref in said["waits_on"] if _knows_why(viewer, ref, directory)]
        if isinstance(said.get("person"), str) and not _knows_why(viewer, said["person"], directory):
            del said["person"]
        return said

    return hide


def _whose_leave(matter: Matter) -> str | None:
    """Who is away by an absence, or was so that a session was cancelled."""
    if matter.workflow is Workflow.absence:
        return matter.person
    tells = matter.workflow in _CANCELLED and matter.data.get(_CAUSE) in _PERSONS_OWN
    return matter.data.get(_WHOSE) if tells else None


def _replaces(viewer: Viewer, matter: Matter, directory: Directory) -> bool:
    """Whether they see to it that the session is held again, or have written why it was not."""
    above = (matter.holder, *directory.line(matter.supervisor))
    return viewer.ref in (matter.supervisor, matter.data.get("cancelled_by"), *above)


def _without_why(data: Data) -> dict[str, Any]:
    """What a matter, or a step of it, keeps, without the cause before and after, and without whose it was."""
    said = {name: value for name, value in data.items() if name not in (_CAUSE, _WHOSE)}
    return {name: _without_why(value) if isinstance(value, dict) else value for name, value in said.items()}


def texts_told(viewer: Viewer, matter: Matter, directory: Directory, by_step: Texts) -> Texts:
    """The texts of a matter by step, without the reasons that may tell why somebody is away."""
    if not by_step or not _keeps_why(viewer, matter, directory):
        return by_step
    # A cancellation begins with that reason; what managers write on it later says why it is excused or late.
    telling = (1,) if matter.workflow is Workflow.cancellation else tuple(by_step)
    return {
        step: {name: text for name, text in texts.items() if step not in telling or name != _REASON}
        for step, texts in by_step.items()
    }


def receipt_told(receipt: Data) -> dict[str, Any]:
    """How a deadline was counted; receipts that were made earlier say of a pause why somebody was away."""
    if not receipt.get("pauses"):
        return dict(receipt)
    pauses = [{**pause, "because": _ABSENT.sub("absent", pause["because"])} for pause in receipt["pauses"]]
    return {**receipt, "pauses": pauses}
