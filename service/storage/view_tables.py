"""Who opened what: one row for each opening, and one for each day of them, chained to the one before."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Uuid,
)

from service.storage.column_types import Instant
from service.storage.metadata import metadata

#: Who opened what is not their own: written before it is shown, and never changed.
content_views = Table(
    "content_views",
    metadata,
    Column("organisation_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("matter_id", Uuid, nullable=False),
    Column("viewer", String, nullable=False),
    Column("at", Instant, nullable=False),
    #: What was opened: matter | history | move | audit_copy | disclosure.
    Column("what", String, nullable=False),
    #: How the viewer stands to the matter: named on it, by an office, by a grant, or above its people.
    Column("standing", String, nullable=False),
    Column("purpose", String),
    #: The request for records that it was opened for, if it was.
    Column("disclosure_id", Uuid),
    PrimaryKeyConstraint("organisation_id", "id"),
    ForeignKeyConstraint(["organisation_id", "matter_id"], ["matters.organisation_id", "matters.id"]),
    Index("ix_content_views_matter", "organisation_id", "matter_id", "id"),
    Index("ix_content_views_at", "organisation_id", "at"),
)

#: One row for each local day on which something was opened: written once, after the day is over.
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
