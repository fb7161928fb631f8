"""What happens to open work when somebody else becomes its supervisor."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from workflows.consequence_payloads import NewSupervisor
from workflows.escalation import RUNGS, SYSTEM, climb, restart
from workflows.model import Matter, Selector
from workflows.table import Move
from workflows.turn import Turn
from workflows.vocabulary import PRODUCT_DEFAULT, Workflow

#: Why work passes to the manager of whoever has left: no policy says to whom.
LEFT = "left"

#: What a new supervisor takes over; disputes keep their parties (workflows.md, "Words").
TAKEN_OVER = (
    Workflow.session,
    Workflow.record,
    Workflow.cancellation,
    Workflow.entitlement,
    Workflow.frequency,
    Workflow.action,
    Workflow.oversight,
    Workflow.filing,
    Workflow.audit,
)


def take_over(turn: Turn, data: Any) -> None:
    """Make somebody else the supervisor, and give them what the earlier one was to do.

    They are a party from now on, so a rung that they hold passes on: nobody judges their own lateness.
    """
    before = turn.matter
    turn.note(supervisor=data.supervisor, before=before.supervisor, why=data.why)
    if data.why == LEFT:
        turn.clause = PRODUCT_DEFAULT
    turn.columns["supervisor"] = data.supervisor
    make_party(turn, data.supervisor)
    if before.supervisor is not None and before.holder == before.supervisor:
        turn.hold(data.supervisor, waiting_for=before.waiting_for)
        turn.tell(data.supervisor, "taken_over", f"You have taken over a {before.workflow}")
    else:
        subject = f"A {before.workflow} is late, and whoever was asked supervises now"
        judges_no_more(turn, data.supervisor, subject)


def judges_no_more(turn: Turn, ref: str, subject: str) -> None:
    """A rung that somebody holds who has become a party passes on."""
    if turn.holder == ref and turn.matter.state in RUNGS:
        assert turn.ladder is not None  # noqa: S101  whoever holds a rung was asked
        turn.hold(None)
        climb(turn, turn.ladder, subject)
        restart(turn)


def make_party(turn: Turn, ref: str) -> None:
    """Let somebody come to the matter, and be asked about it no more."""
    turn.joined.append(ref)
    if turn.ladder is not None:
        turn.columns["ladder"] = replace(turn.ladder, parties=turn.ladder.parties | {ref})


def reassigned(*states: str) -> Move:
    """The row by which open work passes to a new supervisor."""
    return Move("reassign", states, None, SYSTEM, take_over, NewSupervisor)


def take_up(turn: Turn, supervisee: str) -> None:
    """Let open work that nobody supervised until now have whoever supervises the worker today."""
    supervisor = turn.facts.directory.supervisor_of(supervisee)
    for workflow in TAKEN_OVER:
        target = Selector(workflow, supervisee=supervisee, accepts=_has_no_supervisor)
        turn.then(target, "reassign", supervisor=supervisor, why="people’s list")


def _has_no_supervisor(matter: Matter) -> bool:
    return matter.supervisor is None


def hand_over(turn: Turn, supervisee: str, before: str | None, after: str, why: str) -> None:
    """Let everything open between a supervisee and one supervisor pass to another."""
    for workflow in TAKEN_OVER:
        target = Selector(workflow, supervisee=supervisee, supervisor=before)
        turn.then(target, "reassign", supervisor=after, why=why)
