"""An audit of supervision: drawn or opened, taken by somebody who has no part in it, reported, and learned from.

A programme is a matter of the same workflow: it only runs, and opens a round of audits at each of its slots.
"""

from __future__ import annotations

from typing import Any

from workflows import audit_learning as learning
from workflows import audit_opening as opening
from workflows import audit_programme as programme
from workflows import audit_report as reporting
from workflows import escalation
from workflows.audit_parties import is_no_subject, subjects
from workflows.audit_payloads import (
    AssignObserver,
    CloseSurvey,
    FollowUp,
    Learned,
    OpenAudit,
    ReportAudit,
    Sampled,
    TakeAudit,
    Unlearned,
)
from workflows.consequence_payloads import Passed, Transfer
from workflows.escalation import REMINDERS, SYSTEM
from workflows.model import Ladder
from workflows.payloads import Reason
from workflows.table import DeadlineRule, Definition, Move, Open, Rank, State, define
from workflows.takeover import reassigned
from workflows.turn import Turn
from workflows.vocabulary import Role, Status, Workflow

_AUDITOR = frozenset({Role.auditor})
_HOLDER = frozenset({Role.holder})
_SUBJECT = "an audit waits"


# -- being late
def _ladder(turn: Turn) -> Ladder:
    """The line above whoever has it, or above the auditors; nobody whose own work is audited is asked."""
    first = next(iter(reporting.waited_for(turn)), None)
    return Ladder(turn.facts.directory.line(first), subjects(turn), escalation.APPROVERS)


def _tell_next_up(turn: Turn, _data: Any) -> None:
    ladder = turn.ladder or _ladder(turn)
    escalation.tell_next_up(turn, ladder, "An audit is still waiting", reporting.waited_for(turn))


def _has_left(turn: Turn) -> str | None:
    left = turn.holder is not None and not turn.facts.directory.in_post(turn.holder, turn.on)
    return None if left else "Whoever has it is only away: a colleague may take it over."


_PROGRAMME = (
    State("running", "The programme opens its audits by itself."),
    State("ended", "The policy has no such programme any more.", final=True),
)
_AUDIT = (
    State("drawn", "It waits for an auditor.", reporting.queue, reminds=reporting.reminded, climbs=True),
    State(
        "in_progress", "An auditor is at work.", reporting.auditor_works, reminds=reporting.reminded, climbs=True
    ),
    State(
        "reported", "It is reported; the auditor sees to what was learned.", reporting.auditor_follows_up,
        reminds=reporting.reminded, climbs=True,
    ),
    State(learning.DUE, "What was learned waits for the case’s next session.", learning.supervisor_carries_it),
    State("closed", "The audit is closed.", final=True),
    State("withdrawn", "The audit was withdrawn.", final=True),
)  # fmt: skip
_RUNNING, _DRAWN, _AT_WORK, _REPORTED = ("running",), ("drawn",), ("in_progress",), ("reported",)
_DUE = (learning.DUE,)
_BEFORE = (*_DRAWN, *_AT_WORK)
_FITS = (reporting.answers_the_form,)
_NO_PART = (is_no_subject,)
_REPORTABLE = (reporting.has_a_report, *_NO_PART)

