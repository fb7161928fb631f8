"""The daily snapshot: by state and group, how many matters were open at the end of a day, and how long they had stayed.

Nothing in it names a matter or a person, and what is sealed is not in it. A group without matters has no row.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Date, Integer, PrimaryKeyConstraint, String, Table, Uuid

from service.storage.column_types import Instant
from service.storage.metadata import metadata


def _group() -> list[Column[Any]]:
    return [
        Column("organisation_id", Uuid, nullable=False),
        Column("workflow", String, nullable=False),
        Column("day", Date, nullable=False),
        Column("state", String, nullable=False),
        #: Empty where a matter is about nobody on the list.
        Column("team", String, nullable=False),
        Column("policy_version", String, nullable=False),
    ]


_GROUP = ("organisation_id", "workflow", "day", "state", "team", "policy_version")

#: The local days that were taken, each once, and when: teams and versions are those of that instant.
snapshot_days = Table(
    "snapshot_days",
    metadata,
    Column("organisation_id", Uuid, nullable=False),
    Column("day", Date, nullable=False),
    Column("taken_at", Instant, nullable=False),
    PrimaryKeyConstraint("organisation_id", "day"),
)

#: How many were open at the end of a day.
snapshot_counts = Table(
    "snapshot_counts", metadata, *_group(), Column("open", Integer, nullable=False), PrimaryKeyConstraint(*_GROUP)
)

#: How many left a state on a day after so many seconds, rounded to the unit in which people are told of them.
snapshot_stays = Table(
    "snapshot_stays",
    metadata,
    *_group(),
    Column("seconds", Integer, nullable=False),
    Column("stays", Integer, nullable=False),
    PrimaryKeyConstraint(*_GROUP, "seconds"),
)

#: Days to which steps were dated back since: what was taken of them, and of later days, is to be taken anew.
reopened_days = Table(
    "reopened_days",
    metadata,
    Column("organisation_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("day", Date, nullable=False),
    PrimaryKeyConstraint("organisation_id", "id"),
)
