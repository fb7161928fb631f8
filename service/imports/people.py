"""The people's list: who works here, under whom, supervised by whom, from when until when."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from service.imports.cells import Cells
from service.imports.circles import circles, in_words
from service.imports.csv_files import Columns, Row, Sheet
from service.imports.problems import ImportRefused, Problem, repeated
from workflows.vocabulary import Role

COLUMNS = Columns(
    required=("ref", "name", "email", "job_role"),
    optional=(
        "team", "line_manager_ref", "supervisor_ref", "start_date", "end_date", "app_roles", "nqsw_start",
        "professional_registration", "setting", "last_supervised_on", "agreement_signed_on", "sign_in_id",
        "nqsw_extended_to",
    ),
)  # fmt: skip
#: Job roles that some policy may speak of; another one is accepted, and listed for the administrator.
JOB_ROLES = frozenset((
    "social_worker", "senior_social_worker", "practice_supervisor", "family_support_worker", "personal_adviser",
    "team_manager", "service_manager", "head_of_service", "assistant_director", "student", "non_qualified",
    "residential_worker", "occupational_therapist", "administrator", "business_support", "hr_adviser",
    "quality_officer", "independent_reviewing_officer", "head_teacher", "deputy_head", "designated_safeguarding_lead",
    "learning_mentor", "governor", "cluster_lead", "cluster_chair", "targeted_services_leader",
))  # fmt: skip
APP_ROLES = frozenset(
    {Role.administrator, Role.hr, Role.auditor, Role.head_of_service, Role.business_support, Role.investigator}
)
SETTINGS = ("school", "cluster")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s.,;<>]+")
_BLANK: Mapping[str, Any] = {
    "name": "", "email": "", "job_role": "", "team": "", "line_manager": None, "supervisor": None, "cover": None,
    "start_date": None, "end_date": None, "app_roles": [], "nqsw_start": None, "nqsw_extended_to": None,
    "registration": "", "setting": "",
    "supervised_since": None, "last_supervised_on": None, "agreement_signed_on": None, "sign_in_id": None,
    "bounces": False,
}  # fmt: skip

#: A person as a row of the table `people`, without the organisation.
PersonRow = Mapping[str, Any]


class PersonBecomes(Struct, frozen=True):
    """Somebody before the import (None: they are new) and after it."""

    before: PersonRow | None
    after: PersonRow

    @property
    def ref(self) -> str:
        """Whose row it is."""
        ref: str = self.after["ref"]
        return ref

    def changes(self, *columns: str) -> bool:
        """Whether one of these columns has another value now."""
        return self.before is not None and any(self.before[name] != self.after[name] for name in columns)


class PeopleChanges(Struct, frozen=True):
    """What a file changes about the people; those whom it leaves as they are are only counted."""

    added: tuple[PersonBecomes, ...]
    changed: tuple[PersonBecomes, ...]
    unchanged: int
    unknown_job_roles: tuple[str, ...]


def validate(sheet: Sheet, existing: Mapping[str, PersonRow], today: date) -> PeopleChanges:
    """What the file changes about the people on the list. Raises ImportRefused with every mistake in it."""
    problems = list(sheet.problems)
    if "ref" not in sheet.columns:
        raise ImportRefused(problems)
    read = [_Read.of(row, sheet.columns, existing, today, problems) for row in sheet.rows]
    problems += repeated("ref", ((one.cells.row.line, one.ref) for one in read))
    after = {**existing, **{one.ref: one.becomes.after for one in read if one.ref}}
    for column, stored, said in _ABOVE:
        _check_above(read, after, column, stored, said)
    _check_sign_in(read, after)
    _check_administrator(read, existing, after, today)
    if problems:
        raise ImportRefused(problems)
    return _changes(read)


class _Read(Struct, frozen=True):
    """One row of the file as it was understood."""

    cells: Cells
    ref: str
    becomes: PersonBecomes

    @staticmethod
    def of(
        row: Row, columns: frozenset[str], existing: Mapping[str, PersonRow], today: date, problems: list[Problem]
    ) -> _Read:
        cells = Cells(row, problems)
        cells.needed("ref")
        ref = cells.ref("ref") or ""
        before = existing.get(ref)
        given = {name: value for column, name, value in _values(cells) if column in columns}
        after = {**_BLANK, **(before or {}), **given, "ref": ref}
        after["supervised_since"] = _supervised_since(before, after, today)
        _check_days(cells, after, today)
        return _Read(cells, ref, PersonBecomes(before, after))


def _values(cells: Cells) -> tuple[tuple[str, str, Any], ...]:
    """Each column with the name and value that it has in the table."""
    return (
        ("name", "name", cells.needed("name")),
        ("email", "email", _email(cells)),
        ("job_role", "job_role", cells.needed("job_role")),
        ("team", "team", cells.row["team"]),
        ("line_manager_ref", "line_manager", cells.ref("line_manager_ref")),
        ("supervisor_ref", "supervisor", cells.ref("supervisor_ref")),
        ("start_date", "start_date", cells.day("start_date")),
        ("end_date", "end_date", cells.day("end_date")),
        ("app_roles", "app_roles", cells.several_of("app_roles", APP_ROLES)),
        ("nqsw_start", "nqsw_start", cells.day("nqsw_start")),
        ("nqsw_extended_to", "nqsw_extended_to", cells.day("nqsw_extended_to")),
        ("professional_registration", "registration", cells.row["professional_registration"]),
        ("setting", "setting", cells.one_of("setting", SETTINGS) or ""),
        ("last_supervised_on", "last_supervised_on", cells.day("last_supervised_on")),
        ("agreement_signed_on", "agreement_signed_on", cells.day("agreement_signed_on")),
        ("sign_in_id", "sign_in_id", cells.row["sign_in_id"] or None),
    )


def _email(cells: Cells) -> str:
    text = cells.needed("email")
    if text and not _EMAIL.fullmatch(text):
        cells.wrong("email", f"{text!r} is no e-mail address.")
    return text


def _supervised_since(before: PersonRow | None, after: PersonRow, today: date) -> date | None:
    """The first day of the relationship with today's supervisor, as far as the list can tell (a local date)."""
    start: date | None = after["start_date"]
    if after["supervisor"] is None:
        return None
    if before is None:
        return start or today
    if before["supervisor"] != after["supervisor"]:
        return max(start or today, today)
    known: date | None = before["supervised_since"]
    return (start if known == before["start_date"] else None) or known or today


