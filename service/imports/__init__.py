"""Files in: a council's people, cases and absences; all rows or none, and the same file twice changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from service.audit_programmes import begin_programmes
from service.engine.one_at_a_time import lock_council
from service.engine.work import Work
from service.imports import absences, absences_applied, cases, cases_applied, people, people_applied
from service.imports.absences import AbsenceChanges
from service.imports.cases import CaseChanges
from service.imports.csv_files import read_sheet
from service.imports.people import PeopleChanges
from service.imports.preview import preview
from service.imports.problems import ImportRefused, Problem
from workflows.calendar import local_day

if TYPE_CHECKING:
    from workflows.model import Actor

__all__ = ["IMPORTS", "Import", "ImportRefused", "Problem", "import_absences", "import_cases", "import_people"]


class Import(Protocol):
    """Takes a file in and answers how many rows were added, changed and unchanged, and what somebody must look at.

    With `dry_run` everything is decided, shown row by row, and nothing kept. Otherwise the rows are written in the
    transaction of `work`, and what follows from them when `work` is. Raises ImportRefused, and StaleError where another
    import was quicker.
    """

    def __call__(self, work: Work, content: bytes, importer: Actor, *, dry_run: bool) -> dict[str, Any]:
        """Take the file in for whoever imports it."""


def import_people(work: Work, content: bytes, importer: Actor, *, dry_run: bool) -> dict[str, Any]:
    """The people's list, with job roles that are unknown and fall under the policy's rule for everybody else."""
    lock_council(work)
    sheet = read_sheet(content, people.COLUMNS)
    changes = people.validate(sheet, people_applied.listed(work), local_day(work.now))
    desk = _desk(work, dry_run=dry_run)
    people_applied.follow(desk, changes, importer)
    begin_programmes(desk)
    if not dry_run:
        people_applied.keep(work, changes)
    counts = _counts(len(changes.added), len(changes.changed), changes.unchanged)
    return {**counts, "unknown_job_roles": list(changes.unknown_job_roles), **_preview(changes, dry_run=dry_run)}


def import_cases(work: Work, content: bytes, importer: Actor, *, dry_run: bool) -> dict[str, Any]:  # noqa: ARG001 - the service acts on the list, whoever sends it
    """The list of cases, with those of its new and changed ones that somebody must look at."""
    lock_council(work)
    sheet, today = read_sheet(content, cases.COLUMNS), local_day(work.now)
    stored = cases_applied.stored(work, dict.fromkeys(row["ref"] for row in sheet.rows))
    known = cases.Known(stored, work.picture.directory, work.picture.policy_on(today), today)
    changes = cases.validate(sheet, known)
    exceptions = cases_applied.follow(_desk(work, dry_run=dry_run), changes)
    if not dry_run:
        cases_applied.keep(work, changes)
    counts = _counts(len(changes.added), len(changes.changed), len(changes.unchanged))
    return {**counts, "exceptions": exceptions, **_preview(changes, dry_run=dry_run)}


def import_absences(work: Work, content: bytes, importer: Actor, *, dry_run: bool) -> dict[str, Any]:
    """The list of absences, recorded by the importer in the place of HR."""
    lock_council(work)
    sheet = read_sheet(content, absences.COLUMNS)
    kept = absences_applied.kept(work, dict.fromkeys(row["person_ref"] for row in sheet.rows))
    changes = absences.validate(sheet, kept, work.picture.directory, local_day(work.now))
    absences_applied.follow(_desk(work, dry_run=dry_run), changes, importer)
    counts = _counts(len(changes.added), len(changes.changed), changes.unchanged)
    return {**counts, **_preview(changes, dry_run=dry_run)}


#: The imports by the name of their list.
IMPORTS: Mapping[str, Import] = {"people": import_people, "cases": import_cases, "absences": import_absences}


def _desk(work: Work, *, dry_run: bool) -> Work:
    """Where what follows is decided: in the transaction's own work, or in one that nobody ever writes."""
    return Work(work.store, work.organisation, work.picture, work.sealer) if dry_run else work


def _preview(changes: PeopleChanges | CaseChanges | AbsenceChanges, *, dry_run: bool) -> dict[str, Any]:
    return {"items": preview(changes)} if dry_run else {}


def _counts(added: int, changed: int, unchanged: int) -> dict[str, int]:
    return {"added": added, "changed": changed, "unchanged": unchanged}
