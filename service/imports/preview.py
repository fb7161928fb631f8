"""What a file would change, row by row, for whoever looks at it before it is taken in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import chain, islice
from typing import Any

from msgspec.structs import asdict

from service.imports.absences import AbsenceBecomes, AbsenceChanges
from service.imports.cases import CaseBecomes, CaseChanges
from service.imports.people import PeopleChanges, PersonBecomes

#: Rows that are shown; how many there are in all stands in the counts.
SHOWN = 500
#: What the service keeps for itself and no file says.
_OWN = frozenset({"cover", "bounces", "supervised_since", "organisation_id"})


def preview(changes: PeopleChanges | CaseChanges | AbsenceChanges) -> list[dict[str, Any]]:
    """The first rows that are new or changed, and of these each field from what to what."""
    becomes: Iterable[PersonBecomes | CaseBecomes | AbsenceBecomes] = chain(changes.added, changes.changed)
    return [_of_absence(one) if isinstance(one, AbsenceBecomes) else _of_row(one) for one in islice(becomes, SHOWN)]


def _of_row(one: PersonBecomes | CaseBecomes) -> dict[str, Any]:
    return _shape(one.ref, one.before, one.after)


def _of_absence(one: AbsenceBecomes) -> dict[str, Any]:
    before = asdict(one.before.absence) if one.before else None
    return _shape(one.after.person, before, asdict(one.after))


def _shape(ref: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> dict[str, Any]:
    return {"ref": ref, "change": "changed" if before else "added", "fields": _fields(before, after)}


def _fields(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Each field with what it was and what it becomes; of a new row those that say something."""
    known = before or {}
    fields = (name for name in after if name not in _OWN)
    return {name: [_plain(known.get(name)), _plain(after[name])] for name in fields if known.get(name) != after[name]
            and (before or after[name])}  # fmt: skip


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a row holds
    return value.isoformat() if isinstance(value, date) else value
