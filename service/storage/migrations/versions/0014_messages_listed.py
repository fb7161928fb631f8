"""What was sent is listed for administrators, newest first: to everybody, and to one person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision: str | None = "0013"

_TRIED = "tried_at IS NOT NULL"


def upgrade() -> None:
    """Index messages by when they were sent."""
    op.create_index(
        "ix_messages_tried", "messages", ["organisation_id", "tried_at", "id"],
        postgresql_where=sa.text(_TRIED), sqlite_where=sa.text(_TRIED),
    )  # fmt: skip
    op.create_index("ix_messages_person", "messages", ["organisation_id", "person", "tried_at", "id"])
