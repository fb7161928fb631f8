"""What binds a running service, whoever logs in: its own rows only, and no change to what has happened.

On PostgreSQL the role `supervision_app`, which `service.storage.migrate` makes, owns nothing, sees one organisation's
rows in a transaction that says which, and has no right to change steps or checkpoints. On SQLite triggers refuse that.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"

#: What the role may do besides reading. A step, once written, stays; a key or a sealed text goes on disposal.
_GRANTS = {
    "organisations": "INSERT, UPDATE",
    "policies": "INSERT, UPDATE, DELETE",
    "people": "INSERT, UPDATE, DELETE",
    "line": "INSERT, UPDATE, DELETE",
    "cases": "INSERT, UPDATE, DELETE",
    "calendar_days": "INSERT, UPDATE, DELETE",
    "tokens": "INSERT, UPDATE, DELETE",
    "matters": "INSERT, UPDATE",
    "matter_people": "INSERT, UPDATE, DELETE",
    "steps": "INSERT",
    "deadlines": "INSERT, UPDATE",
    "matter_keys": "INSERT, DELETE",
    "contents": "INSERT, DELETE",
    "outbox": "INSERT, UPDATE, DELETE",
    "incidents": "INSERT, UPDATE, DELETE",
    "idempotency_keys": "INSERT, UPDATE, DELETE",
    "checkpoints": "INSERT",
}
_HISTORY = ("steps", "checkpoints")


def upgrade() -> None:
    """Put the safeguards of the database in use into force."""
    if op.get_bind().dialect.name == "postgresql":
        _bind_the_role()
    else:
        _refuse_changes_to_history()


def _refuse_changes_to_history() -> None:
    for table in _HISTORY:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} are history: they are never changed'); END"
            )


def _bind_the_role() -> None:
    schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    op.execute(f"GRANT USAGE ON SCHEMA {schema} TO supervision_app")
    op.execute("GRANT SELECT ON marks, alembic_version TO supervision_app")
    for table, rights in _GRANTS.items():
        owner = "id" if table == "organisations" else "organisation_id"
        op.execute(f"GRANT SELECT, {rights} ON {table} TO supervision_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY organisation ON {table} TO supervision_app "
            f"USING ({owner} = nullif(current_setting('app.organisation', true), '')::uuid)"
        )
    _see_across_tenants(schema)


def _see_across_tenants(schema: str) -> None:
    # Every request asks for its token's owner, and PL/pgSQL keeps the plan, where SQL would make it anew.
    op.execute(
        f"""
        CREATE FUNCTION token_owner(token_hash bytea)
        RETURNS TABLE (
            organisation_id uuid, token_id uuid, person varchar, scopes jsonb, policy_id varchar, live_from date,
            directory_version integer, calendar_version integer, wrapped_key bytea, instant timestamptz
        )
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ BEGIN
            RETURN QUERY
            SELECT o.id, t.id, t.person, t.scopes, o.policy_id, o.live_from, o.directory_version, o.calendar_version,
                o.wrapped_key, coalesce(o.sandbox_now, date_trunc('second', now()))
            FROM {schema}.tokens AS t JOIN {schema}.organisations AS o ON o.id = t.organisation_id
            WHERE t.hash = token_hash AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now());
        END $$
        """  # noqa: S608 - the schema is quoted by the server
    )
    op.execute(
        f"""
        CREATE FUNCTION due_organisations(at timestamptz)
        RETURNS TABLE (organisation_id uuid, fires_at timestamptz)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
            SELECT o.id, due.fires_at
            FROM {schema}.organisations AS o CROSS JOIN LATERAL (
                SELECT d.fires_at FROM {schema}.deadlines AS d
                WHERE d.organisation_id = o.id AND d.fires_at <= coalesce(o.sandbox_now, at)
                ORDER BY d.fires_at LIMIT 1
            ) AS due
            ORDER BY due.fires_at
        $$
        """  # noqa: S608 - the schema is quoted by the server
    )
    for function in ("token_owner(bytea)", "due_organisations(timestamptz)"):
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO supervision_app")
