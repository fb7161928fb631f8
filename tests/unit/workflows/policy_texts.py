"""Policies' texts with changes in them, and the mistakes that the reader finds there."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import resources

import pytest

from workflows.policy_mistake import PolicyMistake
from workflows.policy_reader import read_policy

CBC, DAR, LDS, HAR, NS = "central-bedfordshire", "darlington", "leeds", "haringey", "north-somerset"


def text_of(council: str) -> str:
    return resources.files("workflows").joinpath("policies", f"{council}.toml").read_text(encoding="utf-8")


def changed(council: str, *changes: tuple[str, str]) -> str:
    """A council's text with parts replaced; every part must be there, and the first place of it counts."""
    text = text_of(council)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def mistakes(text: str) -> list[tuple[str, str, str]]:
    """Key, what was found and what was expected, for each mistake in a text."""
    with pytest.raises(PolicyMistake) as caught:
        read_policy(text, "our.toml")
    return [(problem.key, problem.found, problem.expected) for problem in caught.value.problems]


def keys(text: str) -> list[str]:
    return [key for key, _, _ in mistakes(text)]


def only(found: Iterable[tuple[str, str, str]]) -> tuple[str, str, str]:
    [mistake] = found
    return mistake
