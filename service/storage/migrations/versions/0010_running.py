"""What running processes need: due deadlines read in their order by index alone, heartbeats, and what waits in all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision: str | None = "0009"

_PENDING = sa.text("fires_at IS NOT NULL")
_OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    """Widen the index of what is pending, add those of what waits, and let processes say that they are alive."""
    op.drop_index("ix_deadlines_pending", "deadlines")
    _index("ix_deadlines_pending", "deadlines", _PENDING, "organisation_id", "fires_at", "rank", "matter_id", "number")
    _index("ix_incidents_open", "incidents", _OPEN, "organisation_id", "kind")
    op.create_table(
        "heartbeats",
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("process", name=op.f("pk_heartbeats")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON heartbeats TO supervision_app")
        _see_across_tenants()


def _index(name: str, table: str, where: sa.TextClause, *columns: str) -> None:
    op.create_index(name, table, list(columns), postgresql_where=where, sqlite_where=where)


def _see_across_tenants() -> None:
    schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    _function("organisation_ids()", "(organisation_id uuid)", f"SELECT o.id FROM {schema}.organisations AS o")  # noqa: S608 - the schema is quoted by the server
    _function(
        "what_waits()",
        "(oldest_notice timestamptz, open_incidents bigint)",
        f"""
            SELECT min(waiting.at), sum(waiting.incidents)::bigint FROM (
                SELECT
                    (SELECT min(n.at) FROM {schema}.outbox AS n
                     WHERE n.organisation_id = o.id AND n.status = 'waiting') AS at,
                    (SELECT count(*) FROM {schema}.incidents AS i
                     WHERE i.organisation_id = o.id AND i.closed_at IS NULL) AS incidents
                FROM {schema}.organisations AS o
            ) AS waiting
        """,  # noqa: S608 - as above
    )

    # Sees the sessions of other logins where whoever owns the tables may read statistics (pg_read_all_stats).
    _function(
        "abandoned_claims()",
        "(claims bigint)",
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction' "
        "AND state_change < now() - interval '15 minutes'",
    )


def _function(signature: str, columns: str, query: str) -> None:
    op.execute(
        f"CREATE FUNCTION {signature} RETURNS TABLE {columns} LANGUAGE sql STABLE SECURITY DEFINER "
        f"SET search_path = pg_catalog, pg_temp AS $$ {query} $$"
    )
    op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO supervision_app")
