"""What a transaction is begun for: reading or writing, by whom, and which organisations wait for the clock."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import date, datetime
    from uuid import UUID

    from sqlalchemy import Connection, Engine


class Access(Enum):
    """What a transaction may do. A read sees one moment of the database throughout."""

    read = "read"
    write = "write"


class Owner(NamedTuple):
    """Whose a token is, with what every request needs of the organisation. `now` is its instant, in whole seconds."""

    organisation_id: UUID
    token_id: UUID
    person: str
    scopes: list[str]
    policy_id: str
    live_from: date
    directory_version: int
    calendar_version: int
    wrapped_key: bytes
    now: datetime


class DueOrganisation(NamedTuple):
    """An organisation with work for the clock, and the first instant at which some is enforceable."""

    organisation_id: UUID
    fires_at: datetime


class DueNow(NamedTuple):
    """What is due at an instant of the database's clock, in whole seconds; the longest due first."""

    at: datetime
    organisations: list[DueOrganisation]


class Waits(NamedTuple):
    """What waits in all organisations together: the oldest notice that was not sent, and the open incidents."""

    oldest_notice: datetime | None
    open_incidents: int


class SignInPlace(NamedTuple):
    """An organisation whose people may want to sign in, and whether it has a provider for that."""

    organisation_id: UUID
    name: str
    has_provider: bool


class DatabaseKind(Protocol):
    """What PostgreSQL and SQLite do differently. Every `begin` raises sqlalchemy.exc.DBAPIError."""

    def check(self, url: str) -> None:
        """Raises ValueError where an address names nothing that could be opened."""

    def service_engine(self, url: str) -> Engine:
        """The engine of a running service, which owns nothing where the database knows owners."""

    def owner_engine(self, url: str) -> Engine:
        """The engine of whoever owns the tables, for migrations."""

    def writer(self) -> AbstractContextManager[None]:
        """What the writers of one process wait for, however many threads there are. Raises OperationalError."""

    def begin(self, connection: Connection, access: Access) -> None:
        """Begin a transaction of no organisation: it sees no tenant's rows."""

    def begin_for(self, connection: Connection, access: Access, organisation_id: UUID) -> None:
        """Begin a transaction of one organisation."""

    def begin_for_token(self, connection: Connection, access: Access, token_hash: bytes) -> Owner | None:
        """Begin a transaction of the organisation whose token this is; None where nobody's token is valid."""

    def due_organisations(self, connection: Connection, now: datetime) -> list[DueOrganisation]:
        """Every organisation with a deadline enforceable by `now` or its sandbox clock; the longest due first."""

    def due_now(self, connection: Connection) -> DueNow:
        """The same by the database's clock at this moment, in whole seconds."""

    def filing_organisations(self, connection: Connection) -> list[UUID]:
        """Every organisation with a filing that is not on file yet."""

    def notice_organisations(self, connection: Connection, now: datetime) -> list[UUID]:
        """Every organisation outside a sandbox with notices to make messages of, or messages to send by `now`."""

    def organisations(self, connection: Connection) -> list[UUID]:
        """Every organisation."""

    def waits(self, connection: Connection) -> Waits:
        """What waits in all organisations together."""

    def open_states(self, connection: Connection) -> set[tuple[str, str]]:
        """Of all organisations together, the workflows and states in which matters are open."""

    def places_to_sign_in(self, connection: Connection) -> list[SignInPlace]:
        """Every organisation with its name, oldest first."""

    def clock(self, connection: Connection) -> datetime:
        """The database's clock at this moment, with its fractions of a second."""
