"""The index of what people hold leaves out what nobody holds, which is all that is over."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0012"
down_revision: str | None = "0011"

_HELD = text("holder IS NOT NULL")


def upgrade() -> None:
    """Make the index of holders a part of what it was; the day when something is due never served it."""
    op.drop_index("ix_matters_holder", "matters")
    columns = ["organisation_id", "holder", "workflow"]
    op.create_index("ix_matters_holder", "matters", columns, postgresql_where=_HELD, sqlite_where=_HELD)
