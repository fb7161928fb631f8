"""The tables of matters and of all that hangs on them, the same on PostgreSQL and SQLite."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TextClause,
    Uuid,
    text,
)

from service.storage.column_types import Instant
from service.storage.metadata import Json, metadata, of_organisation


def _partial(*columns: Column[Any] | str, name: str, where: TextClause) -> Index:
    return Index(name, *columns, postgresql_where=where, sqlite_where=where)


def _of_matter() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["organisation_id", "matter_id"], ["matters.organisation_id", "matters.id"])


matters = Table(
    "matters",
    metadata,
    of_organisation(),
    Column("id", Uuid, nullable=False),
    Column("workflow", String, nullable=False),
    Column("kind", String),
    Column("state", String, nullable=False),
    #: Also the number of the last step.
    Column("version", Integer, nullable=False),
    Column("policy_id", String, nullable=False),
    Column("policy_version", String, nullable=False),
    Column("supervisee", String),
    Column("supervisor", String),
    Column("person", String),
    Column("case_ref", String),
    Column("parent", Uuid),
    Column("holder", String),
    Column("holder_role", String),
    Column("waiting_for", Json, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("last_at", Instant, nullable=False),
    Column("data", Json, nullable=False),
    Column("ladder", Json),
    #: The earliest live due instant, for lists and inboxes.
    Column("next_due", Instant),
    #: Since when what is owed is overdue; null while nothing is.
    Column("overdue_since", Instant),
    #: When the next duty is due; where none runs, since when one is overdue. For overviews, in this order.
    Column("duty_due", Instant),
    Column("deadline_count", Integer, nullable=False),
    #: The hash of the last step: the head of the chain.
    Column("head", LargeBinary, nullable=False),
    PrimaryKeyConstraint("organisation_id", "id"),
    _partial("organisation_id", "holder", "workflow", name="ix_matters_holder", where=text("holder IS NOT NULL")),
    Index("ix_matters_supervisee", "organisation_id", "supervisee", "workflow"),
    Index("ix_matters_supervisor", "organisation_id", "supervisor", "workflow"),
    Index("ix_matters_person", "organisation_id", "person", "workflow"),
    Index("ix_matters_case", "organisation_id", "case_ref", "workflow"),
    Index("ix_matters_parent", "organisation_id", "parent"),
    Index("ix_matters_workflow", "organisation_id", "workflow", "id"),
)

#: What is open, by state, with all that a drawing tells of it: it is counted without a look at the rows.
_OPEN = text("closed_at IS NULL")
Index(
    "ix_matters_open", matters.c.organisation_id, matters.c.workflow, matters.c.state, matters.c.opened_at,
    matters.c.next_due, matters.c.overdue_since, postgresql_where=_OPEN, sqlite_where=_OPEN,
)  # fmt: skip

#: What is open, soonest due first, as overviews show it.
Index(
    "ix_matters_duty", matters.c.organisation_id, matters.c.duty_due, matters.c.id,
    postgresql_where=_OPEN, sqlite_where=_OPEN,
)  # fmt: skip

#: Filings that are not on file yet: what is to be handed over, or waits for its acknowledgement.
OPEN_FILINGS = "workflow = 'filing' AND closed_at IS NULL"
_partial(
    matters.c.organisation_id, matters.c.last_at, matters.c.id, name="ix_matters_open_filings", where=text(OPEN_FILINGS)
)

#: Intervals that the policy does not give, or that somebody has approved: the exception list.
EXCEPTIONS = {
    "postgresql": "(data ->> 'exception' IS NOT NULL OR data ->> 'approved_by' IS NOT NULL)",
    "sqlite": "(json_extract(data, '$.exception') IS NOT NULL OR json_extract(data, '$.approved_by') IS NOT NULL)",
}
WATCHED = "workflow IN ('frequency', 'entitlement') AND closed_at IS NULL"
Index(
    "ix_matters_exceptions", matters.c.organisation_id, matters.c.id,
    postgresql_where=text(f"{WATCHED} AND {EXCEPTIONS['postgresql']}"),
    sqlite_where=text(f"{WATCHED} AND {EXCEPTIONS['sqlite']}"),
)  # fmt: skip

#: Matters that wait for several people, who are looked for by their names; the table's name goes in.
WAITS_FOR_SEVERAL = "{}.waiting_for <> '[]'"
_partial(matters.c.organisation_id, matters.c.id, name="ix_matters_several", where=text("waiting_for <> '[]'"))
#: Matters in the queue of a role.
Index(
    "ix_matters_queue",
    matters.c.organisation_id,
    matters.c.holder_role,
    postgresql_where=matters.c.holder_role.is_not(None),
    sqlite_where=matters.c.holder_role.is_not(None),
)

#: Who may see a matter by name: its parties, participants and everybody who ever held it.
matter_people = Table(
    "matter_people",
    metadata,
    of_organisation(),
    Column("matter_id", Uuid, nullable=False),
    Column("person", String, nullable=False),
    PrimaryKeyConstraint("organisation_id", "matter_id", "person"),
    _of_matter(),
    Index("ix_matter_people_person", "organisation_id", "person", "matter_id"),
)

steps = Table(
    "steps",
    metadata,
    of_organisation(),
    Column("matter_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("trigger", String, nullable=False),
    Column("source", String),
    Column("dest", String, nullable=False),
    Column("actor", String),
    Column("role", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("clause", String),
    Column("data", Json, nullable=False),
    #: The salted commitment to each sealed text of the step, by field.
    Column("commitments", Json, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("organisation_id", "matter_id", "number"),
    _of_matter(),
    #: By which the steps of a day are found. They come in the order of their instants, so on PostgreSQL it is tiny.
    Index("ix_steps_at", "organisation_id", "at", postgresql_using="brin"),
)

_PENDING = text("fires_at IS NOT NULL")
deadlines = Table(
    "deadlines",
    metadata,
    of_organisation(),
    Column("matter_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("status", String, nullable=False),
    Column("enforces", String, nullable=False),
    Column("due", Instant),
    #: The first instant of enforcement; null whenever the deadline cannot act.
    Column("fires_at", Instant),
    Column("rank", Integer, nullable=False),
    Column("receipt", Json, nullable=False),
    PrimaryKeyConstraint("organisation_id", "matter_id", "number"),
    _of_matter(),
    #: In the order in which what is due is enforced, so that a batch is read off without any sorting.
    _partial("organisation_id", "fires_at", "rank", "matter_id", "number", name="ix_deadlines_pending", where=_PENDING),
)

matter_keys = Table(
    "matter_keys",
    metadata,
    of_organisation(),
    Column("matter_id", Uuid, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    PrimaryKeyConstraint("organisation_id", "matter_id"),
    _of_matter(),
)

#: Free text, sealed; the salt of its commitment is inside.
contents = Table(
    "contents",
    metadata,
    of_organisation(),
    Column("matter_id", Uuid, nullable=False),
    Column("step", Integer, nullable=False),
    Column("field", String, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    PrimaryKeyConstraint("organisation_id", "matter_id", "step", "field"),
    _of_matter(),
)

#: What is to be told: written with the step, sent by others.
_WAITING = text("status = 'waiting'")
outbox = Table(
    "outbox",
    metadata,
    of_organisation(),
    Column("matter_id", Uuid, nullable=False),
    Column("step", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("to", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("urgent", Boolean, nullable=False),
    #: `waiting` until its messages are made; `delivered` is in the person's own list from its hour on.
    Column("status", String, nullable=False),  # waiting | delivered | bounced
    PrimaryKeyConstraint("organisation_id", "matter_id", "step", "number"),
    _of_matter(),
    Index("ix_outbox_to", "organisation_id", "to", "at"),
    _partial("organisation_id", "at", name="ix_outbox_waiting", where=_WAITING),
)

incidents = Table(
    "incidents",
    metadata,
    of_organisation(),
    Column("id", Uuid, nullable=False),
    Column("matter_id", Uuid),
    Column("kind", String, nullable=False),
    Column("detail", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("closed_at", Instant),
    PrimaryKeyConstraint("organisation_id", "id"),
    Index("ix_incidents_at", "organisation_id", "at"),
    _partial("organisation_id", "kind", name="ix_incidents_open", where=_OPEN),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    of_organisation(),
    Column("asker", String, nullable=False),
    Column("route", String, nullable=False),
    Column("key", String, nullable=False),
    Column("body_hash", LargeBinary, nullable=False),
    Column("status", Integer, nullable=False),
    Column("matter_id", Uuid),
    Column("version", Integer),
    Column("answer", Json),
    Column("created_at", Instant, nullable=False),
    PrimaryKeyConstraint("organisation_id", "asker", "route", "key"),
    Index("ix_idempotency_keys_created", "organisation_id", "created_at"),
)
