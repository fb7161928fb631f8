"""What a policy asks for before people may make a move, as far as it differs from policy to policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from workflows.policy import Policy
from workflows.policy_words import listed, within
from workflows.table import Move
from workflows.vocabulary import DisputeAbout, RecordKind, Workflow

_SKIPS = {
    "with_reason": "with a reason",
    "after_attempt": "once an attempt is on record",
    "while_absent": "once tried, or while the supervisor is away",
    "while_long_absent": "once tried, or while the supervisor is away for long",
}


def condition(workflow: Workflow, move: Move, policy: Policy) -> str:
    """What the policy asks for before a move, with its clause; empty where there is nothing that is its own."""
    found = _OF_WORKFLOW.get(workflow)
    return found(move, policy) if found else ""


def _session(move: Move, policy: Policy) -> str:
    late = policy.session.report_late
    return f"within {within(late)} ({late.clause})" if move.source == ("missed",) else ""


def _record(move: Move, policy: Policy) -> str:
    match move.trigger:
        case "delegate":
            by = {kind: policy.record.of(kind).delegate for kind in RecordKind}
            kinds = [kind for kind, clause in by.items() if clause]
            return f"{listed(kinds)} records ({_clauses(by[kind] for kind in kinds)})"
        case "circulate" if move.dest == "agreed":
            return f"{_signed_alone(policy)}, which the supervisor alone signs"
        case "object_late" if move.source == ("agreed",):
            return f"{_signed_alone(policy)}, which the supervisee was not asked to sign"
        case "dispute" if move.source == ("deemed_accepted",):
            return "where its notice never arrived"
        case "note_closure":
            return f"where one is owed ({_clauses(policy.record.of(kind).closure_note for kind in RecordKind)})"
        case _:
            return ""


def _signed_alone(policy: Policy) -> str:
    kinds = [kind for kind in RecordKind if policy.record.of(kind).signatories == "supervisor"]
    return f"{listed(kinds)} records ({_clauses(policy.record.of(kind).signature_clause for kind in kinds)})"


def _concern(move: Move, policy: Policy) -> str:
    rules = policy.concern
    if move.trigger == "escalate" and move.source == ("with_supervisor",):
        return f"{_SKIPS[rules.skip]} ({rules.skip_clause})"
    if move.trigger == "resolve" and move.dest and rules.meeting_required:
        return f"once the three have met ({rules.meeting_required})"
    return ""


def _action(move: Move, policy: Policy) -> str:
    clause = policy.action.sensitive
    return f"if sensitive, once the line manager agrees ({clause})" if clause and move.trigger == "complete" else ""


def _handover(move: Move, policy: Policy) -> str:
    meeting = policy.handover.meeting
    return f"once all concerned have met ({meeting.clause})" if meeting.value and move.trigger == "hand_over" else ""


def _dispute(move: Move, policy: Policy) -> str:
    notice = [route for about in DisputeAbout if (route := policy.dispute.route(about)).meeting_needs_notice]
    clauses = _clauses(route.clause for route in notice)
    return f"both told beforehand ({clauses})" if notice and move.trigger == "meet" else ""


def _clauses(clauses: Iterable[str | None]) -> str:
    return ", ".join(dict.fromkeys(filter(None, clauses)))


_OF_WORKFLOW: Mapping[Workflow, Callable[[Move, Policy], str]] = MappingProxyType(
    {
        Workflow.session: _session,
        Workflow.record: _record,
        Workflow.concern: _concern,
        Workflow.action: _action,
        Workflow.handover: _handover,
        Workflow.dispute: _dispute,
    }
)
