"""The open cases of several workers at once, with how often each is supervised and until when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import and_, or_, select

from service.engine.rows import case_of
from service.storage.council_tables import cases
from service.storage.matter_tables import matters
from workflows.frequency_effect import RUNNING
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from service.engine.reading import Reader
    from workflows.directory import Case


class CaseStanding(Struct, frozen=True):
    """A case and the frequency that runs for it, if one does."""

    case: Case
    frequency: UUID | None
    state: str | None
    due: datetime | None
    data: dict[str, Any]


def caseload_of(reader: Reader, workers: Collection[str], on: date) -> list[CaseStanding]:
    """The cases that these workers have on a local date, by reference; for whoever is their own supervisor."""
    own = reader.organisation.id
    runs = and_(
        matters.c.organisation_id == cases.c.organisation_id, matters.c.case_ref == cases.c.ref,
        matters.c.workflow == Workflow.frequency.value, matters.c.closed_at.is_(None), matters.c.state.in_(RUNNING),
    )  # fmt: skip
    columns = (matters.c.id, matters.c.state, matters.c.next_due, matters.c.data)
    query = (
        select(cases, *(column.label(f"frequency_{column.name}") for column in columns))
        .select_from(cases.outerjoin(matters, runs))
        .where(cases.c.organisation_id == own, cases.c.worker.in_(sorted(workers)))
        .where(or_(cases.c.closed_on.is_(None), cases.c.closed_on >= on))
        .order_by(cases.c.ref)
    )
    return [
        CaseStanding(
            case_of(row), row.frequency_id, row.frequency_state, row.frequency_next_due, row.frequency_data or {}
        )
        for row in reader.connection.execute(query)
    ]
