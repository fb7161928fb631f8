"""The tables of a council itself: policies, people, cases, calendar and tokens; people and cases go by their refs."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    Uuid,
)

from service.storage.column_types import Instant
from service.storage.metadata import Json, metadata, of_organisation

#: Marks of the whole database: whether it is a sandbox.
marks = Table("marks", metadata, Column("name", String, primary_key=True), Column("value", String, nullable=False))

organisations = Table(
    "organisations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", String, nullable=False),
    Column("policy_id", String, nullable=False),
    Column("live_from", Date, nullable=False),
    #: Only in a sandbox: the organisation's own clock. Elsewhere the database's clock counts.
    Column("sandbox_now", Instant),
    #: Counts changes of people, absences and cover, so that processes know when their picture is old.
    Column("directory_version", Integer, nullable=False),
    #: Counts changes of closures and bank holidays; it is the calendar version that receipts name.
    Column("calendar_version", Integer, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
)

policies = Table(
    "policies",
    metadata,
    of_organisation(),
    Column("policy_id", String, nullable=False),
    Column("version", String, nullable=False),
    Column("in_force_from", Date, nullable=False),
    Column("text", Text, nullable=False),
    PrimaryKeyConstraint("organisation_id", "policy_id", "version"),
)

people = Table(
    "people",
    metadata,
    of_organisation(),
    Column("ref", String, nullable=False),
    Column("name", String, nullable=False),
    Column("email", String, nullable=False),
    Column("job_role", String, nullable=False),
    Column("team", String, nullable=False),
    Column("line_manager", String),
    Column("supervisor", String),
    Column("cover", String),
    Column("start_date", Date),
    Column("end_date", Date),
    Column("app_roles", Json, nullable=False),
    Column("nqsw_start", Date),
    Column("nqsw_extended_to", Date),
    Column("registration", String, nullable=False),
    Column("setting", String, nullable=False),
    Column("supervised_since", Date),
    Column("last_supervised_on", Date),
    Column("agreement_signed_on", Date),
    Column("sign_in_id", String),
    Column("bounces", Boolean, nullable=False),
    PrimaryKeyConstraint("organisation_id", "ref"),
)

#: Everybody above everybody: the closure of the line of management.
line = Table(
    "line",
    metadata,
    of_organisation(),
    Column("below", String, nullable=False),
    Column("above", String, nullable=False),
    Column("depth", Integer, nullable=False),
    PrimaryKeyConstraint("organisation_id", "below", "above"),
    Index("ix_line_above", "organisation_id", "above"),
)

cases = Table(
    "cases",
    metadata,
    of_organisation(),
    Column("ref", String, nullable=False),
    Column("worker", String, nullable=False),
    Column("team", String, nullable=False),
    Column("category", String, nullable=False),
    Column("criteria", Json, nullable=False),
    Column("allocated_on", Date),
    Column("closed_on", Date),
    Column("plan_review_weeks", Integer),
    Column("rating", String),
    Column("rating_approved_by", String),
    Column("rating_approved_on", Date),
    Column("last_supervised_on", Date),
    PrimaryKeyConstraint("organisation_id", "ref"),
    Index("ix_cases_worker", "organisation_id", "worker"),
)

calendar_days = Table(
    "calendar_days",
    metadata,
    of_organisation(),
    Column("day", Date, nullable=False),
    Column("kind", String, nullable=False),  # bank_holiday | closure
    Column("reason", String, nullable=False),
    PrimaryKeyConstraint("organisation_id", "day"),
)

tokens = Table(
    "tokens",
    metadata,
    of_organisation(),
    Column("id", Uuid, nullable=False),
    Column("person", String, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("name", String, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
    #: By the database's clock, in a sandbox as well; a browser's moves on with its use.
    Column("expires_at", Instant),
    #: A browser's alone: the last instant of its visit, however much it is used.
    Column("ends_at", Instant),
    #: A browser's alone, by the database's clock: when its owner last showed who they are, as far as anybody says.
    Column("authenticated_at", Instant),
    #: Written seldom, so some minutes behind.
    Column("last_used_at", Instant),
    Column("revoked_at", Instant),
    PrimaryKeyConstraint("organisation_id", "id"),
    Index("ix_tokens_hash", "hash", unique=True),
    Index("ix_tokens_person", "organisation_id", "person"),
)
