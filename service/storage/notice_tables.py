"""The tables of what leaves: messages to people, which notice went by which, what people prefer, and calendar feeds."""

from __future__ import annotations

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
    Uuid,
)

from service.storage.column_types import Instant
from service.storage.metadata import metadata

#: Where a message stands that reached nobody.
LOST = ("bounced", "failed")

#: One message to one person by one channel, with one notice or a day's. Its id is what the channel knows it by.
messages = Table(
    "messages",
    metadata,
    Column("organisation_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("person", String, nullable=False),
    Column("channel", String, nullable=False),  # mail | notify | webhook
    #: Whether it gathers what is not urgent until its hour.
    Column("digest", Boolean, nullable=False),
    Column("status", String, nullable=False),  # waiting | sent | delivered | bounced | failed
    #: When it is to be sent, or tried again; null once nothing is left to do.
    Column("next_at", Instant),
    Column("attempts", Integer, nullable=False),
    Column("tried_at", Instant),
    #: The address that it was last sent to.
    Column("address", String),
    #: A short code of why it has not arrived.
    Column("why", String),
    PrimaryKeyConstraint("organisation_id", "id"),
)
Index(
    "ix_messages_leaving",
    messages.c.organisation_id,
    messages.c.next_at,
    postgresql_where=messages.c.status == "waiting",
    sqlite_where=messages.c.status == "waiting",
)
Index(
    "ix_messages_lost",
    messages.c.organisation_id,
    messages.c.tried_at,
    messages.c.id,
    postgresql_where=messages.c.status.in_(LOST),
    sqlite_where=messages.c.status.in_(LOST),
)
#: What was sent, newest first: to everybody, and to one person.
Index(
    "ix_messages_tried",
    messages.c.organisation_id,
    messages.c.tried_at,
    messages.c.id,
    postgresql_where=messages.c.tried_at.is_not(None),
    sqlite_where=messages.c.tried_at.is_not(None),
)
Index("ix_messages_person", messages.c.organisation_id, messages.c.person, messages.c.tried_at, messages.c.id)

#: Which message carries a notice by a channel: never more than one row for the two, however often it is sent anew.
deliveries = Table(
    "deliveries",
    metadata,
    Column("organisation_id", Uuid, nullable=False),
    Column("matter_id", Uuid, nullable=False),
    Column("step", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("channel", String, nullable=False),
    Column("message_id", Uuid, nullable=False),
    PrimaryKeyConstraint("organisation_id", "matter_id", "step", "number", "channel"),
    ForeignKeyConstraint(
        ["organisation_id", "matter_id", "step", "number"],
        ["outbox.organisation_id", "outbox.matter_id", "outbox.step", "outbox.number"],
    ),
    ForeignKeyConstraint(["organisation_id", "message_id"], ["messages.organisation_id", "messages.id"]),
    Index("ix_deliveries_message", "organisation_id", "message_id"),
)

#: What people have chosen; whoever is not here has chosen nothing.
preferences = Table(
    "preferences",
    metadata,
    Column("organisation_id", Uuid, nullable=False),
    Column("person", String, nullable=False),
    Column("notices", String, nullable=False),  # daily | at_once
    PrimaryKeyConstraint("organisation_id", "person"),
)

#: A secret address for each person who wants one, of which the hash is kept.
calendar_feeds = Table(
    "calendar_feeds",
    metadata,
    Column("organisation_id", Uuid, nullable=False),
    Column("person", String, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("made_at", Instant, nullable=False),
    PrimaryKeyConstraint("organisation_id", "person"),
    Index("ix_calendar_feeds_hash", "organisation_id", "hash"),
)
