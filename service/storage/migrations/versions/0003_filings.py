"""Filings that are not on file yet are found at once, and the organisations that have any."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"

_OPEN = "workflow = 'filing' AND closed_at IS NULL"


def upgrade() -> None:
    """Index the open filings, and let the service see across tenants whether there are any."""
    op.create_index(
        "ix_matters_open_filings", "matters", ["organisation_id", "last_at", "id"],
        postgresql_where=sa.text(_OPEN), sqlite_where=sa.text(_OPEN),
    )  # fmt: skip
    if op.get_bind().dialect.name == "postgresql":
        _see_across_tenants()


def _see_across_tenants() -> None:
    schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    op.execute(
        f"""
        CREATE FUNCTION filing_organisations()
        RETURNS TABLE (organisation_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
            SELECT o.id FROM {schema}.organisations AS o
            WHERE EXISTS (SELECT FROM {schema}.matters AS m WHERE m.organisation_id = o.id AND {_OPEN})
            ORDER BY o.id
        $$
        """  # noqa: S608 - the schema is quoted by the server
    )
    op.execute("REVOKE ALL ON FUNCTION filing_organisations() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION filing_organisations() TO supervision_app")
