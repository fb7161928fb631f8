"""Transactions begin, commit and belong to somebody in one place, on both engines alike."""

from __future__ import annotations

import threading
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast
from uuid import UUID, uuid4

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError

from service.storage.connection import Database, UnknownTokenError, make_engine, owner_transaction
from service.storage.council_tables import organisations
from service.storage.matter_tables import deadlines, matters
from tests.integration.storage.written import (
    MONDAY,
    deadline_row,
    matter_row,
    organisation_row,
    write_organisation,
    write_token,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg
    from sqlalchemy import Connection

TOKEN = bytes(range(32))


class StoppedHalfwayError(Exception):
    """What a test raises in the middle of a transaction."""


def names(connection: Connection) -> list[str]:
    return list(connection.execute(select(organisations.c.name)).scalars())


def insert_and_stop(connection: Connection, organisation_id: UUID) -> None:
    connection.execute(insert(organisations).values(organisation_row(organisation_id)))
    raise StoppedHalfwayError


def stop(_connection: Connection) -> None:
    raise StoppedHalfwayError


def fail(connection: Connection) -> None:
    connection.execute(text("SELECT 1 / 0"))


def test_what_a_block_wrote_is_there_when_it_ends(database: Database) -> None:
    organisation_id = write_organisation(database)

    with database.read(organisation_id) as connection:
        assert names(connection) == ["Invented Borough Council"]


def test_what_a_block_wrote_is_gone_when_it_raises(database: Database) -> None:
    organisation_id = uuid4()

    with pytest.raises(StoppedHalfwayError), database.write(organisation_id) as connection:
        insert_and_stop(connection, organisation_id)

    with database.read(organisation_id) as connection:
        assert names(connection) == []


@pytest.mark.parametrize("end", [names, stop, fail])
def test_a_connection_goes_back_without_a_transaction_however_its_block_ended(
    postgres: Database, end: Callable[[Connection], object]
) -> None:
    with suppress(StoppedHalfwayError, DBAPIError), postgres.write(uuid4()) as connection:
        end(connection)

    with closing(postgres.engine.raw_connection()) as pooled:
        assert cast("psycopg.Connection", pooled.driver_connection).info.transaction_status is TransactionStatus.IDLE


def test_a_reading_transaction_cannot_write(database: Database) -> None:
    organisation_id = write_organisation(database)

    with pytest.raises(DBAPIError, match=r"read.?only"), database.read(organisation_id) as connection:
        connection.execute(update(organisations).values(name="Another"))


def test_a_connection_that_read_can_write_afterwards(database: Database) -> None:
    organisation_id = write_organisation(database)
    with database.read(organisation_id) as connection:
        names(connection)

    with database.write(organisation_id) as connection:
        connection.execute(update(organisations).values(name="Another"))

    with database.read(organisation_id) as connection:
        assert names(connection) == ["Another"]


def test_a_reading_transaction_sees_one_moment(database: Database) -> None:
    organisation_id = write_organisation(database)

    with database.read(organisation_id) as reading:
        before = names(reading)
        with database.write(organisation_id) as writing:
            writing.execute(update(organisations).values(name="Another"))
        assert names(reading) == before


def test_a_transaction_after_another_organisations_belongs_to_its_own(postgres: Database) -> None:
    first, second = write_organisation(postgres), write_organisation(postgres)

    for organisation_id in (first, second, first):
        with postgres.read(organisation_id) as connection:
            assert list(connection.execute(select(organisations.c.id)).scalars()) == [organisation_id]


def test_a_token_tells_whose_it_is_and_what_a_request_needs(database: Database) -> None:
    organisation_id = write_organisation(database)
    with database.write(organisation_id) as connection:
        write_token(connection, organisation_id, TOKEN, scopes=["read", "write"])
        kept = connection.execute(select(organisations.c.wrapped_key)).scalar_one()

    with database.read_for_token(TOKEN) as (connection, owner):
        assert names(connection) == ["Invented Borough Council"]
        assert (owner.organisation_id, owner.person, owner.scopes) == (organisation_id, "p1", ["read", "write"])
        assert (owner.policy_id, owner.live_from, owner.wrapped_key) == ("invented", MONDAY.date(), kept)
        assert (owner.directory_version, owner.calendar_version) == (1, 1)
        assert isinstance(owner.token_id, UUID)
    assert abs(owner.now - datetime.now(UTC)) < timedelta(minutes=1)
    assert (owner.now.microsecond, owner.now.utcoffset()) == (0, timedelta(0))


def test_a_token_opens_a_writing_transaction(database: Database) -> None:
    organisation_id = write_organisation(database)
    with database.write(organisation_id) as connection:
        write_token(connection, organisation_id, TOKEN)

    with database.write_for_token(TOKEN) as (connection, _):
        connection.execute(update(organisations).values(name="Another"))

    with database.read(organisation_id) as connection:
        assert names(connection) == ["Another"]


def test_in_a_sandbox_an_owners_instant_is_the_organisations_own(database: Database) -> None:
    organisation_id = write_organisation(database, sandbox_now=MONDAY)
    with database.write(organisation_id) as connection:
        write_token(connection, organisation_id, TOKEN)

    with database.read_for_token(TOKEN) as (_, owner):
        assert owner.now == MONDAY


@pytest.mark.parametrize("ended", ["revoked_at", "expires_at"])
def test_a_token_that_was_revoked_or_has_expired_is_nobodys(database: Database, ended: str) -> None:
    organisation_id = write_organisation(database)
    with database.write(organisation_id) as connection:
        write_token(connection, organisation_id, TOKEN, **{ended: MONDAY})

    with pytest.raises(UnknownTokenError, match="ask for a new one"), database.read_for_token(TOKEN):
        pass


def test_a_token_that_expires_later_is_still_good(database: Database) -> None:
    organisation_id = write_organisation(database)
    with database.write(organisation_id) as connection:
        write_token(connection, organisation_id, TOKEN, expires_at=datetime.now(UTC) + timedelta(days=1))

    with database.read_for_token(TOKEN) as (_, owner):
        assert owner.organisation_id == organisation_id


def test_an_unknown_token_opens_nothing(database: Database) -> None:
    with pytest.raises(UnknownTokenError), database.write_for_token(TOKEN):
        pass


def write_deadline(database: Database, organisation_id: UUID, fires: datetime | None) -> None:
    matter_id = uuid4()
    with database.write(organisation_id) as connection:
        connection.execute(insert(matters).values(matter_row(organisation_id, matter_id)))
        connection.execute(insert(deadlines).values(deadline_row(organisation_id, matter_id, fires_at=fires)))


def test_the_clock_learns_which_organisations_have_work_the_longest_due_first(database: Database) -> None:
    late, later, nothing_yet, paused = (write_organisation(database) for _ in range(4))
    hour = timedelta(hours=1)
    for organisation_id, fires in (
        (late, MONDAY - hour),
        (late, MONDAY - 3 * hour),
        (later, MONDAY),
        (nothing_yet, MONDAY + hour),
        (paused, None),
    ):
        write_deadline(database, organisation_id, fires)

    assert database.due_organisations(MONDAY) == [(late, MONDAY - 3 * hour), (later, MONDAY)]


def test_what_is_due_now_is_what_is_due_at_the_databases_clock(database: Database) -> None:
    before = database.now()
    assert database.due_now().organisations == []
    soon, late, later = (write_organisation(database) for _ in range(3))
    for organisation_id, fires in (
        (later, before - timedelta(hours=1)),
        (late, before - timedelta(days=1)),
        (soon, before + timedelta(days=1)),
    ):
        write_deadline(database, organisation_id, fires)

    found = database.due_now()

    assert before <= found.at <= database.now()
    assert found.organisations == database.due_organisations(found.at)
    assert [due.organisation_id for due in found.organisations] == [late, later]


def test_in_a_sandbox_only_the_organisations_own_clock_makes_work(database: Database) -> None:
    organisation_id = write_organisation(database, sandbox_now=MONDAY)
    write_deadline(database, organisation_id, MONDAY + timedelta(hours=1))

    assert database.due_organisations(MONDAY + timedelta(days=365)) == []


def test_whoever_starts_learns_in_which_states_matters_are_open_anywhere(database: Database) -> None:
    for states in (("draft", "signed", "draft"), ("draft", "disputed")):
        organisation_id = write_organisation(database)
        with database.write(organisation_id) as connection:
            for state in states:
                row = matter_row(organisation_id, uuid4(), state=state, closed_at=MONDAY if state == "signed" else None)
                connection.execute(insert(matters).values(row))
            connection.execute(
                insert(matters).values(matter_row(organisation_id, uuid4(), workflow="action", state="open"))
            )

    assert database.open_states() == {("action", "open"), ("record", "disputed"), ("record", "draft")}


def test_nobody_has_an_open_matter_where_there_is_no_organisation(database: Database) -> None:
    assert database.open_states() == set()


def test_the_databases_clock_has_whole_seconds(database: Database) -> None:
    now = database.now()

    assert (now.microsecond, now.utcoffset()) == (0, timedelta(0))


def test_a_connection_that_died_in_the_pool_is_replaced_unseen(postgres: Database) -> None:
    organisation_id = write_organisation(postgres)
    with owner_transaction(postgres.engine.url.render_as_string(hide_password=False)) as owner:
        owner.execute(
            text(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )

    with postgres.read(organisation_id) as connection:
        assert names(connection) == ["Invented Borough Council"]


def test_a_database_that_is_away_says_so(postgres: Database) -> None:
    nowhere = postgres.engine.url.set(database="supervision_there_is_no_such_database")
    away = Database(make_engine(nowhere.render_as_string(hide_password=False)))

    with pytest.raises(OperationalError, match="no_such_database"), away.read(uuid4()):
        pass


def test_writers_on_sqlite_take_turns_and_none_is_lost(sqlite: Database) -> None:
    organisation_id = write_organisation(sqlite)

    def count_up() -> None:
        for _ in range(25):
            with sqlite.write(organisation_id) as connection:
                version = connection.execute(select(func.max(organisations.c.directory_version))).scalar_one()
                connection.execute(update(organisations).values(directory_version=version + 1))

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with sqlite.read(organisation_id) as connection:
        assert connection.execute(select(organisations.c.directory_version)).scalar_one() == 101


@pytest.mark.parametrize("url", ["sqlite://", "mysql://127.0.0.1/supervision"])
def test_a_url_that_cannot_hold_a_service_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="sqlite:///"):
        make_engine(url)
