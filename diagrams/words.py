"""Roles and other names in the words that a drawing uses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from workflows.policy_words import plain

_ROLES: Mapping[str, str] = MappingProxyType(
    {
        "accountable_manager": "the worker’s own line manager",
        "holder": "whoever has it",
        "opener": "whoever opened it",
        "owner": "whoever is to do it",
        "person": "the person",
        "contributor": "whoever writes a part",
        "participant": "each participant",
        "hr": "human resources",
        "head_of_service": "a head of service",
        "business_support": "business support",
        "auditor": "an auditor",
    }
)


def role_in_words(role: str) -> str:
    """Who somebody is to a matter: "the supervisee", "whoever has it"."""
    return _ROLES.get(role) or f"the {plain(role)}"


def roles_in_words(roles: tuple[str, ...]) -> str:
    """Any one of several: "the supervisee or the supervisor"."""
    *first, last = (role_in_words(role) for role in roles)
    return f"{', '.join(first)} or {last}" if first else last
