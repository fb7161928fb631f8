"""Whether open matters could go on under another policy: whatever would be left without a way on, each named.

What the policy in force already leaves open is no reason against another one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from workflows.calendar import local_day
from workflows.escalation import next_up
from workflows.intervals import known_categories
from workflows.model import SYSTEM, Facts, Matter
from workflows.policy import Policy
from workflows.policy_mistake import Problem
from workflows.registry import DEFINITIONS, states_of
from workflows.turn import Turn
from workflows.vocabulary import Role, Workflow


def unknown_states(found: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Of the workflows and states in which open matters stand, those that no table has."""
    for workflow, state in found:
        states = states_of(workflow)
        if state not in states:
            known = ", ".join(states) or "a workflow that this service has"
            yield Problem(f"open matters: {workflow}", f"one of {known}", state)


def unfit(policy: Policy, matters: Iterable[Matter], facts: Facts) -> Iterator[Problem]:
    """What is missing in a policy for open matters that would take it; `facts` has the policy in force."""
    open_matters = list(matters)
    yield from _categories(policy, facts.policy, open_matters)
    yield from _ratings(policy, facts.policy, open_matters)
    yield from _approvers(policy, facts)
    yield from _nobody_above(policy, open_matters, facts)


def _categories(policy: Policy, before: Policy, matters: Iterable[Matter]) -> Iterator[Problem]:
    known = known_categories(policy)
    if known:
        gone = known_categories(before) - known
        for (category,), cases in _cases_by(matters, "category").items():
            if category in gone:
                yield Problem("frequency.rows", f"a row for the category {category!r}: {_those(cases)}")


def _ratings(policy: Policy, before: Policy, matters: Iterable[Matter]) -> Iterator[Problem]:
    was, known = _rated(before), _rated(policy)
    for (category, rating), cases in _cases_by(matters, "category", "rating").items():
        if (category, rating) in was - known and category in known_categories(policy):
            yield Problem("frequency.rows", f"a row for {category!r} rated {rating!r}: {_those(cases)}")


def _rated(policy: Policy) -> frozenset[tuple[str, str | None]]:
    return frozenset((row.category, row.rating) for row in policy.frequency.rows if row.rating)


def _cases_by(matters: Iterable[Matter], *keys: str) -> dict[tuple[str, ...], list[str]]:
    """The cases that are watched, by what is known of their status."""
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for matter in matters:
        if matter.workflow is Workflow.frequency:
            found[tuple(matter.data[key] for key in keys)].append(matter.case or "")
    return found


def _those(cases: list[str]) -> str:
    return f"case {min(cases)} has it" if len(cases) == 1 else f"{len(cases)} cases have it, {min(cases)} among them"


def _approvers(policy: Policy, facts: Facts) -> Iterator[Problem]:
    """Approvals that nobody could give."""
    asked_before = any(row.needs_approval for row in facts.policy.frequency.rows)
    if not asked_before and not facts.directory.with_app_role(Role.head_of_service, local_day(facts.clock)):
        for index, row in enumerate(policy.frequency.rows):
            if row.needs_approval:
                expected = "no approval, as nobody in post is a head of service in this service"
                yield Problem(f"frequency.rows[{index}].needs_approval", expected, row.needs_approval, row.category)


def _nobody_above(policy: Policy, matters: Iterable[Matter], facts: Facts) -> Iterator[Problem]:
    """Matters that are to rise, for which somebody is left to ask now, and nobody would be."""
    lost = [
        m for m in matters if m.live("climb_by") and _asks(m, facts) and not _asks(m, replace(facts, policy=policy))
    ]
    if lost:
        first = min(matter.id for matter in lost)
        expected = f"somebody to ask about open matters that will rise: {len(lost)} of them, {first} among them"
        yield Problem("escalation.fallbacks", expected, "a list under which nobody is left")


def _asks(matter: Matter, facts: Facts) -> bool:
    definition = DEFINITIONS[matter.workflow]
    turn = Turn(matter, "climb", SYSTEM, Role.system, facts.clock, facts, definition.enforces)
    ladder = matter.ladder or (definition.ladder(turn) if definition.ladder else None)
    return ladder is not None and next_up(turn, ladder).holder is not None
