"""Signing in: each organisation's provider, who was recognised there, and how long a browser's visit lasts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision: str | None = "0010"

_GRANTS = {"sign_in_providers": "INSERT, UPDATE, DELETE", "sign_in_bindings": "INSERT, DELETE"}


def upgrade() -> None:
    """Create the tables, end browsers' visits that had no end, and let anybody see where they can sign in."""
    op.add_column("tokens", sa.Column("ends_at", sa.DateTime(timezone=True)))
    op.create_index("ix_tokens_person", "tokens", ["organisation_id", "person"])
    op.execute("UPDATE tokens SET revoked_at = created_at WHERE revoked_at IS NULL AND name = 'browser'")
    _tables()
    if op.get_bind().dialect.name == "postgresql":
        _bind_the_role()
        _see_across_tenants()


def _tables() -> None:
    op.create_table(
        "sign_in_providers",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("client_secret", sa.LargeBinary()),
        sa.Column("person_claim", sa.String(), nullable=False),
        sa.Column("domain", sa.String()),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_sign_in_providers")),
    )
    op.create_table(
        "sign_in_bindings",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "person", name=op.f("pk_sign_in_bindings")),
    )
    columns = ["organisation_id", "issuer", "identity"]
    op.create_index("ix_sign_in_bindings_identity", "sign_in_bindings", columns, unique=True)


def _bind_the_role() -> None:
    for table, rights in _GRANTS.items():
        op.execute(f"GRANT SELECT, {rights} ON {table} TO supervision_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY organisation ON {table} TO supervision_app "
            "USING (organisation_id = nullif(current_setting('app.organisation', true), '')::uuid)"
        )


def _see_across_tenants() -> None:
    schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    op.execute(
        f"""
        CREATE FUNCTION places_to_sign_in()
        RETURNS TABLE (organisation_id uuid, name varchar, has_provider boolean)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
            SELECT o.id, o.name, EXISTS (
                SELECT FROM {schema}.sign_in_providers AS p WHERE p.organisation_id = o.id
            )
            FROM {schema}.organisations AS o ORDER BY o.id
        $$
        """  # noqa: S608 - the schema is quoted by the server
    )
    op.execute("REVOKE ALL ON FUNCTION places_to_sign_in() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION places_to_sign_in() TO supervision_app")
