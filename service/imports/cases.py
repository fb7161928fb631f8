"""The list of cases, by reference only: who works with each, what its status is, and where its supervision stood."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from service.imports.cells import Cells
from service.imports.csv_files import Columns, Row, Sheet
from service.imports.problems import ImportRefused, Problem, repeated
from workflows.directory import Directory
from workflows.intervals import known_categories, known_criteria
from workflows.policy import Policy

COLUMNS = Columns(
    required=("ref", "worker_ref", "category"),
    optional=(
        "team", "criteria", "allocated_on", "closed_on", "plan_review_weeks", "rating", "rating_approved_by",
        "rating_approved_on", "last_supervised_on",
    ),
)  # fmt: skip
#: The longest interval between reviews of a plan: two years.
MOST_WEEKS = 104
_BLANK: Mapping[str, Any] = {
    "worker": "", "team": "", "category": "", "criteria": [], "allocated_on": None, "closed_on": None,
    "plan_review_weeks": None, "rating": None, "rating_approved_by": None, "rating_approved_on": None,
    "last_supervised_on": None,
}  # fmt: skip

#: A case as a row of the table `cases`, without the organisation.
CaseRow = Mapping[str, Any]


class CaseBecomes(Struct, frozen=True):
    """A case before the import (None: it is new) and after it."""

    line: int
    before: CaseRow | None
    after: CaseRow

    @property
    def ref(self) -> str:
        """Which case it is."""
        ref: str = self.after["ref"]
        return ref

    def changes(self, *columns: str) -> bool:
        """Whether one of these columns has another value now."""
        return self.before is not None and any(self.before[name] != self.after[name] for name in columns)

    def is_closed(self, on: date) -> bool:
        """Whether the case is closed on a local date; its last day counts as closed."""
        closed = self.after["closed_on"]
        return closed is not None and closed <= on


class CaseChanges(Struct, frozen=True):
    """What a file says of the cases, the unchanged ones included: a closing day that was set long ago may have come."""

    added: tuple[CaseBecomes, ...]
    changed: tuple[CaseBecomes, ...]
    unchanged: tuple[CaseBecomes, ...]


class Known(Struct, frozen=True):
    """What the file is checked against; `today` is a local date."""

    cases: Mapping[str, CaseRow]
    directory: Directory
    policy: Policy
    today: date


def validate(sheet: Sheet, known: Known) -> CaseChanges:
    """What the file changes about the cases. Raises ImportRefused with every mistake in it."""
    problems = list(sheet.problems)
    if "ref" not in sheet.columns:
        raise ImportRefused(problems)
    words = _Words.of(known.policy)
    read = [_read(row, sheet.columns, known, words, problems) for row in sheet.rows]
    problems += repeated("ref", ((one.line, one.ref) for one in read))
    if problems:
        raise ImportRefused(problems)
    return CaseChanges(
        tuple(one for one in read if one.before is None),
        tuple(one for one in read if one.before is not None and one.before != one.after),
        tuple(one for one in read if one.before == one.after),
    )


class _Words(Struct, frozen=True):
    """The words that the policy's table of frequencies knows; without categories it has one rule for every case."""

    categories: frozenset[str]
    criteria: frozenset[str]
    ratings: frozenset[str]
    #: The ratings that cases of a category may have.
    rated: Mapping[str, frozenset[str]]

    @staticmethod
    def of(policy: Policy) -> _Words:
        rows = policy.frequency.rows
        rated = {
            category: frozenset(row.rating for row in rows if row.category == category and row.rating)
            for category in known_categories(policy)
        }
        ratings = frozenset(rating.id for rating in policy.frequency.ratings)
        return _Words(frozenset(rated), known_criteria(policy), ratings, rated)


def _read(row: Row, columns: frozenset[str], known: Known, words: _Words, problems: list[Problem]) -> CaseBecomes:
    cells = Cells(row, problems)
    cells.needed("ref")
    ref = cells.ref("ref") or ""
    before = known.cases.get(ref)
    given = {name: value for column, name, value in _values(cells, words) if column in columns}
    after = {**_BLANK, **(before or {}), **given, "ref": ref}
    if after["rating"] != (before or after)["rating"]:
        _drop_old_approval(after, columns)
    _check_people(cells, after, known.directory)
    _check_rating(cells, after, words)
    _check_days(cells, after, known.today)
    return CaseBecomes(row.line, before, after)


def _values(cells: Cells, words: _Words) -> tuple[tuple[str, str, Any], ...]:
    """Each column with the name and value that it has in the table."""
    cells.needed("worker_ref")
    cells.needed("category")
    category = cells.one_of("category", words.categories) if words.categories else cells.row["category"]
    return (
        ("worker_ref", "worker", cells.ref("worker_ref") or ""),
        ("category", "category", category or ""),
        ("team", "team", cells.row["team"]),
        ("criteria", "criteria", cells.several_of("criteria", words.criteria)),
        ("allocated_on", "allocated_on", cells.day("allocated_on")),
        ("closed_on", "closed_on", cells.day("closed_on")),
        ("plan_review_weeks", "plan_review_weeks", cells.number("plan_review_weeks", 1, MOST_WEEKS)),
        ("rating", "rating", cells.one_of("rating", words.ratings)),
        ("rating_approved_by", "rating_approved_by", cells.ref("rating_approved_by")),
        ("rating_approved_on", "rating_approved_on", cells.day("rating_approved_on")),
        ("last_supervised_on", "last_supervised_on", cells.day("last_supervised_on")),
    )


def _drop_old_approval(after: dict[str, Any], columns: frozenset[str]) -> None:
    """The approval of one rating says nothing of the next one."""
    for name in ("rating_approved_by", "rating_approved_on"):
        if name not in columns:
            after[name] = None


def _check_people(cells: Cells, after: CaseRow, directory: Directory) -> None:
    for column, name in (("worker_ref", "worker"), ("rating_approved_by", "rating_approved_by")):
        ref = after[name]
        if ref and column in cells.row.cells and directory.get(ref) is None:
            cells.wrong(column, f"Nobody on the people’s list has the ref {ref!r}. Import the people first.")


def _check_rating(cells: Cells, after: CaseRow, words: _Words) -> None:
    rating, allowed = after["rating"], words.rated.get(after["category"])
    if rating in words.ratings and allowed is not None and rating not in allowed:
        said = f"one of {', '.join(sorted(allowed))}" if allowed else "left empty"
        column = "rating" if "rating" in cells.row.cells else "category"
        cells.wrong(column, f"The rating of a case of the category {after['category']!r} must be {said}.")
    if not after["rating"]:
        for column in ("rating_approved_by", "rating_approved_on"):
            if after[column]:
                cells.wrong(column, "There is no rating that could be approved.")


def _check_days(cells: Cells, after: CaseRow, today: date) -> None:
    allocated, closed = after["allocated_on"], after["closed_on"]
    if allocated is not None and closed is not None and closed < allocated:
        column = "closed_on" if "closed_on" in cells.row.cells else "allocated_on"
        cells.wrong(column, f"The case would be closed ({closed}) before it is allocated ({allocated}).")
    for column in ("rating_approved_on", "last_supervised_on"):
        if column in cells.row.cells and after[column] is not None and after[column] > today:
            cells.wrong(column, f"{after[column]} is still to come: give the day on which it took place.")
