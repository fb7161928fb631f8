"""Notices leave: messages and which notice went by which, people's preferences, calendar feeds, and how they are found.

What was in the list before is not sent any more: people have read it there.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"

_WAITING = "status = 'waiting'"
_LOST = "status IN ('bounced', 'failed')"
_ID, _TEXT, _NUMBER, _INSTANT = sa.Uuid(), sa.String(), sa.Integer(), sa.DateTime(timezone=True)
_TABLES = ("messages", "deliveries", "preferences", "calendar_feeds")


def upgrade() -> None:
    """Create the tables, their indexes and safeguards, and let the service see across tenants what is to be sent."""
    op.execute("UPDATE outbox SET status = 'delivered' WHERE status = 'waiting' AND at <= CURRENT_TIMESTAMP")
    _index("ix_outbox_waiting", "outbox", ["organisation_id", "at"], _WAITING)
    _messages()
    _deliveries()
    _of_people()
    if op.get_bind().dialect.name == "postgresql":
        _bind_the_role()
        _see_across_tenants()


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("person", _TEXT, nullable=False),
        sa.Column("channel", _TEXT, nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("status", _TEXT, nullable=False),
        sa.Column("next_at", _INSTANT),
        sa.Column("attempts", _NUMBER, nullable=False),
        sa.Column("tried_at", _INSTANT),
        sa.Column("address", _TEXT),
        sa.Column("why", _TEXT),
        sa.PrimaryKeyConstraint("organisation_id", "id", name=op.f("pk_messages")),
    )
    _index("ix_messages_leaving", "messages", ["organisation_id", "next_at"], _WAITING)
    _index("ix_messages_lost", "messages", ["organisation_id", "tried_at", "id"], _LOST)


def _deliveries() -> None:
    notice = ["organisation_id", "matter_id", "step", "number"]
    op.create_table(
        "deliveries",
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("matter_id", _ID, nullable=False),
        sa.Column("step", _NUMBER, nullable=False),
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("channel", _TEXT, nullable=False),
        sa.Column("message_id", _ID, nullable=False),
        sa.PrimaryKeyConstraint(*notice, "channel", name=op.f("pk_deliveries")),
        sa.ForeignKeyConstraint(
            notice, [f"outbox.{column}" for column in notice], name=op.f("fk_deliveries_outbox")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "message_id"], ["messages.organisation_id", "messages.id"],
            name=op.f("fk_deliveries_messages"),
        ),
    )  # fmt: skip
    op.create_index("ix_deliveries_message", "deliveries", ["organisation_id", "message_id"])


def _of_people() -> None:
    op.create_table(
        "preferences",
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("person", _TEXT, nullable=False),
        sa.Column("notices", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "person", name=op.f("pk_preferences")),
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("person", _TEXT, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "person", name=op.f("pk_calendar_feeds")),
    )
    op.create_index("ix_calendar_feeds_hash", "calendar_feeds", ["organisation_id", "hash"])


def _bind_the_role() -> None:
    for table in _TABLES:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO supervision_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY organisation ON {table} TO supervision_app "
            "USING (organisation_id = nullif(current_setting('app.organisation', true), '')::uuid)"
        )


def _see_across_tenants() -> None:
    schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    op.execute(
        f"""
        CREATE FUNCTION notice_organisations(until timestamptz)
        RETURNS TABLE (organisation_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
            SELECT o.id FROM {schema}.organisations AS o
            WHERE o.sandbox_now IS NULL AND (
                EXISTS (SELECT FROM {schema}.outbox AS n WHERE n.organisation_id = o.id AND n.{_WAITING})
                OR EXISTS (
                    SELECT FROM {schema}.messages AS m
                    WHERE m.organisation_id = o.id AND m.{_WAITING} AND m.next_at <= until
                )
            )
            ORDER BY o.id
        $$
        """  # noqa: S608 - the schema is quoted by the server
    )
    op.execute("REVOKE ALL ON FUNCTION notice_organisations(timestamptz) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION notice_organisations(timestamptz) TO supervision_app")
