"""Each day of the log of openings in one row, chained to the day before: written once, and never changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    """Create the table with its safeguards, and find the openings of a day at once."""
    op.create_table(
        "view_days",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "day", name=op.f("pk_view_days")),
    )
    op.create_index("ix_content_views_at", "content_views", ["organisation_id", "at"])
    if op.get_bind().dialect.name == "postgresql":
        _bind_the_role()
    else:
        _refuse_changes()


def _bind_the_role() -> None:
    op.execute("GRANT SELECT, INSERT ON view_days TO supervision_app")
    op.execute("ALTER TABLE view_days ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY organisation ON view_days TO supervision_app "
        "USING (organisation_id = nullif(current_setting('app.organisation', true), '')::uuid)"
    )


def _refuse_changes() -> None:
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER view_days_refuse_{change.lower()} BEFORE {change} ON view_days "
            "BEGIN SELECT RAISE(ABORT, 'view_days are history: they are never changed'); END"
        )