def _check_days(cells: Cells, after: PersonRow, today: date) -> None:
    start, end = after["start_date"], after["end_date"]
    if start is not None and end is not None and end < start:
        column = "end_date" if "end_date" in cells.row.cells else "start_date"
        cells.wrong(column, f"The employment would end ({end}) before it begins ({start}).")
    extended, began = after["nqsw_extended_to"], after["nqsw_start"]
    if extended is not None and (began is None or extended < began):
        column = "nqsw_extended_to" if "nqsw_extended_to" in cells.row.cells else "nqsw_start"
        cells.wrong(column, "A first year is extended to a day after it began: give nqsw_start as well, or clear this.")
    for column in ("last_supervised_on", "agreement_signed_on"):
        if column in cells.row.cells and after[column] is not None and after[column] > today:
            cells.wrong(column, f"{after[column]} is still to come: give the day on which it took place.")


#: The columns that name somebody above, as the file and as the table call them, and what is said of a circle.
_ABOVE = (
    ("line_manager_ref", "line_manager", ("Nobody is their own line manager.", "The line of management")),
    ("supervisor_ref", "supervisor", ("Nobody supervises themselves.", "Supervision")),
)


def _check_above(
    read: list[_Read], after: Mapping[str, PersonRow], column: str, stored: str, said: tuple[str, str]
) -> None:
    rings = circles({ref: row[stored] for ref, row in after.items()})
    alone, line = said
    for one in read:
        above = one.becomes.after[stored]
        if above is not None and above not in after:
            one.cells.wrong(column, f"Nobody on the list or in the file has the ref {above!r}.")
        elif one.ref in rings:
            ring = rings[one.ref]
            goes_round = f"{line} would go round in a circle: {in_words(ring)}."
            one.cells.wrong(column, alone if len(ring) == 1 else goes_round)


def _check_sign_in(read: list[_Read], after: Mapping[str, PersonRow]) -> None:
    """One identity opens one person's work, never two."""
    known = Counter(row["sign_in_id"] for row in after.values() if row["sign_in_id"])
    for one in read:
        identity = one.becomes.after["sign_in_id"]
        if identity and known[identity] > 1:
            one.cells.wrong("sign_in_id", "Somebody else has this sign-in already.")


def _check_administrator(
    read: list[_Read], existing: Mapping[str, PersonRow], after: Mapping[str, PersonRow], today: date
) -> None:
    """A file that leaves nobody to administer the service would lock everybody out."""
    if any(_administers(row, today) for row in after.values()):
        return
    for one in read:
        if one.ref in existing and _administers(existing[one.ref], today):
            column = "app_roles" if one.becomes.changes("app_roles") else "end_date"
            one.cells.wrong(column, "Nobody would be administrator any more. Make somebody else one first.")


def _administers(row: PersonRow, today: date) -> bool:
    start, end = row["start_date"], row["end_date"]
    in_post = (start is None or start <= today) and (end is None or today <= end)
    return in_post and Role.administrator in row["app_roles"]


def _changes(read: list[_Read]) -> PeopleChanges:
    added = tuple(one.becomes for one in read if one.becomes.before is None)
    changed = tuple(
        one.becomes for one in read if one.becomes.before is not None and one.becomes.before != one.becomes.after
    )
    unknown = {one.becomes.after["job_role"] for one in read} - JOB_ROLES
    return PeopleChanges(added, changed, len(read) - len(added) - len(changed), tuple(sorted(unknown)))
