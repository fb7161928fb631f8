"""Which provider each organisation's people sign in with. Every organisation has its own, and no two share one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import delete, insert, select

from service.storage.sign_in_tables import sign_in_providers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from pydantic import SecretStr
    from sqlalchemy import Connection

    from service.storage.sealing import Sealer

_SECRET = "client secret"  # noqa: S105 - its name
#: Microsoft Entra ID: one tenant by its number. Others of that host take in people from everywhere.
_ENTRA_HOSTS = frozenset({"login.microsoftonline.com", "sts.windows.net", "login.microsoftonline.us"})
_TENANT = re.compile(r"/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(/v2\.0|/)?")
#: The tenant of everybody's private accounts.
_PRIVATE_ACCOUNTS = "9188040d-6c67-4c5b-b112-36a304b66dad"
_GOOGLE = "https://accounts.google.com"


class IssuerError(ValueError):
    """An issuer that people are not to be trusted from."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where the people of one organisation sign in, and how it knows us."""

    issuer: str
    client_id: str
    #: None where the provider knows us without one.
    client_secret: str | None = field(repr=False)
    #: The claim that `sign_in_id` in the people's list holds.
    person_claim: str
    #: The claim `hd` must be this, where one issuer serves everybody.
    domain: str | None
    #: The claim `acr` must be this: how strongly somebody signs in, in the provider's own words.
    acr: str | None = None


def usual_claim(issuer: str) -> str:
    """The claim by which a council can name its people beforehand: Entra's `sub` differs for every application."""
    return "oid" if urlsplit(issuer).hostname in _ENTRA_HOSTS else "sub"


def check_issuer(issuer: str, domain: str | None, *, private: bool) -> None:
    """Raises IssuerError for an issuer that serves more than one organisation, or that is spoken to in the open."""
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not (private and parts.scheme == "http" and parts.hostname == "localhost"):
        raise IssuerError("An issuer starts with https://.")
    if not parts.hostname or parts.query or parts.fragment or parts.username:
        raise IssuerError("An issuer is an address without a name, a question mark or a hash in it.")
    if parts.hostname in _ENTRA_HOSTS and (not _TENANT.fullmatch(parts.path) or _PRIVATE_ACCOUNTS in parts.path):
        raise IssuerError(
            "Name the council's own tenant by its number: https://login.microsoftonline.com/<tenant id>/v2.0. "
            "“common”, “organizations” and “consumers” let in people from everywhere."
        )
    if issuer.rstrip("/") == _GOOGLE and not domain:
        raise IssuerError("Everybody with a Google account comes from this issuer: name the council's domain as well.")


def keep_provider(connection: Connection, own: UUID, provider: Provider, sealer: Sealer, now: datetime) -> None:
    """Put the organisation's provider in the place of the one that it had."""
    secret = provider.client_secret
    row = {
        "organisation_id": own, "issuer": provider.issuer, "client_id": provider.client_id,
        "client_secret": None if secret is None else sealer.seal_setting(_SECRET, secret),
        "person_claim": provider.person_claim, "domain": provider.domain, "acr": provider.acr, "changed_at": now,
    }  # fmt: skip
    drop_provider(connection, own)
    connection.execute(insert(sign_in_providers), row)


def drop_provider(connection: Connection, own: UUID) -> bool:
    """Let nobody sign in any more; False where nobody could."""
    gone = delete(sign_in_providers).where(sign_in_providers.c.organisation_id == own)
    return connection.execute(gone).rowcount == 1


def provider_of(
    connection: Connection, own: UUID, sealer: Sealer, elsewhere: Mapping[UUID, SecretStr]
) -> Provider | None:
    """The organisation's provider, with its secret from the database or from `elsewhere`; None where it has none."""
    query = select(sign_in_providers).where(sign_in_providers.c.organisation_id == own)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    secret = None if row.client_secret is None else sealer.open_setting(_SECRET, row.client_secret)
    if own in elsewhere:
        secret = elsewhere[own].get_secret_value()
    return Provider(row.issuer, row.client_id, secret, row.person_claim, row.domain, row.acr)
