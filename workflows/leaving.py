"""Somebody leaves: nothing of theirs is deemed, and nobody of theirs is left without a supervisor (E9, E10)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from workflows.cover import settle_cover
from workflows.model import Facts, Matter, Opening, Selector
from workflows.presence import pass_on
from workflows.takeover import LEFT
from workflows.turn import Turn
from workflows.vocabulary import AbsenceCause, Workflow

#: What a leaver's open matters are told, as supervisee.
_ENDS_WITH_SUPERVISEE = (
    Workflow.record,
    Workflow.dispute,
    Workflow.entitlement,
    Workflow.session,
    Workflow.cancellation,
    Workflow.agreement,
    Workflow.concern,
    Workflow.referral,
    Workflow.handover,
)
#: What still needs its supervisor: a record to be sent, or amended where it is disputed, or filed; an oversight.
_TO_FINISH = frozenset({"draft", "awaiting_signature", "disputed", "to_file", "sent", "due", "overdue"})


def left_behind(matter: Matter, _data: Any, _facts: Facts) -> Iterable[Selector]:
    """The leaver's own absences, with the cover that they have lent, and what they had to send, file or report."""
    yield Selector(Workflow.absence, person=matter.person)
    for workflow in (Workflow.record, Workflow.session, Workflow.oversight, Workflow.filing):
        yield Selector(workflow, supervisor=matter.person)


def leave(turn: Turn, _data: Any) -> None:
    """End what is the leaver's own, pass on what they were to do, and have everybody whom they supervise covered."""
    ref = turn.matter.person or ""
    for workflow in _ENDS_WITH_SUPERVISEE:
        turn.then(Selector(workflow, supervisee=ref), "end", why="left")
    turn.then(Selector(Workflow.action, holder=ref), "re_own", why="left")
    turn.then(Selector(Workflow.referral, supervisor=ref), "lapse", why="left")
    _pass_up(turn, ref)
    pass_on(turn, "left")
    _ask_for_cover(turn, ref)
    _keep_the_file(turn, ref)
    settle_cover(turn, turn.facts.directory.supervisor_of(ref), turn.facts.directory.people[ref].supervisor)


def _pass_up(turn: Turn, ref: str) -> None:
    """What a leaver has not sent, filed or reported is their manager's to do (product default; no policy says)."""
    directory = turn.facts.directory
    manager = next((above for above in directory.line(ref) if directory.at_work(above, turn.on)), None)
    for matter in turn.facts.related:
        if matter.state not in _TO_FINISH and not _is_to_be_reported(matter, turn.now):
            continue
        if manager is None:
            turn.incident("stranded", f"Nobody above {turn.name(ref)} can finish a {matter.workflow} of theirs.")
        else:
            turn.then(Selector(matter.workflow, id=matter.id), "reassign", supervisor=manager, why=LEFT)


def _is_to_be_reported(matter: Matter, now: datetime) -> bool:
    return matter.state == "scheduled" and datetime.fromisoformat(matter.data["starts_at"]) <= now


def _keep_the_file(turn: Turn, ref: str) -> None:
    """The supervision file of whoever has worked here is kept for its time (NS-46, HAR-45)."""
    if turn.matter.state == "in_post":
        person = turn.facts.directory.people[ref]
        data = {"left_on": (person.end_date or turn.on).isoformat()}
        supervisor = turn.facts.directory.supervisor_of(ref)
        turn.open(Opening(Workflow.retention, person=ref, supervisor=supervisor, data=data))


def _ask_for_cover(turn: Turn, ref: str) -> None:
    """Leaving takes the place of every absence of theirs, together with the cover that was lent for those."""
    directory = turn.facts.directory
    absences = [m for m in turn.facts.related if m.workflow is Workflow.absence]
    lent = {other: directory.people[other].cover for other in directory.on_the_list_of(ref)}
    lent = {other: cover for other, cover in lent.items() if cover and directory.in_post(other, turn.on)}
    for absence in absences:
        turn.then(Selector(Workflow.absence, id=absence.id), "end", why="left")
    if lent or any(directory.in_post(other, turn.on) for other in directory.supervised_by(ref)):
        data = {"first_day": turn.on.isoformat(), "cause": AbsenceCause.left.value, "opened_by": None, "cover": lent}
        turn.open(Opening(Workflow.absence, person=ref, data=data))


def come_again(turn: Turn) -> None:
    """Somebody who had left is in post again: whom nobody took over, and their own file, are as before."""
    left = Selector(Workflow.absence, person=turn.matter.person, accepts=_is_leaving)
    turn.then(left, "rejoin")
    turn.then(Selector(Workflow.retention, person=turn.matter.person), "rejoin")


def _is_leaving(absence: Matter) -> bool:
    return bool(absence.data["cause"] == AbsenceCause.left)
