"""Open matters are counted by state from an index alone, and each keeps since when what it owes is overdue.

What is open already is taken for overdue where a deadline was missed and none of its name runs; the next step of a
matter puts right what its state alone would tell.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision: str | None = "0008"

_OPEN = "closed_at IS NULL"


def upgrade() -> None:
    """Add the column, fill it for what is open, and index what is counted."""
    op.add_column("matters", sa.Column("overdue_since", sa.DateTime(timezone=True)))
    op.execute(
        """
        UPDATE matters SET overdue_since = (
            SELECT min(missed.due) FROM deadlines AS missed
            WHERE missed.organisation_id = matters.organisation_id AND missed.matter_id = matters.id
              AND missed.status = 'missed' AND missed.name NOT IN ('remind_by', 'climb_by')
              AND NOT EXISTS (
                SELECT 1 FROM deadlines AS later
                WHERE later.organisation_id = missed.organisation_id AND later.matter_id = missed.matter_id
                  AND later.name = missed.name AND later.status IN ('running', 'paused', 'awaiting_report')
              )
        ) WHERE closed_at IS NULL
        """
    )
    op.create_index(
        "ix_matters_open", "matters",
        ["organisation_id", "workflow", "state", "opened_at", "next_due", "overdue_since"],
        postgresql_where=sa.text(_OPEN), sqlite_where=sa.text(_OPEN),
    )  # fmt: skip