_RUNS = (
    Move("draw", _RUNNING, None, SYSTEM, programme.run_round, when=(programme.still_runs,)),
    Move("draw", _RUNNING, "ended", SYSTEM),
    Move("sampled", _RUNNING, None, SYSTEM, programme.sampled, Sampled),
    Move("unsampled", _RUNNING, None, SYSTEM, programme.unsampled, Sampled),
)
_TAKING = (
    Move(
        "take", _DRAWN, "in_progress", _AUDITOR, reporting.take, TakeAudit,
        guards=(reporting.is_taken_by_an_auditor, *_NO_PART), checks=(reporting.has_a_theme,), label="Take the audit",
    ),
    Move(
        "take", _AT_WORK, "in_progress", _AUDITOR, reporting.take, TakeAudit,
        guards=(reporting.is_taken_by_an_auditor, reporting.is_somebody_elses, *_NO_PART),
        label="Take the audit over",
    ),
    Move(
        "assign", _BEFORE, "in_progress", _AUDITOR, reporting.assign, AssignObserver,
        guards=(reporting.is_observed, *_NO_PART), checks=(reporting.is_a_peer,), label="Name the observer",
    ),
    Move("pass_on", _AT_WORK, "drawn", SYSTEM, reporting.put_back, Passed, guards=(_has_left,)),
    Move(
        "withdraw", _BEFORE, "withdrawn", _AUDITOR, reporting.withdraw, Reason, guards=_NO_PART,
        label="Withdraw the audit",
    ),
    Move("report_missed", _BEFORE, None, SYSTEM, reporting.report_missed),
)  # fmt: skip
_REPORTING = (
    Move(
        "report", _AT_WORK, learning.DUE, _HOLDER, reporting.report, ReportAudit, guards=_REPORTABLE,
        checks=(*_FITS, reporting.learning_waits_for_a_session), label="Report what was found",
    ),
    Move(
        "report", _AT_WORK, "reported", _HOLDER, reporting.report, ReportAudit, guards=_REPORTABLE,
        checks=(*_FITS, reporting.learning_waits_otherwise), label="Report what was found",
    ),
    Move(
        "report", _AT_WORK, "closed", _HOLDER, reporting.report, ReportAudit, guards=_REPORTABLE,
        checks=_FITS, label="Report what was found",
    ),
    Move(
        "close", _AT_WORK, "closed", _AUDITOR, reporting.close_survey, CloseSurvey, guards=(reporting.is_a_survey,),
        checks=(reporting.counts_add_up,), label="Close the survey with its counts",
    ),
    Move(
        "follow_up", _REPORTED, "closed", _HOLDER | _AUDITOR, reporting.follow_up, FollowUp, guards=_NO_PART,
        label="Say what became of the learning",
    ),
    Move("pass_on", _REPORTED, "reported", SYSTEM, reporting.put_back, Passed, guards=(_has_left,)),
)  # fmt: skip
_LEARNING = (
    Move("learned", _DUE, "closed", SYSTEM, learning.learned, Learned),
    Move(
        "unlearned", ("closed",), learning.DUE, SYSTEM, learning.unlearned, Unlearned,
        checks=(learning.was_to_carry_it,),
    ),
    Move("case_closed", _DUE, "reported", SYSTEM, learning.case_closed),
    Move("transfer", _DUE, None, SYSTEM, learning.transfer, Transfer, checks=(learning.is_with_another,)),
    reassigned(*_DUE),
    Move("remind", _DUE, None, SYSTEM, learning.remind),
)  # fmt: skip

AUDIT: Definition = define(
    Workflow.audit,
    initial=("drawn", "running"),
    states=(*_AUDIT, *_PROGRAMME),
    moves=(
        *_RUNS,
        *_TAKING,
        *_REPORTING,
        *_LEARNING,
        escalation.remind(_AUDIT, _SUBJECT, _ladder),
        Move("climb", (*_BEFORE, *_REPORTED), None, SYSTEM, _tell_next_up),
    ),
    deadlines={
        "draw_by": DeadlineRule("draw", Rank.expiry, outcome=Status.met),
        "report_by": DeadlineRule("report_missed", Rank.expiry),
        **REMINDERS,
    },
    opening=Open(
        opening.open_audit, OpenAudit, opening.may_open, opening.begins,
        checks=(
            opening.is_in_the_policy, opening.says_what_it_is_about, opening.case_can_be_audited,
            opening.team_can_be_drawn_from, opening.some_case_is_rated_so, opening.observed_supervises,
        ),
        looks_at=opening.programmes_looked_at,
    ),
    ladder=_ladder,
)  # fmt: skip
