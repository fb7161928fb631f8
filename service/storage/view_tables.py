"""The days on which content was opened, each chained to the one before."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, LargeBinary, PrimaryKeyConstraint, Table, Uuid

from service.storage.tables import metadata

#: One row for each local day on which somebody opened what is not their own: written once, after the day is over.
view_days = Table(
    "view_days",
    metadata,
    Column("organisation_id", Uuid, nullable=False),
    Column("day", Date, nullable=False),
    #: How many openings there were.
    Column("views", Integer, nullable=False),
    Column("previous", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    PrimaryKeyConstraint("organisation_id", "day"),
)
