"""What a policy rules out: rows of a table that can never be taken under it, and states that nothing then leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec.structs import replace

from workflows.policy import Policy
from workflows.policy_forms import RecordRules
from workflows.table import Definition, Move
from workflows.vocabulary import AuditKind, RecordKind, Role, Workflow

_SIGNED, _UNSIGNED = frozenset({"active", "review_due"}), frozenset({"draft", "awaiting_signatures"})
_SIGNED_RECORD = frozenset({"agreed"})
_CLOSED_WITH_NOTE = frozenset({"deemed_accepted", "settled"})


def is_used(workflow: Workflow, policy: Policy) -> bool:
    """Whether anything under this policy opens a matter of the workflow."""
    if workflow is Workflow.oversight:
        return policy.oversight is not None
    if workflow is Workflow.filing:
        return any(rules.kept_in for rules in _record_rules(policy))
    return True


def possible_moves(definition: Definition, policy: Policy) -> tuple[Move, ...]:
    """The rows that can be taken under the policy, from states that can be reached; what mends an incident is none."""
    can_be = _RULES.get(definition.workflow, _anything)
    ordinary = (move for move in definition.moves if not move.with_incident)
    rows = tuple(_narrowed(definition.workflow, policy, move) for move in ordinary if can_be(policy, move))
    reached = set(possible_openings(definition, policy))
    while more := {m.dest for m in rows if m.dest and reached & set(m.source)} - reached:
        reached |= more
    at = ((move, tuple(name for name in move.source if name in reached)) for move in rows)
    return tuple(replace(move, source=sources) for move, sources in at if sources)


def _narrowed(workflow: Workflow, policy: Policy, move: Move) -> Move:
    """The row with the sources that the policy leaves it."""
    without: frozenset[str] = frozenset()
    match workflow, move.trigger:
        case Workflow.agreement, "change_supervisor" if policy.agreement.unsigned_at_change == "lapsed":
            without = _SIGNED if move.dest == "lapsed" else _UNSIGNED
        case Workflow.record, "remind" | "climb" if not any(rules.closure_note for rules in _record_rules(policy)):
            without = _CLOSED_WITH_NOTE
        case Workflow.record, "settle" | "reopen" if not signs_alone(policy):
            without = _SIGNED_RECORD
        case _:
            return move
    return replace(move, source=tuple(name for name in move.source if name not in without))


def possible_states(definition: Definition, policy: Policy) -> tuple[str, ...]:
    """The states that can be reached under the policy, in the order of the table."""
    reached = set(possible_openings(definition, policy))
    reached |= {move.dest for move in possible_moves(definition, policy) if move.dest}
    return tuple(name for name in definition.states if name in reached)


def possible_openings(definition: Definition, policy: Policy) -> tuple[str, ...]:
    """The states in which a matter may begin under the policy."""
    if not is_used(definition.workflow, policy):
        return ()
    ruled_out: set[str] = set()
    match definition.workflow:
        case Workflow.cancellation if not policy.cancellation.after_sickness:
            ruled_out = {"awaiting_return"}
        case Workflow.referral if not policy.referral.discuss_first.value:
            ruled_out = {"awaiting_supervisee_discussion"}
        case Workflow.audit if not any(programme.every for programme in policy.audit.programmes):
            ruled_out = {"running"}
        case _:
            pass
    return tuple(name for name in definition.initial if name not in ruled_out)


def _record_rules(policy: Policy) -> tuple[RecordRules, ...]:
    return tuple(policy.record.of(kind) for kind in RecordKind)


def deems(policy: Policy) -> bool:
    """Whether silence is ever taken for acceptance of a record."""
    return any(rules.sign_by and rules.silence == "deemed" for rules in _record_rules(policy))


def signs_alone(policy: Policy) -> bool:
    """Whether the supervisor alone signs any record."""
    return any(rules.signatories == "supervisor" for rules in _record_rules(policy))


def _anything(_policy: Policy, _move: Move) -> bool:
    return True


def _record(policy: Policy, move: Move) -> bool:
    match move.trigger:
        case "deem":
            return deems(policy)
        case "note_closure":
            return any(rules.closure_note for rules in _record_rules(policy))
        case "delegate":
            return any(rules.delegate for rules in _record_rules(policy))
        case "circulate" if move.dest == "agreed":
            return signs_alone(policy)
        case "object_late" if move.source == ("agreed",):
            return signs_alone(policy)
        case _:
            return True


def _cancellation(policy: Policy, move: Move) -> bool:
    return move.dest != "awaiting_return" or bool(policy.cancellation.after_sickness)


def _dispute(policy: Policy, move: Move) -> bool:
    """Only a route that begins with a team manager, who may be a party, can pass over the first rung."""
    routes = (policy.dispute.record, policy.dispute.casework, policy.dispute.relationship, policy.dispute.other)
    passes_over = move.source == ("in_discussion",) and move.dest == "with_senior_manager"
    return not passes_over or any(route.route == "team_manager" for route in routes)


def _frequency(policy: Policy, move: Move) -> bool:
    rows = policy.frequency.rows
    match move.trigger:
        case "take_effect" if move.dest == "awaiting_approval":
            return any(row.needs_approval for row in rows)
        case "target":
            return any(row.then_target for row in rows)
        case "review" if Role.supervisor in move.roles:
            return policy.frequency.review_changed is not None
        case "review" | "review_missed":
            return policy.frequency.review_changed is not None or any(row.reviewed_every for row in rows)
        case _:
            return True


def _entitlement(policy: Policy, move: Move) -> bool:
    about_the_review = move.trigger in {"remind_review", "miss_review"}
    return not about_the_review or policy.entitlement.yearly_review is not None


def _absence(policy: Policy, move: Move) -> bool:
    long = policy.absence.long
    match move.trigger:
        case "long":
            return long is not None
        case "first_breach":
            return long is None
        case "begin":
            return move.dest is None or (long is not None and long.at_once)
        case _:
            return True


def _agreement(policy: Policy, move: Move) -> bool:
    rules = policy.agreement
    match move.trigger:
        case "review":
            return rules.review_every is not None
        case "ask_review":
            return rules.event("asked") is not None
        case "review_for":
            return any(rule.event != "asked" for rule in rules.review_on)
        case "change_supervisor":
            return move.dest == "superseded" or rules.unsigned_at_change == "lapsed"
        case _:
            return True


def _action(policy: Policy, move: Move) -> bool:
    return move.trigger != "agree" or policy.action.sensitive is not None


def _audit(policy: Policy, move: Move) -> bool:
    kinds = {programme.kind for programme in policy.audit.programmes}
    match move.trigger:
        case "assign":
            return AuditKind.peer_observation in kinds
        case "close":
            return AuditKind.survey in kinds
        case _:
            return True


def _disclosure(policy: Policy, move: Move) -> bool:
    may_wait = any(rule.delay_clause for rule in policy.disclosure.requests)
    late = move.trigger in {"delay", "notice_due", "tell_supervisee"} or move.dest == "awaiting_notice"
    return may_wait or not late


def _retention(policy: Policy, move: Move) -> bool:
    rules = policy.retention
    match move.trigger:
        case "fall_due":
            return rules.keep_for is not None
        case "change_period":
            return rules.keep_for is not None and move.source != ("on_hold",)
        case "dispose":
            return rules.ending.then == "dispose"
        case _:
            return True


_RULES: Mapping[Workflow, Callable[[Policy, Move], bool]] = MappingProxyType(
    {
        Workflow.record: _record,
        Workflow.cancellation: _cancellation,
        Workflow.dispute: _dispute,
        Workflow.frequency: _frequency,
        Workflow.entitlement: _entitlement,
        Workflow.absence: _absence,
        Workflow.agreement: _agreement,
        Workflow.action: _action,
        Workflow.audit: _audit,
        Workflow.disclosure: _disclosure,
        Workflow.retention: _retention,
    }
)
