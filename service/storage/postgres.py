"""PostgreSQL: transactions of one organisation, as a role that owns nothing and that row-level security binds."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import psycopg
from pydantic_core import from_json
from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Engine,
    NullPool,
    String,
    Uuid,
    column,
    create_engine,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError, OperationalError

from service.storage.column_types import Instant
from service.storage.tenancy import Access, DueNow, DueOrganisation, Owner, SignInPlace, Waits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime
    from uuid import UUID

#: The role of every running process, whoever logs in.
APP_ROLE = "supervision_app"
#: A process that vanished with its machine holds what it had claimed until the server notices: within a minute where it
#: answers no more, and within ten where it hangs in the middle of a transaction (an adoption may think for minutes).
_NOTICE_THE_DEAD = (
    "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3 "
    "-c idle_in_transaction_session_timeout=10min"
)
#: Seconds to wait for a server that does not answer.
_CONNECT_WITHIN = 10
#: Connections that one process keeps, and how many more it may open at once; PostgreSQL allows 100 in all by default.
_POOL, _OVERFLOW = 10, 10
MOST_CONNECTIONS = _POOL + _OVERFLOW
#: Text is text, whatever a server's own encoding is: `migrate` refuses another than UTF-8 with a sentence.
_SESSION: dict[str, Any] = {"autocommit": True, "client_encoding": "utf8"}
_BEGIN = {
    Access.read: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    Access.write: "BEGIN ISOLATION LEVEL READ COMMITTED",
}

_DUE_NOW = text(
    """
    WITH now AS MATERIALIZED (SELECT date_trunc('second', clock_timestamp()) AS at)
    SELECT now.at, due.organisation_id, due.fires_at FROM now LEFT JOIN LATERAL due_organisations(now.at) AS due ON true
    ORDER BY due.fires_at
    """
).columns(at=Instant, organisation_id=Uuid, fires_at=Instant)


class RawResult(NamedTuple):
    """How many rows a statement touched, and the first that it answered."""

    rowcount: int
    first: tuple[Any, ...] | None


class Postgres:
    """BEGIN goes out in one message with what follows it, which saves every request a round trip."""

    def check(self, url: str) -> None:
        """Nothing: the server says what it does not have."""

    def service_engine(self, url: str) -> Engine:
        """The role is the session's own, so that nothing that a statement does leads back to who logged in.

        Statements are not compiled: who may see what is long to compile, for seconds, and quick to run.
        """
        options = f"-c role={APP_ROLE} -c timezone=UTC -c jit=off {_NOTICE_THE_DEAD}"
        session = {**_SESSION, "options": options, "connect_timeout": _CONNECT_WITHIN}
        return create_engine(
            url, pool_size=_POOL, max_overflow=_OVERFLOW, connect_args=session, json_deserializer=from_json,
            # Every transaction ends before its connection goes back.
            pool_reset_on_return=None, hide_parameters=True,
        )  # fmt: skip

    def owner_engine(self, url: str) -> Engine:
        """As whoever logs in."""
        return create_engine(url, poolclass=NullPool, connect_args=_SESSION, hide_parameters=True)

    def writer(self) -> AbstractContextManager[None]:
        """Nothing: rows are locked one by one."""
        return nullcontext()

    def begin(self, connection: Connection, access: Access) -> None:
        """Begin a transaction of no organisation."""
        _send(connection, f"{_BEGIN[access]}; SELECT set_config('app.organisation', '', true)")

    def begin_for(self, connection: Connection, access: Access, organisation_id: UUID) -> None:
        """Begin a transaction of one organisation."""
        _send(connection, f"{_BEGIN[access]}; SELECT set_config('app.organisation', '{organisation_id.hex}', true)")

    def begin_for_token(self, connection: Connection, access: Access, token_hash: bytes) -> Owner | None:
        """Begin a transaction of the organisation whose token this is."""
        row = _send(
            connection,
            f"{_BEGIN[access]}; SELECT owner.*, set_config('app.organisation', owner.organisation_id::text, true) "  # noqa: S608 - hexadecimal only
            f"FROM token_owner(decode('{token_hash.hex()}', 'hex')) AS owner",
        )
        return row and Owner._make(row[:-1])

    def due_organisations(self, connection: Connection, now: datetime) -> list[DueOrganisation]:
        """By a function that sees across tenants."""
        due = func.due_organisations(literal(now, Instant)).table_valued(
            column("organisation_id", Uuid), column("fires_at", Instant)
        )
        return [DueOrganisation(*row) for row in connection.execute(select(due))]

    def due_now(self, connection: Connection) -> DueNow:
        """In one statement, for every clock asks this each second."""
        rows = connection.execute(_DUE_NOW).all()
        return DueNow(rows[0].at, [DueOrganisation(*row[1:]) for row in rows if row.organisation_id is not None])

    def filing_organisations(self, connection: Connection) -> list[UUID]:
        """By a function that sees across tenants."""
        found = func.filing_organisations().table_valued(column("organisation_id", Uuid))
        return list(connection.execute(select(found)).scalars())

    def notice_organisations(self, connection: Connection, now: datetime) -> list[UUID]:
        """By a function that sees across tenants."""
        found = func.notice_organisations(literal(now, Instant)).table_valued(column("organisation_id", Uuid))
        return list(connection.execute(select(found)).scalars())

    def organisations(self, connection: Connection) -> list[UUID]:
        """By a function that sees across tenants."""
        found = func.organisation_ids().table_valued(column("organisation_id", Uuid))
        return list(connection.execute(select(found)).scalars())

    def waits(self, connection: Connection) -> Waits:
        """By a function that sees across tenants."""
        columns = (column("oldest_notice", Instant), column("open_incidents", BigInteger))
        oldest, incidents = connection.execute(select(func.what_waits().table_valued(*columns))).one()
        return Waits(oldest, incidents or 0)

    def open_states(self, connection: Connection) -> set[tuple[str, str]]:
        """By a function that sees across tenants."""
        found = func.open_states().table_valued(column("workflow", String), column("state", String))
        return {(row.workflow, row.state) for row in connection.execute(select(found))}

    def places_to_sign_in(self, connection: Connection) -> list[SignInPlace]:
        """By a function that sees across tenants."""
        columns = (column("organisation_id", Uuid), column("name", String), column("has_provider", Boolean))
        found = func.places_to_sign_in().table_valued(*columns)
        return [SignInPlace(*row) for row in connection.execute(select(found))]

    def clock(self, connection: Connection) -> datetime:
        """The moment at which the server answers."""
        return connection.execute(select(func.clock_timestamp(type_=Instant))).scalar_one()


def _send(connection: Connection, message: str) -> Any:  # noqa: ANN401 - a row as the driver gives it
    """Send several statements at once, past SQLAlchemy, which reads the answer to the first only."""
    raw = connection.connection
    cursor = raw.cursor()
    try:
        cursor.execute(message)
        cursor.set_result(-1)
        return cursor.fetchone()
    except connection.dialect.loaded_dbapi.Error as error:
        lost = connection.dialect.is_disconnect(error, raw, cursor)
        raise OperationalError("BEGIN", None, error, connection_invalidated=lost) from error
    finally:
        cursor.close()


def execute_raw(connection: Connection, statement: bytes, values: Sequence[Any]) -> RawResult:
    """Execute a statement with $1, $2 … as the server takes it, without anybody reading it again on the way.

    Worth it for long statements alone: reading one of two hundred values costs as much as all the rest of a move.
    """
    with _executed(connection, statement, values) as cursor:
        # Asking for the description would make one of every column.
        has_rows = cursor.rownumber is not None
        return RawResult(cursor.rowcount, cursor.fetchone() if has_rows else None)


def fetch_raw(connection: Connection, statement: bytes, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement with $1, $2 …, in the types that the driver gives."""
    with _executed(connection, statement, values) as cursor:
        return cursor.fetchall()


@contextmanager
def _executed(connection: Connection, statement: bytes, values: Sequence[Any]) -> Iterator[psycopg.RawCursor[Any]]:
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    with psycopg.RawCursor(driver) as cursor:
        try:
            cursor.execute(statement, values)
        except psycopg.Error as error:
            dialect = connection.dialect
            lost = dialect.is_disconnect(cast("Any", error), connection.connection, cast("Any", cursor))
            raise DBAPIError.instance(
                statement.decode(), None, error, psycopg.Error, hide_parameters=True, connection_invalidated=lost,
                dialect=dialect,
            ) from error  # fmt: skip
        yield cursor
