"""Open matters keep when their next duty is due, so that an overview reads the ones that it shows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision: str | None = "0014"

_OPEN = "closed_at IS NULL"


def upgrade() -> None:
    """Add the column, fill it for what is open, and index it."""
    op.add_column("matters", sa.Column("duty_due", sa.DateTime(timezone=True)))
    op.execute(
        """
        UPDATE matters SET duty_due = coalesce(
            (
                SELECT min(d.due) FROM deadlines AS d
                WHERE d.organisation_id = matters.organisation_id AND d.matter_id = matters.id
                  AND d.status IN ('running', 'paused', 'awaiting_report')
                  AND d.name NOT IN ('remind_by', 'climb_by', 'review_reminder', 'confirm_return')
            ),
            overdue_since
        ) WHERE closed_at IS NULL
        """
    )
    op.create_index(
        "ix_matters_duty", "matters", ["organisation_id", "duty_due", "id"],
        postgresql_where=sa.text(_OPEN), sqlite_where=sa.text(_OPEN),
    )  # fmt: skip
