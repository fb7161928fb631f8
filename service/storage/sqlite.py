"""SQLite, the trial's engine: one writer at a time, and no tenants but those that every query names."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json
from sqlalchemy import (
    Connection,
    Engine,
    bindparam,
    create_engine,
    event,
    exists,
    func,
    literal,
    make_url,
    or_,
    select,
    text,
)
from sqlalchemy.exc import OperationalError

from service.storage.column_types import Instant
from service.storage.council_tables import organisations, tokens
from service.storage.matter_tables import OPEN_FILINGS, deadlines, incidents, matters, outbox
from service.storage.notice_tables import messages
from service.storage.sign_in_tables import sign_in_providers
from service.storage.sqlite_values import to_text
from service.storage.tenancy import Access, DueNow, DueOrganisation, Owner, SignInPlace, Waits

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from uuid import UUID

#: Statements that a connection keeps prepared: a year of a council takes some 300 different ones.
_PREPARED = 512
#: How long to wait for the one writer, in seconds.
_PATIENCE = 10.0
#: How long a migration may take that another process has begun, in seconds.
_A_MIGRATION = 120.0
_BEGIN = {
    Access.read: ("PRAGMA query_only=ON", "BEGIN"),
    Access.write: ("PRAGMA query_only=OFF", "BEGIN IMMEDIATE"),
}


class Sqlite:
    """A write takes the writer's place when it begins, so that it never loses it half-way."""

    def check(self, url: str) -> None:
        """Raises ValueError where there is no file."""
        _file(url)

    def service_engine(self, url: str) -> Engine:
        """The engine of a file, whose folder is made. Raises ValueError where there is no file."""
        return _engine(url, _PATIENCE)

    def owner_engine(self, url: str) -> Engine:
        """The same, for SQLite knows no owners; it waits for as long as another one's migration may take."""
        return _engine(url, _A_MIGRATION)

    def writer(self) -> AbstractContextManager[None]:
        """A place for one: SQLite itself looks only now and then whether its writer is done."""
        return _OneWriter()

    def begin(self, connection: Connection, access: Access) -> None:
        """Begin a transaction."""
        for statement in _BEGIN[access]:
            connection.exec_driver_sql(statement)

    def begin_for(self, connection: Connection, access: Access, _organisation_id: UUID) -> None:
        """Begin a transaction; its queries name the organisation themselves."""
        self.begin(connection, access)

    def begin_for_token(self, connection: Connection, access: Access, token_hash: bytes) -> Owner | None:
        """Begin a transaction, and look the token up in it."""
        self.begin(connection, access)
        clock = self.clock(connection).replace(microsecond=0)
        row = connection.execute(_OWNER, {"hash": token_hash, "clock": clock}).one_or_none()
        return row and Owner._make((*row[:-1], row.sandbox_now or clock))

    def due_organisations(self, connection: Connection, now: datetime) -> list[DueOrganisation]:
        """By reading every organisation's."""
        first = func.min(deadlines.c.fires_at)
        by = func.coalesce(organisations.c.sandbox_now, literal(now, Instant))
        due = (
            select(organisations.c.id, first)
            .join(deadlines, deadlines.c.organisation_id == organisations.c.id)
            .where(deadlines.c.fires_at <= by)
            .group_by(organisations.c.id)
            .order_by(first)
        )
        return [DueOrganisation(*row) for row in connection.execute(due)]

    def due_now(self, connection: Connection) -> DueNow:
        """By the machine's clock."""
        at = self.clock(connection).replace(microsecond=0)
        return DueNow(at, self.due_organisations(connection, at))

    def filing_organisations(self, connection: Connection) -> list[UUID]:
        """By reading every organisation's."""
        waiting = exists().where(matters.c.organisation_id == organisations.c.id, text(OPEN_FILINGS))
        return list(
            connection.execute(select(organisations.c.id).where(waiting).order_by(organisations.c.id)).scalars()
        )

    def notice_organisations(self, connection: Connection, now: datetime) -> list[UUID]:
        """By reading every organisation's."""
        unsent = exists().where(outbox.c.organisation_id == organisations.c.id, outbox.c.status == "waiting")
        leaving = exists().where(
            messages.c.organisation_id == organisations.c.id,
            messages.c.status == "waiting",
            messages.c.next_at <= literal(now, Instant),
        )
        query = select(organisations.c.id).where(organisations.c.sandbox_now.is_(None), or_(unsent, leaving))
        return list(connection.execute(query.order_by(organisations.c.id)).scalars())

    def organisations(self, connection: Connection) -> list[UUID]:
        """By reading every organisation's."""
        return list(connection.execute(select(organisations.c.id)).scalars())

    def waits(self, connection: Connection) -> Waits:
        """By reading every organisation's."""
        oldest = select(func.min(outbox.c.at)).where(outbox.c.status == "waiting")
        open_ones = select(func.count()).select_from(incidents).where(incidents.c.closed_at.is_(None))
        return Waits(connection.execute(oldest).scalar_one(), connection.execute(open_ones).scalar_one())

    def open_states(self, connection: Connection) -> set[tuple[str, str]]:
        """By reading every organisation's."""
        query = select(matters.c.workflow, matters.c.state).where(matters.c.closed_at.is_(None)).distinct()
        return {(row.workflow, row.state) for row in connection.execute(query)}

    def places_to_sign_in(self, connection: Connection) -> list[SignInPlace]:
        """By reading every organisation's."""
        has_provider = exists().where(sign_in_providers.c.organisation_id == organisations.c.id)
        query = select(organisations.c.id, organisations.c.name, has_provider).order_by(organisations.c.id)
        return [SignInPlace(*row) for row in connection.execute(query)]

    def clock(self, _connection: Connection) -> datetime:
        """The machine's clock, for the database runs inside the process."""
        return datetime.now(UTC)


def _file(url: str) -> str:
    file = make_url(url).database
    if not file or file == ":memory:":
        raise ValueError(
            "Threads share no memory, so SQLite needs a file here: name one, such as sqlite:///var/supervision.sqlite3."
        )
    return file


def _engine(url: str, patience: float) -> Engine:
    Path(_file(url)).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    session = {"isolation_level": None, "timeout": patience, "cached_statements": _PREPARED}
    engine = create_engine(
        url, connect_args=session, json_serializer=to_text, json_deserializer=from_json, hide_parameters=True
    )
    event.listen(engine, "connect", _set_up)
    return engine


class _OneWriter:
    """A lock that gives up, so that a write inside a write is an error and not a standstill."""

    def __init__(self) -> None:
        self._lock = Lock()

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=_PATIENCE):
            raise OperationalError(
                "BEGIN IMMEDIATE", None, TimeoutError("another thread has been writing for too long")
            )

    def __exit__(self, *_: object) -> None:
        self._lock.release()


_OWNER = (
    select(
        tokens.c.organisation_id,
        tokens.c.id,
        tokens.c.person,
        tokens.c.scopes,
        organisations.c.policy_id,
        organisations.c.live_from,
        organisations.c.directory_version,
        organisations.c.calendar_version,
        organisations.c.wrapped_key,
        organisations.c.sandbox_now,
    )
    .join(organisations, organisations.c.id == tokens.c.organisation_id)
    .where(
        tokens.c.hash == bindparam("hash", type_=tokens.c.hash.type),
        tokens.c.revoked_at.is_(None),
        or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > bindparam("clock", type_=Instant)),
    )
)


def _set_up(connection: Any, _record: object) -> None:  # noqa: ANN401 - SQLAlchemy leaves the driver untyped
    # The journal's mode stays with the file; to set it while somebody writes fails at once, however patient one is.
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=WAL")
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
