"""Who has looked into a record: rows that the service adds and nobody changes, of one organisation like all others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    """Create the table, its index and its safeguards."""
    op.create_table(
        "content_views",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("viewer", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("purpose", sa.String()),
        sa.Column("disclosure_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_content_views")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "matter_id"],
            ["matters.organisation_id", "matters.id"],
            name=op.f("fk_content_views_matters"),
        ),
    )
    op.create_index("ix_content_views_matter", "content_views", ["organisation_id", "matter_id", "id"])
    if op.get_bind().dialect.name == "postgresql":
        _bind_the_role()
    else:
        _refuse_changes()


def _bind_the_role() -> None:
    op.execute("GRANT SELECT, INSERT ON content_views TO supervision_app")
    op.execute("ALTER TABLE content_views ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY organisation ON content_views TO supervision_app "
        "USING (organisation_id = nullif(current_setting('app.organisation', true), '')::uuid)"
    )


def _refuse_changes() -> None:
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER content_views_refuse_{change.lower()} BEFORE {change} ON content_views "
            "BEGIN SELECT RAISE(ABORT, 'content_views are history: they are never changed'); END"
        )
