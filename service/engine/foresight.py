"""Reading ahead: an import moves thousands of matters, and reads them in a few large sets before it begins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from sqlalchemy import select

from service.storage.matter_tables import matters
from workflows.model import Selector
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from service.engine.work import Work

#: Values that one statement names; both databases take several times as many.
CHUNK = 2_000


def foresee(work: Work, workflow: Workflow, by: Literal["supervisee", "case", "person"], values: Iterable[str]) -> None:
    """Have every open matter of these people or cases at hand, so that no rule has to look for one of them."""
    column = matters.c.case_ref if by == "case" else matters.c[by]
    for some in chunks(values):
        found = select(matters.c.id).where(
            matters.c.organisation_id == work.organisation.id,
            matters.c.workflow == workflow,
            matters.c.closed_at.is_(None),
            column.in_(some),
        )
        work.load(work.connection.execute(found).scalars())
        for value in some:
            work.hand.holds(Selector(workflow, **{by: value}))


def load_all(work: Work, ids: Iterable[UUID]) -> None:
    """Have these matters at hand, locked, however many they are. Raises MatterUnknownError."""
    for some in chunks(ids):
        work.load(some)


def chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    """The values in lists that one statement can name."""
    left = iter(values)
    while some := list(islice(left, CHUNK)):
        yield some
