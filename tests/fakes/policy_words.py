"""What the councils' policies say themselves: titles, sentences and names, which no catalogue has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from workflows.policy_reader import shipped


@cache
def words_of_policies() -> frozenset[str]:
    """Every text in a policy that comes along, as it is and as pages write a name."""
    found = {text for policy in shipped().values() for text in _texts(policy.model_dump(mode="json"))}
    versions = {
        f"{text}{between} {policy.version}"
        for policy in shipped().values() for text in (policy.name, policy.council, policy.id) for between in ("", ",")
    }  # fmt: skip
    return frozenset(word for text in found | versions for word in _written(text))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts([*value, *value.values()])
    elif isinstance(value, Iterable):
        for part in value:
            yield from _texts(part)


def _written(text: str) -> Iterator[str]:
    plain = text.replace("_", " ").replace("-", " ")
    for one in (text, plain, plain[:1].upper() + plain[1:]):
        yield one.strip(" .,:;()–•“”")
