"""What the files of tables share: the metadata that they fill, and columns that many tables have."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Column, MetaData, Uuid
from sqlalchemy.dialects.postgresql import JSONB

Json = JSON().with_variant(JSONB(), "postgresql")

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def of_organisation() -> Column[Any]:
    """Whose a row is; row-level security goes by it."""
    return Column("organisation_id", Uuid, nullable=False)
