"""The table of checkpoints: signed statements of where the histories stood."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, LargeBinary, PrimaryKeyConstraint, Table, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from service.storage.column_types import Instant
from service.storage.metadata import metadata

#: Signed statements of the chain heads that changed since the last one.
checkpoints = Table(
    "checkpoints",
    metadata,
    Column("organisation_id", Uuid, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("heads", JSON().with_variant(JSONB(), "postgresql"), nullable=False),
    Column("previous", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    PrimaryKeyConstraint("organisation_id", "number"),
)
