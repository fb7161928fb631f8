"""The daily snapshot, and an index by which the steps of a day are found."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision: str | None = "0012"

_GROUP = ("organisation_id", "workflow", "day", "state", "team", "policy_version")
_TABLES = ("snapshot_days", "snapshot_counts", "snapshot_stays", "reopened_days")


def upgrade() -> None:
    """Create the tables, let the service's role see its organisation's rows alone, and index the steps."""
    op.create_table(
        "snapshot_days",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "day", name=op.f("pk_snapshot_days")),
    )
    _grouped("snapshot_counts", (), sa.Column("open", sa.Integer(), nullable=False))
    seconds, stays = (sa.Column(name, sa.Integer(), nullable=False) for name in ("seconds", "stays"))
    _grouped("snapshot_stays", ("seconds",), seconds, stays)
    op.create_table(
        "reopened_days",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_reopened_days")),
    )
    op.create_index("ix_steps_at", "steps", ["organisation_id", "at"], postgresql_using="brin")
    if op.get_bind().dialect.name == "postgresql":
        for table in _TABLES:
            _bind_the_role(table)


def _grouped(table: str, key: tuple[str, ...], *columns: sa.Column[Any]) -> None:
    op.create_table(
        table,
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("workflow", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint(*_GROUP, *key, name=op.f(f"pk_{table}")),
    )


def _bind_the_role(table: str) -> None:
    op.execute(f"GRANT SELECT, INSERT, DELETE ON {table} TO supervision_app")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY organisation ON {table} TO supervision_app "
        "USING (organisation_id = nullif(current_setting('app.organisation', true), '')::uuid)"
    )
