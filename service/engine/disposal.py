"""Disposal: the step that destroys texts certifies of which chains, and their keys go in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import Connection, delete

from service.storage.certificates import CERTIFICATE
from service.storage.matter_tables import contents, matter_keys

if TYPE_CHECKING:
    from service.engine.writes import Live
    from workflows.model import Decision


def certified(decision: Decision, live: Mapping[UUID, Live]) -> Decision:
    """The decision with its certificate in the step: each matter that is destroyed, and where its chain ends now."""
    ended = [
        {"matter": str(matter_id), "version": live[matter_id].matter.version, "head": live[matter_id].head.hex()}
        for matter_id in decision.destroyed
    ]
    certificate = {"count": len(ended), "matters": ended}
    return replace(decision, step=replace(decision.step, data={**decision.step.data, CERTIFICATE: certificate}))


def destroy(connection: Connection, organisation_id: UUID, ids: Collection[UUID]) -> None:
    """Remove the texts of matters with the salts in them, and the keys without which no copy of them opens."""
    for table in (contents, matter_keys):
        own = (table.c.organisation_id == organisation_id, table.c.matter_id.in_(ids))
        connection.execute(delete(table).where(*own))
