"""Where a transaction's matters come from, and what it knows besides them: cases, and how much people have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection

from service.engine.foresight import chunks
from service.engine.rows import Kept
from workflows.directory import Case
from workflows.model import Selector, Tally
from workflows.vocabulary import RecordKind, Workflow


class Store(Protocol):
    """Where a transaction's matters and cases come from; what is read to decide on is locked."""

    connection: Connection

    def matters(self, ids: Iterable[UUID], *, lock: bool = True) -> list[Kept]:
        """Matters by id; an id that nothing has is left out."""

    def selected(self, selector: Selector) -> list[Kept]:
        """The matters that a rule looks for."""

    def cases(self, refs: Iterable[str]) -> dict[str, Case]:
        """Cases by ref; a ref that nobody has is left out."""

    def cases_of(self, worker: str) -> dict[str, Case]:
        """Every case that is with one worker, by ref."""

    def tallies(self, supervisees: Iterable[str]) -> dict[str, dict[Workflow, Tally]]:
        """How many matters each of these people has as supervisee."""

    def population(self, on: date) -> list[Case]:
        """Every case that is not closed on a local date, each with the rating in force here; nothing is locked."""


class Known:
    """The cases and counts that a transaction has read: each is asked for once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.cases: dict[str, Case] = {}
        self._caseloads: set[str] = set()
        self._tallies: dict[str, dict[Workflow, Tally]] = {}

    def read_cases(self, refs: Iterable[str | None]) -> None:
        """Know these cases; a ref that nobody has, or None, is passed over."""
        for some in chunks({ref for ref in refs if ref and ref not in self.cases}):
            self.cases |= self._store.cases(some)

    def read_caseload(self, workflow: Workflow, kind: str | None, worker: str | None) -> None:
        """Know the cases that somebody's own record must not speak of, when something is written there."""
        of_a_person = workflow is Workflow.record and kind == RecordKind.personal
        if of_a_person and worker is not None and worker not in self._caseloads:
            self._caseloads.add(worker)
            self.cases |= self._store.cases_of(worker) | self.cases

    def population(self, on: date) -> tuple[Case, ...]:
        """Every case that is not closed on a local date, each with the rating in force."""
        population = self._store.population(on)
        self.cases |= {case.ref: case for case in population}
        return tuple(population)

    def read_tallies(self, supervisees: Iterable[str]) -> None:
        """Know how many matters these people have, as the database has them before this transaction."""
        unknown = [ref for ref in supervisees if ref not in self._tallies]
        if unknown:
            self._tallies |= {ref: {} for ref in unknown} | self._store.tallies(unknown)

    def tallies_of(self, supervisee: str) -> Mapping[Workflow, Tally]:
        """How many matters one person has, by workflow."""
        self.read_tallies((supervisee,))
        return self._tallies.get(supervisee, {})
