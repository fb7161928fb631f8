"""The first year of a newly qualified worker may be extended, and the exception list is found at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"

_WATCHED = "workflow IN ('frequency', 'entitlement') AND closed_at IS NULL"
_POSTGRESQL = "(data ->> 'exception' IS NOT NULL OR data ->> 'approved_by' IS NOT NULL)"
_SQLITE = "(json_extract(data, '$.exception') IS NOT NULL OR json_extract(data, '$.approved_by') IS NOT NULL)"


def upgrade() -> None:
    """Add the column, and index the open intervals that are exceptions."""
    op.add_column("people", sa.Column("nqsw_extended_to", sa.Date()))
    op.create_index(
        "ix_matters_exceptions", "matters", ["organisation_id", "id"],
        postgresql_where=sa.text(f"{_WATCHED} AND {_POSTGRESQL}"),
        sqlite_where=sa.text(f"{_WATCHED} AND {_SQLITE}"),
    )  # fmt: skip
