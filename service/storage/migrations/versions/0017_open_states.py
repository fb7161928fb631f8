"""Whoever starts learns in which states matters are open, of all organisations together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision: str | None = "0016"


def upgrade() -> None:
    """Let the service's role ask."""
    if op.get_bind().dialect.name == "postgresql":
        _see_across_tenants()


def _see_across_tenants() -> None:
    # One look-up in the index for each state of each organisation, however many matters stand in it.
    schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    first = f"""
        SELECT m.workflow, m.state FROM {schema}.matters AS m
        WHERE m.organisation_id = o.id AND m.closed_at IS NULL {{}}
        ORDER BY m.workflow, m.state LIMIT 1
    """  # noqa: S608 - the schema is quoted by the server
    later = first.format("AND (m.workflow, m.state) > (found.workflow, found.state)")
    op.execute(
        f"""
        CREATE FUNCTION open_states() RETURNS TABLE (workflow varchar, state varchar)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
            SELECT DISTINCT stands.workflow, stands.state
            FROM {schema}.organisations AS o CROSS JOIN LATERAL (
                WITH RECURSIVE found AS (
                    ({first.format("")})
                    UNION ALL
                    SELECT later.workflow, later.state FROM found CROSS JOIN LATERAL ({later}) AS later
                )
                SELECT found.workflow, found.state FROM found
            ) AS stands
        $$
        """  # noqa: S608 - as above
    )
    op.execute("REVOKE ALL ON FUNCTION open_states() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION open_states() TO supervision_app")
