"""What differs between two policies, or two versions of one: every value that came, went or changed, in a sentence.

Rows are told apart by what they are for, not by their place, so that a row that was moved is no difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from msgspec import Struct

from workflows.policy import Policy
from workflows.policy_parts import Contradiction, Length, Part, Period, Sessions, Switch
from workflows.policy_words import listed, plain
from workflows.vocabulary import PRODUCT_DEFAULT

#: The keys by which a row is known; what stands there is told with the row's name and not as a value.
_NAMING = ("category", "criteria", "rating", "id", "name", "job_role", "setting")
#: The keys whose members are told one by one: a job role that goes from one row to another has one difference.
_EACH = ("job_roles", "kinds")
_IDENTIFIER = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
#: The lists whose order acts: sections of a form, who is asked, which rating is suggested first.
_ORDERED = ("form", "fallbacks", "ratings")
#: The keys that say by their clause alone that something holds.
_BY_CLAUSE = ("closure_note", "delegate", "needs_approval", "professional")
#: Values whose clause has another name than theirs.
_CLAUSE_OF = MappingProxyType({"signatories": "signature_clause"})


class Told(Struct, frozen=True):
    """A value as people read it, with the clause that gives it or "product default"."""

    words: str
    clause: str
    note: str = ""

    def __str__(self) -> str:
        """The value with its clause, as part of a sentence."""
        note = f"({self.note.rstrip('.')})" if self.note else ""
        return " ".join(filter(None, (self.words, note, f"[{self.clause}]")))


class Difference(Struct, frozen=True):
    """One value that differs: `where` it stands in words, and what it was and is, None where there is none."""

    where: str
    before: Told | None
    after: Told | None

    @property
    def kind(self) -> Literal["added", "removed", "changed"]:
        """Whether the value came, went or changed."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    @property
    def sentence(self) -> str:
        """The difference for people, with both clauses."""
        if self.before is None:
            return f"{self.where}: new, {self.after}."
        if self.after is None:
            return f"{self.where}: no longer {self.before}."
        return f"{self.where}: was {self.before}, is {self.after}."


def differences(before: Policy, after: Policy) -> tuple[Difference, ...]:
    """Every value that differs, in the order of the policy's chapters; none where both say the same."""
    old, new = values(before), values(after)
    found = [Difference(where, old.get(where), new.get(where)) for where in [*old, *(w for w in new if w not in old)]]
    found += _orders(old, new)
    return tuple(sorted((d for d in found if d.before != d.after), key=_chapter))


def _chapter(difference: Difference) -> int:
    first = re.split(r"[,(]", difference.where)[0].strip().lower()
    return [plain(key) for key in Policy.model_fields].index(first)


def _orders(old: Mapping[str, Told], new: Mapping[str, Told]) -> Iterator[Difference]:
    """The lists whose order acts and is another one for the rows that both have."""
    for ordered in dict.fromkeys(list_of for where in old if (list_of := _ordered_list(where))):
        first, second = ([w for w in one if w in other and _ordered_list(w) == ordered] for one, other in
                         ((old, new), (new, old)))  # fmt: skip
        yield Difference(f"{ordered}, order", _order_of(first, old), _order_of(second, new))


def _ordered_list(where: str) -> str:
    """The list that a value is a row of, where its order acts; else nothing."""
    name, _, row = where.partition(" (")
    return name if row and name.rpartition(", ")[2] in _ORDERED else ""


def _order_of(places: list[str], told: Mapping[str, Told]) -> Told:
    words = ", ".join(f"“{where.partition(' (')[2].removesuffix(')')}”" for where in places)
    return Told(words, "; ".join(dict.fromkeys(told[where].clause for where in places)))


def values(policy: Policy) -> dict[str, Told]:
    """Every value of a policy by where it stands, in words: "Record, case, sign by"."""
    found: dict[str, Told] = {}
    for steps, told in _of_part(policy, (), policy.stated_clause):
        words = ", ".join(steps)
        found[_unused(f"{words[:1].upper()}{words[1:]}", found)] = told
    return found


def _unused(place: str, taken: Mapping[str, Told]) -> str:
    """The place itself, or numbered where two rows are for the same."""
    number, free = 1, place
    while free in taken:
        number += 1
        free = f"{place} ({number})"
    return free


