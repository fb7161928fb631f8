"""New versions of a policy, made of the shipped one with a few values changed."""

from __future__ import annotations

from typing import Any

from workflows.policy import Policy
from workflows.policy_parts import Period
from workflows.policy_reader import shipped
from workflows.vocabulary import Unit


def period(words: str, clause: str) -> Period:
    """The words "2 weeks" as the period that a clause gives."""
    value, unit = words.split()
    return Period(value=int(value), unit=Unit(unit), clause=clause)


def version(council: str, number: str = "2", **parts: Any) -> Policy:
    """A version of a council's policy with other parts; a dictionary changes the values of a part."""
    policy = shipped()[council]
    changed = {
        name: getattr(policy, name).model_copy(update=part) if isinstance(part, dict) else part
        for name, part in parts.items()
    }
    return policy.model_copy(update={"version": number, **changed})


def workers_every(council: str, words: str, clause: str, number: str = "2", **parts: Any) -> Policy:
    """A version under which every worker is supervised this often."""
    entitlement = {"rows": (), "everyone_else": period(words, clause)}
    return version(council, number, entitlement=entitlement, **parts)


def cases_with(council: str, number: str = "2", **row: Any) -> Policy:
    """A version whose every row of case supervision has these values."""
    rows = tuple(known.model_copy(update=row) for known in shipped()[council].frequency.rows)
    return version(council, number, frequency={"rows": rows})
