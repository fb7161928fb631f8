"""The list of absences: who is or was away, from when, until when. A row is known again by its person and first day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from uuid import UUID

from msgspec import Struct

from service.imports.cells import Cells
from service.imports.csv_files import Columns, Row, Sheet
from service.imports.problems import ImportRefused, Problem
from workflows.directory import Directory
from workflows.vocabulary import AbsenceCause

COLUMNS = Columns(required=("person_ref", "first_day", "cause"), optional=("expected_return", "last_day"))
#: That somebody left is no absence to report: it comes from the people's list.
CAUSES = frozenset(AbsenceCause) - {AbsenceCause.left}


class Absence(Struct, frozen=True):
    """One absence; local dates, both included. Without `last_day` it is still going on."""

    person: str
    first_day: date
    cause: AbsenceCause
    expected_return: date | None = None
    last_day: date | None = None

    def end(self, today: date) -> date:
        """The last day as far as it is known today; nobody is expected back who should have been by now."""
        if self.last_day is not None or self.expected_return is None or self.expected_return <= today:
            return self.last_day or date.max
        return self.expected_return - timedelta(days=1)

    def overlaps(self, other: Absence, today: date) -> bool:
        """Whether there is a day on which the person would be away twice."""
        return self.first_day <= other.end(today) and other.first_day <= self.end(today)


class KeptAbsence(Struct, frozen=True):
    """An absence that the service keeps; a cancelled one is there so that no list brings it back."""

    id: UUID
    absence: Absence
    cancelled: bool


class AbsenceBecomes(Struct, frozen=True):
    """An absence before the import (None: it is new) and after it."""

    line: int
    before: KeptAbsence | None
    after: Absence


class AbsenceChanges(Struct, frozen=True):
    """What a file changes about the absences; the rest is only counted."""

    added: tuple[AbsenceBecomes, ...]
    changed: tuple[AbsenceBecomes, ...]
    unchanged: int


def validate(
    sheet: Sheet, kept: Mapping[str, Iterable[KeptAbsence]], directory: Directory, today: date
) -> AbsenceChanges:
    """What the file changes about the absences, oldest first. Raises ImportRefused with every mistake in it."""
    problems = list(sheet.problems)
    if not {"person_ref", "first_day"} <= sheet.columns:
        raise ImportRefused(problems)
    found = [_read(row, sheet.columns, kept, directory, problems) for row in sheet.rows]
    read = [one for one in found if one is not None]
    for cells, one in read:
        _check_days(cells, one.after, today)
    _check_overlaps(read, kept, today)
    if problems:
        raise ImportRefused(problems)
    return _changes(one for _, one in read)


def _read(
    row: Row,
    columns: frozenset[str],
    kept: Mapping[str, Iterable[KeptAbsence]],
    directory: Directory,
    problems: list[Problem],
) -> tuple[Cells, AbsenceBecomes] | None:
    """The row, or None where nobody could tell whose absence it is, or from when."""
    cells = Cells(row, problems)
    for column in COLUMNS.required:
        cells.needed(column)
    person, first = cells.ref("person_ref"), cells.day("first_day")
    cause = cells.one_of("cause", CAUSES)
    days: dict[str, date | None] = {
        name: cells.day(name) for name in ("expected_return", "last_day") if name in columns
    }
    if person and directory.get(person) is None:
        cells.wrong("person_ref", f"Nobody on the people’s list has the ref {person!r}. Import the people first.")
    if not person or first is None or cause not in CAUSES:
        return None
    before = next((k for k in kept.get(person, ()) if k.absence.first_day == first), None)
    return cells, AbsenceBecomes(row.line, before, _after(before, person, first, AbsenceCause(cause), days))


def _after(
    before: KeptAbsence | None, person: str, first: date, cause: AbsenceCause, days: Mapping[str, date | None]
) -> Absence:
    """What the row says, and where it says nothing what is kept; a return that was reported here is not taken back."""
    known = before.absence if before else Absence(person, first, cause)
    expected = days.get("expected_return", known.expected_return)
    return Absence(person, first, cause, expected, days.get("last_day") or known.last_day)


def _check_days(cells: Cells, one: Absence, today: date) -> None:
    if one.expected_return is not None and one.expected_return <= one.first_day:
        cells.wrong("expected_return", "The expected return is after the first day absent.")
    if one.last_day is None:
        return
    if one.last_day < one.first_day:
        cells.wrong("last_day", "The last day absent is not before the first one.")
    if one.last_day > today and cells.row["last_day"]:
        cells.wrong("last_day", "The last day is still to come: give the day after it as the expected return.")


def _check_overlaps(
    read: list[tuple[Cells, AbsenceBecomes]], kept: Mapping[str, Iterable[KeptAbsence]], today: date
) -> None:
    """One absence at a time: within the file, and against what is kept and not in the file."""
    in_file = {(one.after.person, one.after.first_day) for _, one in read}
    longest: dict[str, AbsenceBecomes] = {}
    for cells, one in sorted(read, key=lambda found: found[1].after.first_day):
        person = one.after.person
        others = (k.absence for k in kept.get(person, ()) if not k.cancelled)
        if any(other.overlaps(one.after, today) for other in others if (person, other.first_day) not in in_file):
            cells.wrong("first_day", "This person is recorded as away on some of these days already.")
        earlier = longest.get(person)
        if earlier is not None and earlier.after.overlaps(one.after, today):
            cells.wrong("first_day", f"Line {earlier.line} has this person away on some of these days.")
        if earlier is None or one.after.end(today) > earlier.after.end(today):
            longest[person] = one


def _changes(read: Iterable[AbsenceBecomes]) -> AbsenceChanges:
    """A cancelled absence stays cancelled: the list that still has it is the older knowledge."""
    rows = sorted(read, key=lambda one: (one.after.first_day, one.line))
    added = tuple(one for one in rows if one.before is None)
    changed = tuple(
        one for one in rows if one.before is not None and not one.before.cancelled and one.before.absence != one.after
    )
    return AbsenceChanges(added, changed, len(rows) - len(added) - len(changed))
