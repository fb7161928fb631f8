"""The end of a file: two people agree, its texts and their keys are destroyed, and a certificate says of what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workflows import hr_queue
from workflows.model import Facts, Matter, Selector
from workflows.payloads import Reason
from workflows.retention_period import rules_of
from workflows.turn import Turn
from workflows.vocabulary import RecordKind, Workflow


def what_is_disposed_of(matter: Matter, _data: Any, _facts: Facts) -> Iterable[Selector]:
    """The leaver's records and disagreements of all time, and whatever might still need them."""
    for workflow in (Workflow.record, Workflow.dispute):
        yield Selector(workflow, supervisee=matter.person, closed_too=True)
    yield Selector(Workflow.disclosure)
    yield Selector(Workflow.retention, person=matter.person)


def file_of(turn: Turn) -> list[Matter]:
    """The closed records of personal supervision with the disagreements about them; a case's belong to its file."""
    records = {m.id: m for m in turn.facts.related if m.kind == RecordKind.personal and _is_left(m, Workflow.record)}
    disputes = [m for m in turn.facts.related if m.parent in records and _is_left(m, Workflow.dispute)]
    return sorted([*records.values(), *disputes], key=lambda matter: matter.id)


def _is_left(matter: Matter, workflow: Workflow) -> bool:
    return matter.workflow is workflow and matter.closed_at is not None and not matter.data.get("disposed_on")


# -- who and whether
def none_has_proposed(turn: Turn) -> str | None:
    """A guard that picks the row: nobody has proposed it yet."""
    return "It was proposed already." if turn.matter.data.get("proposed_by") else None


def somebody_has_proposed(turn: Turn) -> str | None:
    """A guard that picks the row: somebody has proposed it."""
    return None if turn.matter.data.get("proposed_by") else "Nobody has proposed it."


def is_somebody_else(turn: Turn) -> str | None:
    """A guard: a file is disposed of by two people, never by the one who proposed it alone."""
    return "Somebody else confirms it." if turn.actor.ref == turn.matter.data["proposed_by"] else None


def may_be_disposed_of(turn: Turn) -> str | None:
    """A guard: where the policy has such files archived, they are not disposed of (HAR-45)."""
    ending = rules_of(turn).ending
    if ending.then == "dispose":
        return None
    return f"Such a file is archived and not disposed of ({ending.clause})."


def nobody_needs_it(turn: Turn, _data: Any) -> str | None:
    """A check: no request and no review needs a record of the file, and no earlier file of theirs is on hold."""
    file = {str(matter.id) for matter in file_of(turn)}
    for other in turn.facts.related:
        if other.workflow is Workflow.retention:
            return "Another file of the same person is still kept: it must come to its end first."
        if other.workflow is Workflow.disclosure and file & {row["id"] for row in other.data["records"]}:
            return "A request for records of this file is still open."
    if any(matter.data.get("frozen") for matter in file_of(turn)):
        return "A record of this file is evidence in a review."
    return None


# -- doing it
def propose(turn: Turn, data: Reason) -> None:
    """One proposes it; the file stays as it is."""
    turn.write(reason=data.reason)
    turn.keep(proposed_by=turn.actor.ref)
    others = (ref for ref in hr_queue.colleagues(turn) if ref != turn.actor.ref)
    turn.tell(
        others, "disposal_proposed", f"The supervision file of {turn.name(turn.matter.person)} may be disposed of"
    )


def dispose(turn: Turn, data: Reason) -> None:
    """The other confirms it: keys and texts are destroyed with this step, which says of which matters."""
    file = file_of(turn)
    turn.write(reason=data.reason)
    turn.note(proposed_by=turn.matter.data["proposed_by"])
    turn.destroy(matter.id for matter in file)
    for record in file:
        if record.workflow is Workflow.record:
            turn.then(Selector(Workflow.record, id=record.id), "dispose", by=turn.matter.id)
    turn.tell(hr_queue.colleagues(turn), "file_disposed_of", "A supervision file was disposed of")
