"""A case's supervision frequency: proposed, approved where the policy asks for it, met or overdue."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workflows import escalation
from workflows import frequency_adopting as adopted
from workflows import frequency_approval as approval
from workflows import frequency_effect as effect
from workflows import frequency_proposal as proposal
from workflows import frequency_review as reviews
from workflows.cancellation_cases import TRIGGER as FOLLOW_CASES
from workflows.cancellation_cases import duties_about
from workflows.consequence_payloads import Closing, NewSupervisor, Superseding, Supervised, Transfer
from workflows.escalation import REMINDERS, RUNGS, SYSTEM
from workflows.frequency_effect import LATE, RUNNING
from workflows.model import Selector
from workflows.payloads import Propose, Reason
from workflows.renewal import (
    DUTY,
    booked_sessions,
    breach,
    is_newer,
    last_supervised,
    move_duty,
    renew,
    still_reportable,
)
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.takeover import judges_no_more, make_party, reassigned, take_over
from workflows.turn import Turn
from workflows.vocabulary import Role, Status, Workflow

_APPROVERS = frozenset({Role.head_of_service, Role.holder})
_REVIEWERS = frozenset({Role.line_manager, Role.senior_manager, Role.head_of_service})
_SUBJECT = "the supervision of a case is overdue"
_OPEN = ("proposed", "awaiting_approval", *RUNNING)


# -- running
def _supervised(turn: Turn, data: Supervised) -> None:
    last = renew(turn, data)
    interval = proposal.interval_of(turn)
    turn.set(DUTY, effect.next_due(turn, interval, last))
    effect.start_target(turn, interval, last)


def _target_passed(turn: Turn, _data: Any) -> None:
    people = (turn.supervisor, turn.matter.supervisee)
    turn.tell(people, "target_passed", f"Case {turn.matter.case} is to be supervised within the week")


def _recount(turn: Turn, _data: Any) -> None:
    """What the list says of the case has changed: the running date moves, and never to before today."""
    proposal.keep_interval(turn)
    move_duty(turn, effect.next_due(turn, proposal.interval_of(turn), last_supervised(turn)))


# -- other hands, other statuses
def _transfer(turn: Turn, data: Transfer) -> None:
    """Another worker has the case: its dates run on (CBC-16)."""
    before, supervisor = turn.matter, turn.facts.directory.supervisor_of(data.worker)
    turn.note(worker=data.worker, worker_before=before.supervisee)
    if data.first_allocated_on and not before.data.get("first_allocated_on"):
        turn.keep(first_allocated_on=data.first_allocated_on.isoformat())
    turn.columns["supervisee"] = data.worker
    make_party(turn, data.worker)
    if supervisor and before.supervisor and supervisor != before.supervisor:
        take_over(turn, NewSupervisor(supervisor=supervisor, why="transfer"))
    else:
        turn.columns["supervisor"] = supervisor
        if before.state == "overdue":
            turn.hold(supervisor)
        elif supervisor:
            make_party(turn, supervisor)
            judges_no_more(turn, supervisor, f"Case {before.case} is late, and whoever was asked supervises it now")
    judges_no_more(turn, data.worker, f"Case {before.case} is late, and whoever was asked works with it now")
    subject = f"Case {before.case} is now with {turn.name(data.worker)}"
    turn.tell((data.worker, supervisor), "case_transferred", subject)
    turn.then(Selector(Workflow.audit, case=before.case), "transfer", worker=data.worker)
    turn.then(Selector(Workflow.action, case=before.case), "transfer", worker=data.worker)
    for target in duties_about(before):
        turn.then(target, FOLLOW_CASES)


def _superseded(turn: Turn, data: Superseding) -> None:
    turn.note(by=str(data.by))
    if turn.matter.state == "awaiting_approval":
        approval.tell_gone(turn)


def _ended(turn: Turn, data: Closing) -> None:
    turn.note(why=data.why)
    turn.then(Selector(Workflow.audit, case=turn.matter.case), "case_closed")
    for target in duties_about(turn.matter):
        turn.then(target, FOLLOW_CASES)


def _defer(turn: Turn) -> datetime | None:
    return still_reportable(turn, turn.facts.policy.session.renews_case)


def _on_track(turn: Turn) -> None:
    turn.hold(None)


def _overdue(turn: Turn) -> None:
    turn.hold(turn.supervisor)


def _holder(turn: Turn) -> tuple[str | None, ...]:
    return (turn.holder,)


_APPROVAL = (
    State("proposed", "It was proposed."),
    State(
        "awaiting_approval", "It waits for approval.", approval.wait_for_approval, reminds=approval.approvers,
        climbs=True,
    ),
)  # fmt: skip
_DUTY = (
    State("on_track", "The case is supervised as often as it should be.", _on_track),
    State("overdue", "The supervision of the case is overdue.", _overdue, reminds=_holder, climbs=True),
    State("with_line_manager", "It is overdue, and with a manager.", reminds=_holder, climbs=True),
    State("with_senior_manager", "It is overdue, and with a senior manager.", reminds=_holder, climbs=True),
    State("refused", "It was not approved.", final=True),
    State("superseded", "A later status has taken its place.", final=True),
    State("ended", "The case is closed.", final=True),
)
_PROPOSED, _WAITING = ("proposed",), ("awaiting_approval",)

_ASSIGNING = (
    Move(
        "take_effect", _PROPOSED, "awaiting_approval", SYSTEM, approval.await_approval,
        when=(approval.needs_approval,), looks_at=effect.same_case,
    ),
    *(
        Move(
            "take_effect", _PROPOSED, late, SYSTEM, effect.on_its_rung, when=(effect.earlier_is(late),),
            looks_at=effect.same_case,
        )
        for late in LATE
    ),
    Move("take_effect", _PROPOSED, "on_track", SYSTEM, effect.take_effect, looks_at=effect.same_case),
    Move(
        "approve", _WAITING, "on_track", _APPROVERS, approval.approve, guards=(approval.not_the_proposer,),
        looks_at=effect.same_case, label="Approve the frequency",
    ),
    Move(
        "refuse", _WAITING, "refused", _APPROVERS, approval.refuse, Reason, guards=(approval.not_the_proposer,),
        label="Refuse the frequency",
    ),
)  # fmt: skip

FREQUENCY: Definition = define(
    Workflow.frequency,
    initial=_PROPOSED,
    states=(*_APPROVAL, *_DUTY),
    moves=(
        *_ASSIGNING,
        Move("supervised", ("on_track",), None, SYSTEM, _supervised, Supervised),
        Move("supervised", LATE, "on_track", SYSTEM, _supervised, Supervised, checks=(is_newer,)),
        Move("target", RUNNING, None, SYSTEM, _target_passed),
        Move("recount", ("on_track",), None, SYSTEM, _recount),
        Move("expire", ("on_track",), "overdue", SYSTEM, breach),
        Move(
            "review", RUNNING, None, _REVIEWERS, reviews.review, guards=(reviews.is_reviewed,),
            label="Record the senior review",
        ),
        Move(
            "review", RUNNING, None, frozenset({Role.supervisor}), reviews.keep_rating, guards=(reviews.is_reviewed,),
            when=(reviews.has_changed,), label="Keep the rating as it is",
        ),
        Move("review_missed", RUNNING, None, SYSTEM, reviews.missed),
        Move("transfer", _OPEN, None, SYSTEM, _transfer, Transfer),
        Move("supersede", _OPEN, "superseded", SYSTEM, _superseded, Superseding),
        Move("end", _OPEN, "ended", SYSTEM, _ended, Closing),
        reassigned(*_OPEN),
        adopted.adopts(*_OPEN),
        escalation.remind(_APPROVAL, approval.SUBJECT, escalation.above_supervisor),
        escalation.remind(_DUTY, _SUBJECT, escalation.above_supervisor),
        approval.passes_on(*_WAITING),
        escalation.passes_on(RUNGS, _SUBJECT),
        *escalation.climbs(escalation.above_supervisor, ("overdue",), _SUBJECT),
        Move("climb", _WAITING, None, SYSTEM, approval.climb),
    ),
    deadlines={
        DUTY: DeadlineRule("expire", Rank.expiry, _defer, booked_sessions),
        "target_by": DeadlineRule("target", Rank.reminder, outcome=Status.met),
        "review_by": DeadlineRule("review_missed", Rank.expiry),
        **REMINDERS,
    },
    opening=Open(
        proposal.propose, Propose, proposal.may_propose, proposal.begins,
        checks=(proposal.case_is_open, proposal.status_is_known, proposal.rating_fits),
    ),
    ladder=escalation.above_supervisor,
)  # fmt: skip
