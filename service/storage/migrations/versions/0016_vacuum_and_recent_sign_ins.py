"""Matters are vacuumed often; and how lately and how strongly somebody signed in is looked at.

What is open is counted from an index, which tells whether a row can be seen only where nothing on the row's page has
changed since the last vacuum. With ten million matters PostgreSQL would wait for two million changes; a
hundred thousand already cost ten times the count.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision: str | None = "0015"

_OFTEN = ", ".join(
    f"autovacuum_vacuum_{kind}{name} = {value}"
    for kind in ("", "insert_")
    for name, value in (("scale_factor", 0.001), ("threshold", 1000))
)


def upgrade() -> None:
    """Add the columns, and set when PostgreSQL vacuums matters by itself."""
    op.add_column("tokens", sa.Column("authenticated_at", sa.DateTime(timezone=True)))
    op.add_column("sign_in_providers", sa.Column("acr", sa.String()))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE matters SET ({_OFTEN})")
