"""A policy's text with every section and key explained, for a council that writes its own after another's example.

All that is said here is taken from the model that reads the text, so that the two cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from textwrap import wrap
from typing import Any, Literal, get_args, get_origin

from msgspec import Struct, field
from pydantic.fields import FieldInfo

from workflows.policy import Policy
from workflows.policy_parts import Clause, Part, Period
from workflows.policy_periods import allowed_units
from workflows.policy_reader import part_types
from workflows.policy_words import plain
from workflows.vocabulary import PRODUCT_DEFAULT, Unit

_HEADER = re.compile(r"(\[\[?)([a-z_.]+)\]\]?\s*")
_KEY = re.compile(r"([a-z_]+) = ")
_WIDTH = 116
_CLAUSE_PATTERN = get_args(Clause)[1].pattern
_BEGINNING = (
    "A supervision policy for this service. Change the values, and check the file with `supervision policy check`.",
    "Each value stands with the clause of your own policy that gives it.",
    'All clauses begin with the letters of the `stated_clause`; several are written "AB-12, AB-13".',
    f'Where the policy gives no value, write "{PRODUCT_DEFAULT}".',
    "Dates are written 2025-01-31, and texts in quotes. Keys that are not needed may be left out where it says so.",
)


def annotated(text: str) -> str:
    """A policy's TOML text with a comment for each section and key, and none of its own comments.

    The values stay as they are: what reads the one reads the other.
    """
    writer = _Writer(frozenset(header[2] for header in map(_HEADER.fullmatch, text.splitlines()) if header))
    for line in text.splitlines():
        if not line.startswith("#"):
            writer.take(line)
    writer.end_section()
    body = "\n".join(writer.lines).strip("\n")
    return "\n".join([*_beginning(writer.inline), body]) + "\n"


class _Writer(Struct):
    """Goes through a text line by line, and says what is new at the place where it comes first."""

    #: The keys that are written as tables of their own, and explained there.
    tables: frozenset[str]
    lines: list[str] = field(default_factory=list)
    #: The kinds of part that stand within a line, as they are explained once at the beginning.
    inline: dict[str, type[Part]] = field(default_factory=dict)
    _path: str = ""
    _part: type[Part] = Policy
    _headed: set[str] = field(default_factory=set)
    _told: set[tuple[type[Part], str]] = field(default_factory=set)

    def take(self, line: str) -> None:
        """Take one line of the text, with what there is to say of it before it."""
        if header := _HEADER.fullmatch(line):
            self.end_section()
            self._begin_section(header[2], is_row=header[1] == "[[")
        elif key := _KEY.match(line):
            self._tell(key[1])
        self.lines.append(line)

    def _begin_section(self, path: str, *, is_row: bool) -> None:
        self._path = path
        self._part, info = _at(path)
        if path not in self._headed:
            self._headed.add(path)
            said = info.description or self._part.__doc__ or ""
            self.lines += _comment(f"{said} One such table for each." if is_row else said)

    def _tell(self, key: str, introduction: str = "") -> None:
        """Explain a key where it comes first, in whatever table of its kind."""
        if (self._part, key) in self._told:
            return
        self._told.add((self._part, key))
        info = self._part.model_fields[key]
        path = f"{self._path}.{key}".removeprefix(".")
        self.lines += _comment(f"{introduction}{key}: {_explained(key, info, path)}")
        for kind in part_types(info.annotation):
            self.inline |= {_name_of(found): found for found in _with_inner(kind)}

    def end_section(self) -> None:
        """Say what else could stand in the section that ends here, above the empty lines at its end."""
        empty = 0
        while self.lines and not self.lines[-1]:
            self.lines.pop()
            empty += 1
        for key in self._part.model_fields:
            if f"{self._path}.{key}".removeprefix(".") not in self.tables:
                self._tell(key, "May be added, ")
        self.lines += [""] * empty


def _explained(key: str, info: FieldInfo, path: str) -> str:
    return " ".join(filter(None, (info.description or f"{plain(key).capitalize()}.", _form(info, path))))


def _beginning(inline: dict[str, type[Part]]) -> Iterator[str]:
    for paragraph in _BEGINNING:
        yield from _comment(paragraph)
    yield "#"
    for name, part in sorted(inline.items()):
        yield from _comment(f"How {name} is written, between braces. {part.__doc__}")
        for key, info in part.model_fields.items():
            required = "" if info.is_required() else " (may be left out)"
            yield from _comment(f"  {key}{required}: {_explained(key, info, '')}")
    yield ""


def _comment(text: str) -> list[str]:
    indent = " " * (len(text) - len(text.lstrip()))
    return [
        f"# {line}" for line in wrap(" ".join(text.split()), _WIDTH, initial_indent=indent, subsequent_indent=indent)
    ]


def _at(path: str) -> tuple[type[Part], FieldInfo]:
    """The part and the key that a table's dotted name leads to."""
    part: type[Part] = Policy
    for step in path.split("."):
        info = part.model_fields[step]
        part = next(part_types(info.annotation))
    return part, info


def _name_of(part: type[Part]) -> str:
    """What a kind of part is called in a sentence: "a dispute route"."""
    words = part.model_config.get("title") or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", part.__name__).lower()
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _with_inner(part: type[Part]) -> Iterator[type[Part]]:
    yield part
    for info in part.model_fields.values():
        for inner in part_types(info.annotation):
            yield from _with_inner(inner)


def _form(info: FieldInfo, path: str) -> str:
    """How a value is written: the words that it may be, the units that its period may have."""
    kinds = list(part_types(info.annotation))
    if kinds:
        many = "A list, each " if _is_list(info.annotation) else "Written as "
        units = f", counted in {_words(u for u in Unit if u in allowed_units(path))}" if _is_period(kinds[0]) else ""
        return f"{many}{_name_of(kinds[0])}{units}."
    if _is_clause(info):
        return f'A clause, or "{PRODUCT_DEFAULT}".'
    allowed = list(_allowed(info.annotation))
    return f"{'A list of' if _is_list(info.annotation) else 'One of'} {_words(allowed)}." if allowed else ""


def _is_clause(info: FieldInfo) -> bool:
    patterns = [getattr(mark, "pattern", None) for mark in info.metadata]
    inner = [getattr(mark, "pattern", None) for inner in get_args(info.annotation) for mark in get_args(inner)]
    return _CLAUSE_PATTERN in (*patterns, *inner)


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) in {tuple, frozenset}


def _is_period(part: type[Part]) -> bool:
    return issubclass(part, Period)


def _allowed(annotation: Any) -> Iterator[str]:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from (str(member.value) for member in annotation)
    elif get_origin(annotation) is Literal:
        yield from map(str, get_args(annotation))
    else:
        for inner in get_args(annotation):
            yield from _allowed(inner)


def _words(words: Iterable[str]) -> str:
    return ", ".join(words)