def _of_part(part: Part, steps: tuple[str, ...], clause: str) -> Iterator[tuple[tuple[str, ...], Told]]:
    """The values of a part; `clause` is for plain ones that have none beside them."""
    for key in type(part).model_fields:
        value = getattr(part, key)
        if key not in _EACH and not (steps and key in _NAMING) and not _is_empty(value):
            yield from _of_value(part, key, value, (*steps, plain(key)), clause)


def _of_value(
    part: Part, key: str, value: Any, steps: tuple[str, ...], clause: str
) -> Iterator[tuple[tuple[str, ...], Told]]:
    if isinstance(value, Part):
        yield from _of_inner(value, steps)
    elif isinstance(value, tuple):
        for index, row in enumerate(value, start=1):
            for name in _names(row, index):
                yield from _of_inner(row, (*steps[:-1], f"{steps[-1]} ({name})"))
    elif key.endswith("_clause"):
        is_told = key in _CLAUSE_OF.values()
        if not is_told and isinstance(getattr(part, key.removesuffix("_clause"), None), Part | tuple | None):
            yield steps, Told("", value)
    elif key in _BY_CLAUSE:
        yield steps, Told("yes", value)
    else:
        yield steps, Told(_words(value), _clause_of(part, key) or clause)


def _clause_of(part: Part, key: str) -> str | None:
    """The clause that stands beside a plain value, or by which all the keys hold that begin alike."""
    owner = next((name for name in _BY_CLAUSE if key.startswith(f"{name}_")), None)
    beside: str | None = getattr(part, _CLAUSE_OF.get(key, f"{key}_clause"), None) or (owner and getattr(part, owner))
    return beside


def _of_inner(value: Part, steps: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Told]]:
    """A part with a clause of its own is one value; any other is told value by value."""
    own, every = getattr(value, "clause", None), getattr(value, "every", None)
    if own is None:
        yield from _of_part(value, steps, every.clause if isinstance(every, Period) else PRODUCT_DEFAULT)
    else:
        yield steps, Told(_whole(value), own, getattr(value, "note", ""))


def _is_empty(value: Any) -> bool:
    """What says no more than a key that was left out."""
    return value is None or value is False or value in ("", frozenset(), ())


def _names(row: Part, index: int) -> Iterable[str]:
    """What a row is for; its place where it does not say."""
    for key in _EACH:
        if each := getattr(row, key, None):
            return [_words(one) for one in sorted(each)]
    if isinstance(row, Contradiction):
        return [row.clause]
    named = [_words(value) for key in _NAMING if not _is_empty(value := getattr(row, key, None))]
    kind = getattr(row, "kind", None)
    return [", ".join(named) or (_words(kind) if kind else str(index))]


def _whole(part: Part) -> str:
    """All that a value with a clause says, the clause aside."""
    match part:
        case Period():
            return part.term.words()
        case Switch():
            return "yes" if part.value else "no"
        case Sessions():
            return f"{part.value} session{'' if part.value == 1 else 's'}"
        case Length():
            return f"{part.minutes} minutes"
        case Contradiction():
            return f"{part.says} Here: {part.choice} Why: {part.reason}".rstrip(".")
    skipped = {*_NAMING, "clause"}
    held = {key: getattr(part, key) for key in type(part).model_fields if key not in skipped}
    said = [_said(key, value) for key, value in held.items() if not _is_empty(value)]
    return ", ".join(said) or "yes"


def _said(key: str, value: Any) -> str:
    if value is True:
        return plain(key)
    if isinstance(value, Sessions):
        return f"{plain(key)} {_words(value)}"
    return f"{plain(key)} {value}" if isinstance(value, int) else _words(value)


def _words(value: Any) -> str:
    """A plain value for people."""
    if isinstance(value, frozenset):
        return listed(sorted(_words(one) for one in value))
    if isinstance(value, tuple):
        return "; ".join(_words(one) for one in value)
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if value is True:
        return "yes"
    if isinstance(value, Part):
        return str(Told(_whole(value), getattr(value, "clause", PRODUCT_DEFAULT), getattr(value, "note", "")))
    text = str(value)
    return plain(text) if _IDENTIFIER.fullmatch(text) else text.rstrip(".")
