"""The database as the rest sees it, and the only place where a transaction begins, gets its tenant and commits.

The driver's own transaction control is off on both engines: BEGIN is sent from here. Whoever uses an engine without
`Database` has every statement committed by itself, and on PostgreSQL sees no tenant's rows.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, Engine, RootTransaction, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from service.storage.postgres import Postgres
from service.storage.sqlite import Sqlite
from service.storage.tenancy import Access, DatabaseKind, DueNow, DueOrganisation, Owner, SignInPlace, Waits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from uuid import UUID

_T = TypeVar("_T")
_KINDS: dict[str, DatabaseKind] = {"postgresql": Postgres(), "sqlite": Sqlite()}
_NO_ADDRESS = (
    "This is no address of a database: it is written as postgresql+psycopg://name:password@host/database, the password "
    "percent-encoded, or as sqlite:///file."
)


class UnknownTokenError(Exception):
    """No organisation has this token, or it was revoked or has expired."""


def make_engine(url: str) -> Engine:
    """The engine of a running service: on PostgreSQL as a role that owns nothing, even when a superuser logs in."""
    return _kind(url).service_engine(url)


def check_url(url: str) -> None:
    """Raises ValueError where this names nothing to store in, without a word of the address: secrets are in it."""
    try:
        kind = _kind(url)
        make_url(url).get_dialect().import_dbapi()
    except (ArgumentError, ImportError):
        raise ValueError(_NO_ADDRESS) from None
    kind.check(url)


@contextmanager
def owner_transaction(url: str) -> Iterator[Connection]:
    """One writing transaction of whoever owns the tables and sees every organisation: for migrations."""
    kind = _kind(url)
    engine = kind.owner_engine(url)
    try:
        with engine.connect() as connection, connection.begin():
            kind.begin(connection, Access.write)
            yield connection
    finally:
        engine.dispose()


def _kind(url: str) -> DatabaseKind:
    try:
        name = make_url(url).get_backend_name()
    except ValueError:
        raise ValueError(_NO_ADDRESS) from None
    if name not in _KINDS:
        raise ValueError(f"There is no storage on {name}: the database's URL starts with postgresql:// or sqlite:///.")
    return _KINDS[name]


class Database:
    """Transactions on one database. Each is committed when its block ends, and rolled back when that raises.

    Everything raises sqlalchemy.exc.OperationalError where the database is away, or SQLite's writer is busy too long.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._kind = _KINDS[engine.dialect.name]
        self._writer = self._kind.writer()

    @contextmanager
    def read(self, organisation_id: UUID) -> Iterator[Connection]:
        """A reading transaction of one organisation; it sees one moment throughout."""
        with self._transaction(lambda c: self._kind.begin_for(c, Access.read, organisation_id)) as (connection, _):
            yield connection

    @contextmanager
    def write(self, organisation_id: UUID) -> Iterator[Connection]:
        """A writing transaction of one organisation. On SQLite nobody else writes meanwhile."""
        begin = self._transaction(lambda c: self._kind.begin_for(c, Access.write, organisation_id))
        with self._writer, begin as (connection, _):
            yield connection

    @contextmanager
    def read_for_token(self, token_hash: bytes) -> Iterator[tuple[Connection, Owner]]:
        """A reading transaction of the organisation whose token this is. Raises UnknownTokenError."""
        begin = self._transaction(lambda c: self._kind.begin_for_token(c, Access.read, token_hash))
        with begin as (connection, owner):
            yield connection, _known(owner)

    @contextmanager
    def write_for_token(self, token_hash: bytes) -> Iterator[tuple[Connection, Owner]]:
        """A writing transaction of the organisation whose token this is. Raises UnknownTokenError."""
        begin = self._transaction(lambda c: self._kind.begin_for_token(c, Access.write, token_hash))
        with self._writer, begin as (connection, owner):
            yield connection, _known(owner)

    def due_organisations(self, now: datetime) -> list[DueOrganisation]:
        """Every organisation with a deadline enforceable by `now`, in a sandbox by its own clock; longest due first."""
        with self.unbound(Access.read) as connection:
            return self._kind.due_organisations(connection, now)

    def due_now(self) -> DueNow:
        """What is due at this moment, by the database's clock."""
        with self.unbound(Access.read) as connection:
            return self._kind.due_now(connection)

    def filing_organisations(self) -> list[UUID]:
        """Every organisation with a filing that is not on file yet."""
        with self.unbound(Access.read) as connection:
            return self._kind.filing_organisations(connection)

    def notice_organisations(self, now: datetime) -> list[UUID]:
        """Every organisation with notices to make messages of, or messages to send by `now`; sandboxes have none."""
        with self.unbound(Access.read) as connection:
            return self._kind.notice_organisations(connection, now)

    def organisations(self) -> list[UUID]:
        """Every organisation."""
        with self.unbound(Access.read) as connection:
            return self._kind.organisations(connection)

    def waits(self) -> Waits:
        """What waits in all organisations together."""
        with self.unbound(Access.read) as connection:
            return self._kind.waits(connection)

    def open_states(self) -> set[tuple[str, str]]:
        """Of all organisations together, the workflows and states in which matters are open."""
        with self.unbound(Access.read) as connection:
            return self._kind.open_states(connection)

    def places_to_sign_in(self) -> list[SignInPlace]:
        """Every organisation with its name, oldest first."""
        with self.unbound(Access.read) as connection:
            return self._kind.places_to_sign_in(connection)

    def moment(self, connection: Connection) -> datetime:
        """The database's clock within a transaction, in whole seconds: what tokens expire by."""
        return self._kind.clock(connection).replace(microsecond=0)

    def now(self) -> datetime:
        """The database's clock, in whole seconds. In a sandbox an organisation's own counts instead."""
        return self.clock().replace(microsecond=0)

    def clock(self) -> datetime:
        """The database's clock, with its fractions of a second."""
        with self.unbound(Access.read) as connection:
            return self._kind.clock(connection)

    @contextmanager
    def unbound(self, access: Access) -> Iterator[Connection]:
        """A transaction of no organisation: it sees no tenant's rows."""
        writer = self._writer if access is Access.write else nullcontext()
        with writer, self._transaction(lambda c: self._kind.begin(c, access)) as (connection, _):
            yield connection

    @contextmanager
    def _transaction(self, begin: Callable[[Connection], _T]) -> Iterator[tuple[Connection, _T]]:
        """Where a pooled connection died since it was used last, nothing was done on it yet, and a new one is taken."""
        try:
            transaction, found = self._begun(begin)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            self.engine.dispose()
            transaction, found = self._begun(begin)
        with transaction.connection as connection, transaction:
            yield connection, found

    def _begun(self, begin: Callable[[Connection], _T]) -> tuple[RootTransaction, _T]:
        connection = self.engine.connect()
        try:
            return connection.begin(), begin(connection)
        except BaseException:
            connection.invalidate()
            connection.close()
            raise


def _known(owner: Owner | None) -> Owner:
    if owner is None:
        raise UnknownTokenError("This token is not known here, was revoked or has expired: ask for a new one.")
    return owner
