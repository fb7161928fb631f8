"""Certificates of disposal: steps of the history that say of which matters the texts were destroyed, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import Struct
from sqlalchemy import and_, select

from service.storage.matter_tables import matters, steps
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: Where a step of disposal keeps its certificate.
CERTIFICATE = "certificate"


class Certified(Struct, frozen=True):
    """Up to which step a matter's texts were destroyed, and the hash (hexadecimal) of that step."""

    version: int
    head: str


def read_certificates(connection: Connection, organisation_id: UUID) -> dict[UUID, Certified]:
    """Every matter that a certificate names. Only the step that disposed of a file certifies anything."""
    of = and_(matters.c.organisation_id == steps.c.organisation_id, matters.c.id == steps.c.matter_id)
    query = select(steps.c.data).select_from(steps.join(matters, of)).where(
        steps.c.organisation_id == organisation_id, matters.c.workflow == Workflow.retention.value,
        steps.c.trigger == "dispose", steps.c.dest == "disposed",
    )  # fmt: skip
    return {
        UUID(named["matter"]): Certified(named["version"], named["head"])
        for data in connection.execute(query).scalars()
        for named in data[CERTIFICATE]["matters"]
    }
