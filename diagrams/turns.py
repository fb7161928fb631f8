"""Whose turn it is in a state, how a matter begins, and who is asked after whom: as the rules hold it, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflows.policy import Policy
from workflows.policy_words import listed, plain
from workflows.vocabulary import DisputeAbout, Workflow

_SUPERVISOR, _SUPERVISEE, _BOTH = "the supervisor", "the supervisee", "both of the two"
_ASKED, _HR = "the manager who was asked", "human resources"
_LATE = MappingProxyType(
    {"overdue": _SUPERVISOR, "with_line_manager": "the first manager in the line above", "with_senior_manager": _ASKED}
)
#: Whose turn it is, by state. A state that is not here waits for time, or for what happens elsewhere.
_TURNS: Mapping[Workflow, Mapping[str, str]] = MappingProxyType(
    {
        Workflow.session: {"scheduled": _SUPERVISOR},
        Workflow.cancellation: {"awaiting_rebooking": _SUPERVISOR, "rebooked": _SUPERVISOR, **_LATE},
        Workflow.record: {
            "draft": "the supervisor, or whoever writes it for them", "awaiting_signature": _SUPERVISEE,
            "disputed": "the two, and whoever settles their disagreement",
        },
        Workflow.dispute: {"in_discussion": _BOTH, "with_senior_manager": _ASKED},
        Workflow.frequency: {"awaiting_approval": "a head of service who did not propose it", **_LATE},
        Workflow.entitlement: _LATE,
        Workflow.absence: {"awaiting_cover": "the manager above who was asked", "with_senior_manager": _ASKED},
        Workflow.agreement: {"draft": _BOTH, "awaiting_signatures": "the other of the two", "review_due": _BOTH},
        Workflow.concern: {
            "with_supervisor": _SUPERVISOR, "three_way_meeting": _ASKED, "with_senior_manager": _ASKED,
        },
        Workflow.referral: {
            "draft": "whoever opened it", "awaiting_supervisee_discussion": "whoever opened it",
            "with_line_manager": "the manager above", "with_hr": _HR,
        },
        Workflow.action: {
            "open": "whoever is to do it", "done": "the supervisor; the supervisee for what the supervisor had to do",
        },
        Workflow.oversight: {**_LATE, "due": "the manager of the worker", "overdue": "the manager of the worker"},
        Workflow.handover: {"to_hand_over": "the supervisor before", "handed_over": "the new supervisor"},
        Workflow.filing: {"to_file": "the supervisor, or the system that takes it", **_LATE},
        Workflow.audit: {
            "drawn": "any auditor", "in_progress": "the auditor who has it, or the observer",
            "reported": "the auditor who reported it", "learning_due": "the supervisor, with the case’s next session",
        },
        Workflow.disclosure: dict.fromkeys(("requested", "in_review", "awaiting_notice"), _HR),
        Workflow.retention: {"due": _HR},
        Workflow.grant: {"proposed": "the other office: HR, or a head of service"},
    }
)  # fmt: skip

#: How one begins, by workflow.
OPENED: Mapping[Workflow, str] = MappingProxyType(
    {
        Workflow.session: "The supervisor books it",
        Workflow.cancellation: "A session was cancelled or missed",
        Workflow.record: "A session was held, or the supervisor begins one",
        Workflow.dispute: "A record is disputed, or one of the two disagrees",
        Workflow.frequency: "A status is proposed, or the list of cases brings it",
        Workflow.entitlement: "Supervision of this person begins",
        Workflow.absence: "Somebody is away, or a supervisor changes for good",
        Workflow.employment: "The list of people brings the person",
        Workflow.agreement: "A supervision relationship begins, or other terms are proposed",
        Workflow.concern: "The supervisee raises it",
        Workflow.referral: "The supervisor or the manager above opens it",
        Workflow.action: "One of the two writes it down",
        Workflow.oversight: "A case was allocated or transferred",
        Workflow.handover: "The supervisor has changed for good",
        Workflow.filing: "Something is final, and belongs on a file",
        Workflow.audit: "A programme draws it, or an auditor opens it",
        Workflow.adoption: "An administrator announces a version of the policy",
        Workflow.disclosure: "Human resources take the request in",
        Workflow.retention: "Somebody has left",
        Workflow.grant: "HR or a head of service asks for it, or an emergency begins",
    }
)
_ABOUT: Mapping[DisputeAbout, str] = MappingProxyType(
    {
        DisputeAbout.record: "a record",
        DisputeAbout.casework: "casework",
        DisputeAbout.relationship: "the relationship",
        DisputeAbout.other: "anything else",
    }
)
_ROUTES: Mapping[str, str] = MappingProxyType(
    {
        "line": "the first manager above the supervisor",
        "team_manager": "the worker’s team manager, unless a party",
        "named_person": "the person whom the agreement names",
        "mediator": "the manager of the supervisee’s line manager, as mediator",
    }
)


def waits_for(workflow: Workflow, state: str, policy: Policy) -> str:
    """Whose turn it is in a state; empty where nobody's."""
    if state == "with_line_manager" and workflow is Workflow.dispute:
        return _dispute_begins_with(policy)
    if state == "with_line_manager" and workflow is Workflow.concern:
        return _concern_begins_with(policy)
    return _TURNS.get(workflow, {}).get(state, "")


def _dispute_begins_with(policy: Policy) -> str:
    """Who is asked first, by what the two disagree about; each route once."""
    by_route: dict[str, list[DisputeAbout]] = {}
    for about in DisputeAbout:
        by_route.setdefault(policy.dispute.route(about).route, []).append(about)
    if len(by_route) == 1:
        [only] = by_route
        clauses = ", ".join(dict.fromkeys(policy.dispute.route(about).clause for about in DisputeAbout))
        return f"{_ROUTES[only]} ({_each_once(clauses)})"
    return "; ".join(
        f"about {listed(_ABOUT[one] for one in abouts)}: {_ROUTES[name]} "
        f"({_each_once(', '.join(policy.dispute.route(one).clause for one in abouts))})"
        for name, abouts in by_route.items()
    )


def _concern_begins_with(policy: Policy) -> str:
    rules = policy.concern
    found = [f"the first manager above the supervisor ({rules.chain_clause})"]
    named = (
        ("the third party whom the agreement names", rules.third_party_about, rules.third_party_clause),
        ("the person whom the agreement names for conflicts", rules.named_person_about, rules.named_person_clause),
    )
    for who, subjects, clause in named:
        if subjects:
            found.append(f"about {listed(plain(name) for name in sorted(subjects))}: {who} ({clause})")
    return "; ".join(found)


def _each_once(clauses: str) -> str:
    return ", ".join(dict.fromkeys(clauses.split(", ")))


def behind_the_line(workflow: Workflow, policy: Policy) -> str:
    """Who is asked when nobody is left in the line of management; empty where the administrators alone are told."""
    if workflow is Workflow.referral or not policy.escalation.fallbacks:
        return ""
    people = (
        f"{plain(one.job_role)}{f' ({one.setting})' if one.setting else ''}, {one.clause}"
        for one in policy.escalation.fallbacks
    )
    return "; ".join(people)
