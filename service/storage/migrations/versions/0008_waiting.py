"""What waits for somebody is found at once, however many matters there are: in a role's queue, or among several."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision: str | None = "0007"

_SEVERAL, _QUEUE = "waiting_for <> '[]'", "holder_role IS NOT NULL"


def upgrade() -> None:
    """Index the matters of a queue, and those that wait for several people."""
    for name, columns, where in (
        ("ix_matters_several", ["organisation_id", "id"], _SEVERAL),
        ("ix_matters_queue", ["organisation_id", "holder_role"], _QUEUE),
    ):
        op.create_index(name, "matters", columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))
