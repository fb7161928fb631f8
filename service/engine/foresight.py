"""Reading ahead: an import moves thousands of matters, and reads them in a few large sets before it begins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, select

from service.storage.matter_tables import matters
from workflows.model import Selector
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from service.engine.work import Work

#: What matters are read ahead by.
By = Literal["supervisee", "case", "person"]
#: Values that one statement names; both databases take several times as many.
CHUNK = 2_000


def foresee(work: Work, workflow: Workflow, by: By, values: Iterable[str]) -> None:
    """Have every open matter of these people or cases at hand, so that no rule has to look for one of them."""
    _read(work, workflow, by, values, matters.c.closed_at.is_(None))


def foresee_ever(work: Work, workflow: Workflow, by: By, values: Iterable[str]) -> None:
    """The same with those that are over, for rules that go back to them."""
    _read(work, workflow, by, values)


def _read(work: Work, workflow: Workflow, by: By, values: Iterable[str], *only: ColumnElement[bool]) -> None:
    column = matters.c.case_ref if by == "case" else matters.c[by]
    of_workflow = (matters.c.organisation_id == work.organisation.id, matters.c.workflow == workflow)
    for some in chunks(values):
        found = select(matters.c.id).where(*of_workflow, column.in_(some), *only)
        work.load(work.connection.execute(found).scalars())
        for value in some:
            work.hand.holds(Selector(workflow, **{by: value}, closed_too=not only))


def load_all(work: Work, ids: Iterable[UUID]) -> None:
    """Have these matters at hand, locked, however many they are. Raises MatterUnknownError."""
    for some in chunks(ids):
        work.load(some)


def chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    """The values in lists that one statement can name."""
    left = iter(values)
    while some := list(islice(left, CHUNK)):
        yield some
