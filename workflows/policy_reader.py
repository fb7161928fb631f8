"""Reads policies: a text is a Policy with nothing wrong in it, or every mistake in it is named at once."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, get_args

from msgspec.structs import replace
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from workflows.policy import Policy
from workflows.policy_audit_checks import check_audit_fits
from workflows.policy_checks import CHECKS, check_clauses, check_dates, check_routes
from workflows.policy_mistake import PolicyMistake, Problem
from workflows.policy_parts import Part
from workflows.policy_periods import check_units

__all__ = ["PolicyMistake", "Problem", "part_types", "read_policy", "shipped", "shipped_text"]


def part_types(annotation: object) -> Iterator[type[Part]]:
    """The kinds of part that a key of this type holds; none where it holds plain values."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for inner in get_args(annotation):
        yield from part_types(inner)


#: The parts of a policy by their keys; one that a policy may lack is checked where it is there.
_PARTS: Mapping[str, type[Part]] = {
    name: part for name, field in Policy.model_fields.items() for part in part_types(field.annotation)
}
#: What should stand there, by the kind of error that pydantic reports.
_EXPECTED = {
    "missing": "this key, which may not be left out",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "string_type": "text in quotes",
    "frozen_set_type": "a list",
    "tuple_type": "a list",
    "model_type": "a table of keys",
    "enum": "one of {expected}",
    "literal_error": "one of {expected}",
    "greater_than": "a number greater than {gt}",
    "less_than_equal": "a number up to {le}",
    "date": "a date such as 2025-01-31",
}
#: The same for texts, by how the pattern that they do not match starts.
_PATTERNS = {
    "^(product": "clauses such as 'AB-12' or 'AB-12, AB-13', or 'product default'",
    "^[a-z0-9]+(-": "small letters and digits, with hyphens between words",
    "^[a-z0-9]+(_": "small letters and digits, with underscores between words",
    r"^[A-Z].*\.": "a sentence that begins with a capital letter and ends with a full stop",
    r"^[A-Z].*\?": "a question that begins with a capital letter and ends with a question mark",
}
#: The keys by which people know a row.
_NAMING = ("category", "criteria", "rating", "id", "name", "job_roles", "job_role", "kinds", "says", "asks")
_STEPS = re.compile(r"[^.\[\]]+|\[\d+\]")
#: Tables and lists inside one another; the policies that come with this package go half as far.
_DEEPEST = 20
_TOO_DEEP = Problem("the file", f"at most {_DEEPEST} tables and lists inside one another", "more")
_TOO_LONG = Problem("the file", "numbers that somebody can count with", "one of thousands of digits")
_LINE = re.compile(r" \(at line (\d+), column \d+\)$")


def read_policy(text: str, file: str) -> Policy:
    """The policy that a TOML text holds; `file` is the name for people.

    Raises PolicyMistake with every mistake that was found.
    """
    data = _read(text, file)
    policy, problems = _validated(data)
    problems += check_clauses(data)
    for name, part in _sound_parts(data):
        problems += check_units(part, name)
        problems += CHECKS[name](part) if name in CHECKS else ()
    if policy:
        problems += check_dates(policy)
        problems += check_routes(policy)
        problems += check_audit_fits(policy)
    if problems or not policy:
        raise PolicyMistake(file, tuple(replace(problem, row=_row(data, problem.key)) for problem in problems))
    return policy


@cache
def shipped() -> Mapping[str, Policy]:
    """The policies that come with this package, by their ids."""
    files = resources.files("workflows").joinpath("policies").iterdir()
    policies = [
        read_policy(file.read_text(encoding="utf-8"), file.name)
        for file in sorted(files, key=lambda file: file.name)
        if file.name.endswith(".toml")
    ]
    return MappingProxyType({policy.id: policy for policy in policies})


def shipped_text(policy_id: str) -> str:
    """The text of a policy that comes with this package, as its file has it."""
    return resources.files("workflows").joinpath("policies", f"{policy_id}.toml").read_text(encoding="utf-8")


def _read(text: str, file: str) -> dict[str, Any]:
    """The values of a TOML text. Raises PolicyMistake for what is none, and for what nobody could go through."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyMistake(file, (_syntax(str(error), text),)) from error
    except RecursionError:
        raise PolicyMistake(file, (_TOO_DEEP,)) from None
    except ValueError:
        raise PolicyMistake(file, (_TOO_LONG,)) from None
    if _is_deep(data):
        raise PolicyMistake(file, (_TOO_DEEP,))
    return data


def _is_deep(data: object) -> bool:
    """Whether tables and lists stand inside one another further than any policy goes."""
    level = [data]
    for _ in range(_DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
    return bool(level)


def _inside(outer: object) -> Iterable[object]:
    return outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ()


def _syntax(message: str, text: str) -> Problem:
    at = _LINE.search(message)
    number = int(at[1]) if at else len(text.splitlines())
    line = text.splitlines()[number - 1].strip() if number else ""
    return Problem(f"line {number}", f"TOML; the reader says: {_LINE.sub('', message)}", line)


def _validated(data: Mapping[str, Any]) -> tuple[Policy | None, list[Problem]]:
    try:
        return Policy.model_validate_json(_json(data), strict=True), []
    except ValidationError as error:
        return None, [_structural(details) for details in error.errors()]


def _json(data: object) -> str:
    # Strict JSON takes lists for sets and text for enumerations, yet no text for a number.
    return json.dumps(data, default=str)


def _structural(details: ErrorDetails) -> Problem:
    place, kind = details["loc"], details["type"]
    key = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")
    found = "" if kind == "missing" else json.dumps(details["input"], ensure_ascii=False)
    return Problem(key, _expected(details), found)


def _expected(details: ErrorDetails) -> str:
    kind, context = details["type"], details.get("ctx", {})
    if kind == "extra_forbidden":
        return f"one of the keys {', '.join(_keys_beside(details['loc']))}"
    if kind == "string_pattern_mismatch":
        return "".join(said for start, said in _PATTERNS.items() if context["pattern"].startswith(start))
    # A date may be wrong in several ways, and what is expected is the same.
    known = "date" if kind.startswith("date") else kind
    return _EXPECTED.get(known, "{msg}").format(**context, msg=details["msg"])


def _keys_beside(place: tuple[int | str, ...]) -> Iterator[str]:
    part: type[Part] = Policy
    for step in place[:-1]:
        if isinstance(step, str):
            [part] = part_types(part.model_fields[step].annotation)
    return iter(part.model_fields)


def _sound_parts(data: Mapping[str, Any]) -> Iterator[tuple[str, Part]]:
    for name, part in _PARTS.items():
        with suppress(KeyError, ValidationError):
            yield name, part.model_validate_json(_json(data[name]), strict=True)


def _row(data: Mapping[str, Any], key: str) -> str:
    place: Any = data
    said = ""
    with suppress(KeyError, IndexError, TypeError):
        for step in _STEPS.findall(key):
            place = place[int(step[1:-1]) if step.startswith("[") else step]
            if step.startswith("[") and isinstance(place, dict):
                said = _name_of(place)
    return said


def _name_of(row: Mapping[str, Any]) -> str:
    given = (row.get(key, "") for key in _NAMING)
    words = (", ".join(map(str, value)) if isinstance(value, list) else str(value) for value in given)
    return ", ".join(filter(None, words))
