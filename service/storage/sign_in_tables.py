"""Where the people of each organisation sign in, and who was recognised there."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, PrimaryKeyConstraint, String, Table, Uuid

from service.storage.column_types import Instant
from service.storage.metadata import metadata

sign_in_providers = Table(
    "sign_in_providers",
    metadata,
    Column("organisation_id", Uuid, primary_key=True),
    #: Exactly as the provider gives it in its tokens; never one that several councils' people come from by default.
    Column("issuer", String, nullable=False),
    Column("client_id", String, nullable=False),
    #: Sealed under the organisation's key; none where the secret comes from the environment, or there is none.
    Column("client_secret", LargeBinary),
    #: The claim that `sign_in_id` in the people's list holds.
    Column("person_claim", String, nullable=False),
    #: The claim `hd` must be this, where one issuer serves everybody.
    Column("domain", String),
    #: The claim `acr` must be this, where the council asks for a strength of its own.
    Column("acr", String),
    Column("changed_at", Instant, nullable=False),
)

#: Whom a provider's identity was taken for by a verified e-mail address; the people's list goes before it.
sign_in_bindings = Table(
    "sign_in_bindings",
    metadata,
    Column("organisation_id", Uuid, nullable=False),
    Column("person", String, nullable=False),
    Column("issuer", String, nullable=False),
    Column("identity", String, nullable=False),
    Column("bound_at", Instant, nullable=False),
    PrimaryKeyConstraint("organisation_id", "person"),
    Index("ix_sign_in_bindings_identity", "organisation_id", "issuer", "identity", unique=True),
)
