"""What a policy's rules on disclosure and retention must hold beyond their form."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.policy_disclosure import DisclosurePolicy
from workflows.policy_mistake import Problem, repeated
from workflows.policy_retention import RetentionPolicy


def check_disclosure(policy: DisclosurePolicy) -> Iterator[Problem]:
    """Kinds, grounds and purposes listed twice, requests met without any ground, and secrets that would show."""
    for key, names in (
        ("requests", [rule.kind.value for rule in policy.requests]),
        ("grounds", [ground.name for ground in policy.grounds]),
        ("purposes", [purpose.name for purpose in policy.purposes]),
    ):
        places = ((f"disclosure.{key}[{index}]", name) for index, name in enumerate(names))
        yield from repeated(places, f"each of the {key} once")
    if not policy.grounds and any(not rule.refer for rule in policy.requests):
        yield Problem("disclosure.grounds", "at least one ground, or nothing could ever be withheld", "an empty list")
    for index, rule in enumerate(policy.requests):
        if rule.freeze_clause is not None and rule.delay_clause is not None:
            expected = "nothing beside freeze_clause, since a record that is frozen shows that it is asked for"
            yield Problem(f"disclosure.requests[{index}].delay_clause", expected, rule.delay_clause)


def check_retention(policy: RetentionPolicy) -> Iterator[Problem]:
    """Grounds of a hold that are listed twice, or none at all."""
    places = ((f"retention.hold_grounds[{index}]", hold.name) for index, hold in enumerate(policy.hold_grounds))
    yield from repeated(places, "each of the grounds once")
    if not policy.hold_grounds:
        yield Problem("retention.hold_grounds", "at least one ground, or no file could ever be held", "an empty list")
