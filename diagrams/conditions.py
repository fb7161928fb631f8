"""What a policy asks for before people may make a move, as far as it differs from policy to policy."""

from __future__ import annotations

from workflows.policy import Policy
from workflows.policy_words import listed, within
from workflows.table import Move
from workflows.vocabulary import RecordKind, Workflow

_SKIPS = {
    "with_reason": "with a reason",
    "after_attempt": "once an attempt is on record",
    "while_absent": "once tried, or while the supervisor is away",
    "while_long_absent": "once tried, or while the supervisor is away for long",
}


def condition(workflow: Workflow, move: Move, policy: Policy) -> str:
    """What the policy asks for before a move, with its clause; empty where there is nothing that is its own."""
    match workflow, move.trigger:
        case Workflow.session, "hold" if move.source == ("missed",):
            late = policy.session.report_late
            return f"within {within(late)} ({late.clause})"
        case Workflow.record, "delegate":
            by = {kind: policy.record.of(kind).delegate for kind in RecordKind}
            kinds = [kind for kind, clause in by.items() if clause]
            return f"{listed(kinds)} records ({_clauses(by[kind] for kind in kinds)})"
        case Workflow.record, "dispute" if move.source == ("deemed_accepted",):
            return "where its notice never arrived"
        case Workflow.record, "note_closure":
            return f"where one is owed ({_clauses(policy.record.of(kind).closure_note for kind in RecordKind)})"
        case Workflow.concern, "escalate" if move.source == ("with_supervisor",):
            return f"{_SKIPS[policy.concern.skip]} ({policy.concern.skip_clause})"
        case Workflow.concern, "resolve" if move.dest and policy.concern.meeting_required:
            return f"once the three have met ({policy.concern.meeting_required})"
        case Workflow.action, "complete" if policy.action.sensitive:
            return f"if sensitive, once the line manager agrees ({policy.action.sensitive})"
        case Workflow.handover, "hand_over" if policy.handover.meeting.value:
            return f"once all concerned have met ({policy.handover.meeting.clause})"
        case Workflow.dispute, "meet" if policy.dispute.record.meeting_needs_notice:
            return f"both told beforehand ({policy.dispute.record.clause})"
        case _:
            return ""


def _clauses(clauses: object) -> str:
    return ", ".join(dict.fromkeys(filter(None, clauses)))  # type: ignore[call-overload]
