"""Proposing how often a case is supervised: who may, what the policy's list knows, and which rating it suggests."""

from __future__ import annotations

from workflows.intervals import CaseInterval, case_interval, known_categories, known_criteria, suggested_rating
from workflows.model import Actor, Facts, Opening, Selector
from workflows.payloads import Propose
from workflows.turn import Turn
from workflows.vocabulary import Role, Workflow


def may_propose(actor: Actor, data: Propose, facts: Facts) -> Role | None:
    """The worker's supervisor proposes, or the manager above (DAR-15, DAR-16)."""
    case = facts.cases.get(data.case)
    supervisor = facts.directory.supervisor_of(case.worker) if case else None
    if supervisor is None:
        return None
    if actor.ref == supervisor:
        return Role.supervisor
    return Role.line_manager if facts.directory.manager_of(supervisor) == actor.ref else None


def begins(actor: Actor, data: Propose, facts: Facts) -> Opening:
    """The opening of a proposal."""
    worker = facts.cases[data.case].worker
    return Opening(
        Workflow.frequency,
        supervisee=worker,
        supervisor=facts.directory.supervisor_of(worker),
        case=data.case,
        data={
            "opened_by": actor.ref,
            "category": data.category,
            "criteria": sorted(data.criteria),
            "rating": data.rating,
        },
        texts={"reason": data.reason},
    )


def case_is_open(turn: Turn) -> str | None:
    """Whether the case still needs supervision; the last day counts."""
    closed_on = turn.facts.cases[turn.matter.case or ""].closed_on
    return "The case is closed." if closed_on and closed_on < turn.on else None


def status_is_known(turn: Turn) -> str | None:
    """Whether the policy's list has the category and the criteria; an import is taken as it comes, and listed."""
    policy, data = turn.facts.policy, turn.matter.data
    if turn.actor.is_system:
        return None
    categories = known_categories(policy)
    if categories and data["category"] not in categories:
        return f"The policy has no category {data['category']!r}; it has: {', '.join(sorted(categories))}."
    unknown = set(data["criteria"]) - known_criteria(policy)
    return f"The policy knows no criterion {min(unknown)!r}." if unknown else None


def rating_fits(turn: Turn) -> str | None:
    """Whether the rating is one of the category's; people must give one where there are ratings (DAR-15)."""
    rules, data = turn.facts.policy.frequency, turn.matter.data
    ratings = {row.rating for row in rules.rows if row.category == data["category"] and row.rating}
    if data["rating"] and data["rating"] not in ratings:
        return f"Cases of this category have no rating {data['rating']!r}."
    if ratings and not data["rating"] and not turn.actor.is_system:
        return f"Give the rating: {', '.join(sorted(ratings))}."
    return None


def propose(turn: Turn) -> None:
    """Work out the interval and the rating that the list suggests; what takes effect is decided next."""
    keep_interval(turn)
    turn.keep(suggested=suggested_rating(turn.facts.policy, frozenset(turn.matter.data["criteria"])))
    turn.clause = turn.data["clause"]
    turn.then(Selector(Workflow.frequency, id=turn.matter.id), "take_effect")


def keep_interval(turn: Turn) -> None:
    """Keep with the matter what people are told of its interval."""
    interval = interval_of(turn)
    turn.keep(every=interval.every.words(), clause=interval.every.clause, exception=interval.exception or None)


def interval_of(turn: Turn) -> CaseInterval:
    """The policy's interval for the status of this matter, under the policy in force."""
    data, case = turn.data, turn.facts.cases[turn.matter.case or ""]
    return case_interval(turn.facts.policy, case, data["category"], frozenset(data["criteria"]), data["rating"])
