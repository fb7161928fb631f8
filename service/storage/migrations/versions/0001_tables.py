"""Every table of the first version. The safeguards that belong to them are the next revision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision: str | None = None

_ID, _TEXT, _LONG_TEXT, _BYTES = sa.Uuid(), sa.String(), sa.Text(), sa.LargeBinary()
_NUMBER, _BIG_NUMBER, _FLAG, _DAY = sa.Integer(), sa.BigInteger(), sa.Boolean(), sa.Date()
_INSTANT = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_PENDING = sa.text("fires_at IS NOT NULL")


def upgrade() -> None:
    """Create the tables and their indexes."""
    _organisations()
    _people()
    _line_and_cases()
    _calendar_and_tokens()
    _matters()
    _history()
    _deadlines()
    _sealed_texts()
    _outbox_and_incidents()
    _retries_and_checkpoints()


def _needed(name: str, kind: TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _maybe(name: str, kind: TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def _table(name: str, key: tuple[str, ...], *parts: sa.Column[Any] | sa.ForeignKeyConstraint) -> None:
    op.create_table(name, *parts, sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")))


def _tenant_table(name: str, key: tuple[str, ...], *parts: sa.Column[Any] | sa.ForeignKeyConstraint) -> None:
    _table(name, ("organisation_id", *key), _needed("organisation_id", _ID), *parts)


def _matter_table(name: str, key: tuple[str, ...], *parts: sa.Column[Any]) -> None:
    matter = sa.ForeignKeyConstraint(
        ["organisation_id", "matter_id"],
        ["matters.organisation_id", "matters.id"],
        name=op.f(f"fk_{name}_matters"),
    )
    _tenant_table(name, ("matter_id", *key), _needed("matter_id", _ID), *parts, matter)


def _organisations() -> None:
    _table("marks", ("name",), _needed("name", _TEXT), _needed("value", _TEXT))
    _table(
        "organisations",
        ("id",),
        _needed("id", _ID),
        _needed("name", _TEXT),
        _needed("policy_id", _TEXT),
        _needed("live_from", _DAY),
        _maybe("sandbox_now", _INSTANT),
        _needed("directory_version", _NUMBER),
        _needed("calendar_version", _NUMBER),
        _needed("wrapped_key", _BYTES),
        _needed("created_at", _INSTANT),
    )
    _tenant_table(
        "policies",
        ("policy_id", "version"),
        _needed("policy_id", _TEXT),
        _needed("version", _TEXT),
        _needed("in_force_from", _DAY),
        _needed("text", _LONG_TEXT),
    )


def _people() -> None:
    _tenant_table(
        "people",
        ("ref",),
        _needed("ref", _TEXT),
        _needed("name", _TEXT),
        _needed("email", _TEXT),
        _needed("job_role", _TEXT),
        _needed("team", _TEXT),
        _maybe("line_manager", _TEXT),
        _maybe("supervisor", _TEXT),
        _maybe("cover", _TEXT),
        _maybe("start_date", _DAY),
        _maybe("end_date", _DAY),
        _needed("app_roles", _JSON),
        _maybe("nqsw_start", _DAY),
        _needed("registration", _TEXT),
        _needed("setting", _TEXT),
        _maybe("supervised_since", _DAY),
        _maybe("last_supervised_on", _DAY),
        _maybe("agreement_signed_on", _DAY),
        _maybe("sign_in_id", _TEXT),
        _needed("bounces", _FLAG),
    )


def _line_and_cases() -> None:
    _tenant_table(
        "line",
        ("below", "above"),
        _needed("below", _TEXT),
        _needed("above", _TEXT),
        _needed("depth", _NUMBER),
    )
    op.create_index("ix_line_above", "line", ["organisation_id", "above"])
    _tenant_table(
        "cases",
        ("ref",),
        _needed("ref", _TEXT),
        _needed("worker", _TEXT),
        _needed("team", _TEXT),
        _needed("category", _TEXT),
        _needed("criteria", _JSON),
        _maybe("allocated_on", _DAY),
        _maybe("closed_on", _DAY),
        _maybe("plan_review_weeks", _NUMBER),
        _maybe("rating", _TEXT),
        _maybe("rating_approved_by", _TEXT),
        _maybe("rating_approved_on", _DAY),
        _maybe("last_supervised_on", _DAY),
    )
    op.create_index("ix_cases_worker", "cases", ["organisation_id", "worker"])


def _calendar_and_tokens() -> None:
    _tenant_table(
        "calendar_days",
        ("day",),
        _needed("day", _DAY),
        _needed("kind", _TEXT),
        _needed("reason", _TEXT),
    )
    _tenant_table(
        "tokens",
        ("id",),
        _needed("id", _ID),
        _needed("person", _TEXT),
        _needed("hash", _BYTES),
        _needed("name", _TEXT),
        _needed("scopes", _JSON),
        _needed("created_at", _INSTANT),
        _maybe("expires_at", _INSTANT),
        _maybe("last_used_at", _INSTANT),
        _maybe("revoked_at", _INSTANT),
    )
    op.create_index("ix_tokens_hash", "tokens", ["hash"], unique=True)


def _matters() -> None:
    _tenant_table(
        "matters",
        ("id",),
        _needed("id", _ID),
        _needed("workflow", _TEXT),
        _maybe("kind", _TEXT),
        _needed("state", _TEXT),
        _needed("version", _NUMBER),
        _needed("policy_id", _TEXT),
        _needed("policy_version", _TEXT),
        _maybe("supervisee", _TEXT),
        _maybe("supervisor", _TEXT),
        _maybe("person", _TEXT),
        _maybe("case_ref", _TEXT),
        _maybe("parent", _ID),
        _maybe("holder", _TEXT),
        _maybe("holder_role", _TEXT),
        _needed("waiting_for", _JSON),
        _needed("opened_at", _INSTANT),
        _maybe("closed_at", _INSTANT),
        _needed("last_at", _INSTANT),
        _needed("data", _JSON),
        _maybe("ladder", _JSON),
        _maybe("next_due", _INSTANT),
        _needed("deadline_count", _NUMBER),
        _needed("head", _BYTES),
    )
    op.create_index("ix_matters_case", "matters", ["organisation_id", "case_ref", "workflow"])
    op.create_index("ix_matters_holder", "matters", ["organisation_id", "holder", "next_due"])
    op.create_index("ix_matters_parent", "matters", ["organisation_id", "parent"])
    op.create_index("ix_matters_person", "matters", ["organisation_id", "person", "workflow"])
    op.create_index("ix_matters_supervisee", "matters", ["organisation_id", "supervisee", "workflow"])
    op.create_index("ix_matters_supervisor", "matters", ["organisation_id", "supervisor", "workflow"])
    op.create_index("ix_matters_workflow", "matters", ["organisation_id", "workflow", "id"])


def _history() -> None:
    _matter_table("matter_people", ("person",), _needed("person", _TEXT))
    op.create_index("ix_matter_people_person", "matter_people", ["organisation_id", "person", "matter_id"])
    _matter_table(
        "steps",
        ("number",),
        _needed("number", _NUMBER),
        _needed("trigger", _TEXT),
        _maybe("source", _TEXT),
        _needed("dest", _TEXT),
        _maybe("actor", _TEXT),
        _needed("role", _TEXT),
        _needed("at", _INSTANT),
        _maybe("clause", _TEXT),
        _needed("data", _JSON),
        _needed("commitments", _JSON),
        _needed("hash", _BYTES),
    )


def _deadlines() -> None:
    _matter_table(
        "deadlines",
        ("number",),
        _needed("number", _NUMBER),
        _needed("name", _TEXT),
        _needed("status", _TEXT),
        _needed("enforces", _TEXT),
        _maybe("due", _INSTANT),
        _maybe("fires_at", _INSTANT),
        _needed("rank", _NUMBER),
        _needed("receipt", _JSON),
    )
    op.create_index(
        "ix_deadlines_pending",
        "deadlines",
        ["organisation_id", "fires_at"],
        postgresql_where=_PENDING,
        sqlite_where=_PENDING,
    )


def _sealed_texts() -> None:
    _matter_table("matter_keys", (), _needed("wrapped", _BYTES))
    _matter_table(
        "contents",
        ("step", "field"),
        _needed("step", _NUMBER),
        _needed("field", _TEXT),
        _needed("sealed", _BYTES),
    )


def _outbox_and_incidents() -> None:
    _matter_table(
        "outbox",
        ("step", "number"),
        _needed("step", _NUMBER),
        _needed("number", _NUMBER),
        _needed("to", _TEXT),
        _needed("kind", _TEXT),
        _needed("subject", _TEXT),
        _needed("body", _LONG_TEXT),
        _needed("at", _INSTANT),
        _needed("urgent", _FLAG),
        _needed("status", _TEXT),
    )
    op.create_index("ix_outbox_to", "outbox", ["organisation_id", "to", "at"])
    _tenant_table(
        "incidents",
        ("id",),
        _needed("id", _ID),
        _maybe("matter_id", _ID),
        _needed("kind", _TEXT),
        _needed("detail", _TEXT),
        _needed("at", _INSTANT),
        _maybe("closed_at", _INSTANT),
    )
    op.create_index("ix_incidents_at", "incidents", ["organisation_id", "at"])


def _retries_and_checkpoints() -> None:
    _tenant_table(
        "idempotency_keys",
        ("asker", "route", "key"),
        _needed("asker", _TEXT),
        _needed("route", _TEXT),
        _needed("key", _TEXT),
        _needed("body_hash", _BYTES),
        _needed("status", _NUMBER),
        _maybe("matter_id", _ID),
        _maybe("version", _NUMBER),
        _maybe("answer", _JSON),
        _needed("created_at", _INSTANT),
    )
    op.create_index("ix_idempotency_keys_created", "idempotency_keys", ["organisation_id", "created_at"])
    _tenant_table(
        "checkpoints",
        ("number",),
        _needed("number", _BIG_NUMBER),
        _needed("at", _INSTANT),
        _needed("heads", _JSON),
        _needed("previous", _BYTES),
        _needed("hash", _BYTES),
        _needed("signature", _BYTES),
    )
