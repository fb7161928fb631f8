"""Matters as they stood at the end of a day: worked out from their histories, which only grow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec import Struct, field
from sqlalchemy import Row, select

from service.engine.reading import visible
from service.storage.matter_tables import deadlines, matters, steps
from workflows.calendar import day_end
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from service.engine.reading import Reader

#: Matters whose histories are in memory at once.
_PAGE = 200
#: What an inspection looks at. No text that people wrote is ever in it.
WORKFLOWS = (
    Workflow.session, Workflow.cancellation, Workflow.record, Workflow.entitlement, Workflow.frequency,
    Workflow.action, Workflow.absence, Workflow.agreement,
)  # fmt: skip


class Due(Struct, frozen=True):
    """A deadline as it stood: its status then, when it was due, and by which rule."""

    status: str
    due: datetime | None
    counted: str
    clause: str


class Stood(Struct, frozen=True):
    """One matter at the end of a day: where it stood, what its steps had said by then, and the steps themselves."""

    row: Row[Any]
    steps: Sequence[Row[Any]]
    state: str
    dues: Mapping[str, Due] = field(default_factory=dict)

    def last(self, trigger: str) -> Row[Any] | None:
        """The last step of this name."""
        return next((step for step in reversed(self.steps) if step.trigger == trigger), None)

    def said(self, name: str) -> Any:  # noqa: ANN401 - what a step holds
        """What the last step that says something under this name has said."""
        return next((step.data[name] for step in reversed(self.steps) if step.data.get(name) is not None), None)


def stood(reader: Reader, day: date) -> Iterator[Stood]:
    """Every matter of the inspected workflows that the reader may read and that had begun by the end of a London date.

    In the order of their ids, a few hundred in memory at a time.
    """
    until, after = day_end(day), UUID(int=0)
    query = visible(reader.viewer.office).where(
        matters.c.workflow.in_([workflow.value for workflow in WORKFLOWS]), matters.c.opened_at <= until
    )
    while True:
        page = query.where(matters.c.id > after).order_by(matters.c.id).limit(_PAGE)
        found = list(reader.connection.execute(page, reader.viewer.parameters()))
        readable = [row for row in found if reader.viewer.reads(row.standing)]
        yield from _with_histories(reader, readable, until)
        if len(found) < _PAGE:
            return
        after = found[-1].id


def _with_histories(reader: Reader, found: list[Row[Any]], until: datetime) -> Iterator[Stood]:
    ids = [row.id for row in found]
    own = reader.viewer.organisation_id
    by_then = (steps.c.organisation_id == own, steps.c.matter_id.in_(ids), steps.c.at <= until)
    histories: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for step in reader.connection.execute(select(steps).where(*by_then).order_by(steps.c.matter_id, steps.c.number)):
        histories[step.matter_id].append(step)
    of_these = (deadlines.c.organisation_id == own, deadlines.c.matter_id.in_(ids))
    rules: dict[tuple[UUID, str, datetime | None], Mapping[str, Any]] = {}
    for kept in reader.connection.execute(select(deadlines).where(*of_these).order_by(deadlines.c.number)):
        rules[kept.matter_id, kept.name, kept.due] = kept.receipt
    for row in found:
        history = histories[row.id]
        if history:
            yield Stood(row, history, history[-1].dest, _dues(row.id, history, rules))


def _dues(
    matter_id: UUID, history: Sequence[Row[Any]], rules: Mapping[tuple[UUID, str, datetime | None], Mapping[str, Any]]
) -> dict[str, Due]:
    """The deadlines as the steps left them, each with the rule that was in force for it."""
    left: dict[str, tuple[str, datetime | None]] = {}
    for step in history:
        for name, (status, due) in step.data.get("deadlines", {}).items():
            left[name] = (status, datetime.fromisoformat(due) if due else None)
    found = {}
    for name, (status, due) in left.items():
        receipt = rules.get((matter_id, name, due), {})
        found[name] = Due(status, due, receipt.get("counted", ""), receipt.get("clause", ""))
    return found
