"""What people prefer: their notices once a day, or as they come. What is urgent comes at once whatever they chose."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from service.notices.timing import Pace
from service.storage.notice_tables import preferences


def pace_of(connection: Connection, organisation_id: UUID, person: str) -> Pace:
    """How often somebody wants to hear; once a day where they chose nothing (product default)."""
    own = (preferences.c.organisation_id == organisation_id, preferences.c.person == person)
    chosen = connection.execute(select(preferences.c.notices).where(*own)).scalar_one_or_none()
    return Pace(chosen) if chosen else Pace.daily


def choose_pace(connection: Connection, organisation_id: UUID, person: str, pace: Pace) -> None:
    """Keep what somebody chose; it counts for notices from now on."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {"organisation_id": organisation_id, "person": person, "notices": pace.value}
    chosen = insert(preferences).values(row)
    key = ["organisation_id", "person"]
    connection.execute(chosen.on_conflict_do_update(index_elements=key, set_={"notices": pace.value}))
