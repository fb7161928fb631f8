"""What somebody is told and asked where a matter stands: it follows from the matter, their roles and the policy."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from types import MappingProxyType

from workflows.model import Matter
from workflows.policy import Policy
from workflows.policy_guidance import Guidance, Prompt
from workflows.vocabulary import Moment, RecordKind, Role, SessionKind, Workflow

#: Either of the two kinds of entry.
Entry = Guidance | Prompt
#: Those who see to the service and check it read what each of the others is told.
_SEES_ALL = frozenset({Role.administrator, Role.auditor})
#: The moments of workflows in which it matters where they stand; any other workflow is a moment of its own.
_BY_STATE = MappingProxyType(
    {
        (Workflow.session, "scheduled"): frozenset({Moment.preparing, Moment.holding}),
        (Workflow.record, "draft"): frozenset({Moment.writing}),
        (Workflow.record, "awaiting_signature"): frozenset({Moment.signing}),
        (Workflow.record, "disputed"): frozenset({Moment.dispute}),
    }
)
_BY_WORKFLOW = MappingProxyType({Workflow.cancellation: Moment.cancelling})


def moments_of(matter: Matter) -> frozenset[Moment]:
    """The moments that a matter is in; none once nothing is left to be done on it."""
    if matter.closed_at is not None:
        return frozenset()
    found = _BY_STATE.get((matter.workflow, matter.state))
    if found is None:
        return frozenset(_of_workflow(matter.workflow))
    return found | frozenset(_besides(matter))


def _of_workflow(workflow: Workflow) -> Iterator[Moment]:
    if workflow in _BY_WORKFLOW:
        yield _BY_WORKFLOW[workflow]
    elif workflow in Moment.__members__:
        yield Moment[workflow]


def _besides(matter: Matter) -> Iterator[Moment]:
    """What a session or a record is besides: by its kind, and by whether people meet in one room."""
    if matter.workflow is Workflow.session and matter.data.get("remote"):
        yield Moment.remote
    if matter.kind == SessionKind.group:
        yield Moment.group
    if matter.kind == SessionKind.unplanned:
        yield Moment.unplanned
    if matter.kind == RecordKind.decision:
        yield Moment.deciding


def _entries(policy: Policy) -> Iterator[Entry]:
    yield from policy.guidance
    yield from policy.prompt


def for_matter(policy: Policy, matter: Matter, roles: Collection[Role]) -> tuple[Entry, ...]:
    """What somebody in these roles is told and asked about a matter now, in the order of the policy."""
    moments, held = moments_of(matter), frozenset(roles)
    return tuple(
        entry
        for entry in _entries(policy)
        if entry.at & moments
        and (not entry.kinds or matter.kind in entry.kinds)
        and (not entry.who or (entry.who | _SEES_ALL) & held)
    )


def at_moment(policy: Policy, moment: Moment | None) -> tuple[Entry, ...]:
    """What everybody is told and asked at a moment; without one, at any."""
    return tuple(entry for entry in _entries(policy) if moment is None or moment in entry.at)
