"""On PostgreSQL no query, however wrong, crosses from one organisation to another, and nobody changes history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import func, insert, make_url, select, text
from sqlalchemy.exc import ProgrammingError

from service.settings import Settings
from service.storage.all_tables import TENANT_TABLES
from service.storage.checkpoint_tables import checkpoints
from service.storage.connection import Database, make_engine, owner_transaction
from service.storage.council_tables import organisations, people
from service.storage.matter_tables import steps
from service.storage.migrate import RoleMissingError, migrate
from tests.fixtures.postgres import another_login
from tests.integration.storage.written import MONDAY, SECRET, organisation_row, write_organisation

if TYPE_CHECKING:
    from sqlalchemy import Column, Connection, Table

PROTECTED = (organisations, *TENANT_TABLES)
ROLE_UNLESS_THERE = """
    DO $$ BEGIN CREATE ROLE supervision_app NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$
"""
_SAMPLES: dict[str, Any] = {
    "big_integer": 1, "boolean": False, "date": MONDAY.date(), "integer": 1, "JSON": {}, "large_binary": b"x",
    "string": "x", "text": "x", "type_decorator": MONDAY, "uuid": UUID(int=7),
}  # fmt: skip


def sample(column: Column[Any]) -> object:
    """A value that fits; every id is the same, so that rows refer to each other."""
    return _SAMPLES[column.type.__visit_name__]


def write_one_row_everywhere(database: Database, organisation_id: UUID) -> None:
    """A row of the organisation in every table that has tenants."""
    with database.write(organisation_id) as connection:
        connection.execute(insert(organisations).values(organisation_row(organisation_id)))
        for table in TENANT_TABLES:
            row = {column.name: sample(column) for column in table.c}
            row |= {"organisation_id": organisation_id}
            if "hash" in table.c:
                row["hash"] = organisation_id.bytes
            connection.execute(insert(table).values(row))


def counts(connection: Connection) -> dict[str, int]:
    return {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in PROTECTED}


def test_an_organisation_sees_its_own_rows_and_no_others(postgres: Database) -> None:
    mine, theirs = uuid4(), uuid4()
    write_one_row_everywhere(postgres, mine)
    write_one_row_everywhere(postgres, theirs)

    with postgres.read(mine) as connection:
        assert counts(connection) == {table.name: 1 for table in PROTECTED}
        assert connection.execute(select(organisations.c.id)).scalars().all() == [mine]
        for table in TENANT_TABLES:
            assert connection.execute(select(table.c.organisation_id)).scalars().all() == [mine]


def test_an_organisation_without_rows_sees_nothing(postgres: Database) -> None:
    write_one_row_everywhere(postgres, uuid4())

    with postgres.read(uuid4()) as connection:
        assert counts(connection) == {table.name: 0 for table in PROTECTED}


def test_whoever_names_no_organisation_sees_nothing(postgres: Database) -> None:
    write_one_row_everywhere(postgres, uuid4())

    with postgres.engine.connect() as connection:
        assert counts(connection) == {table.name: 0 for table in PROTECTED}


def test_after_a_transaction_its_connection_belongs_to_nobody(postgres: Database) -> None:
    organisation_id = uuid4()
    write_one_row_everywhere(postgres, organisation_id)
    with postgres.engine.connect() as connection:
        backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with postgres.read(organisation_id) as connection:
        assert connection.execute(text("SELECT pg_backend_pid()")).scalar_one() == backend

    with postgres.engine.connect() as connection:
        assert connection.execute(text("SELECT pg_backend_pid()")).scalar_one() == backend
        assert counts(connection) == {table.name: 0 for table in PROTECTED}


def test_nobody_writes_a_row_for_another_organisation(postgres: Database) -> None:
    mine, theirs = write_organisation(postgres), write_organisation(postgres)
    person = {c.name: sample(c) for c in people.c} | {"organisation_id": theirs}

    with pytest.raises(ProgrammingError, match="row-level security"), postgres.write(mine) as connection:
        connection.execute(insert(people).values(person))


def test_an_update_and_a_delete_reach_own_rows_alone(postgres: Database) -> None:
    mine, theirs = uuid4(), uuid4()
    write_one_row_everywhere(postgres, mine)
    write_one_row_everywhere(postgres, theirs)

    with postgres.write(mine) as connection:
        assert connection.execute(text("UPDATE people SET name = 'y'")).rowcount == 1
        assert connection.execute(text("DELETE FROM people")).rowcount == 1

    with postgres.read(theirs) as connection:
        assert connection.execute(select(people.c.name)).scalars().all() == ["x"]


@pytest.mark.parametrize("table", [steps, checkpoints], ids=lambda t: t.name)
@pytest.mark.parametrize("change", ["UPDATE {} SET hash = ''", "DELETE FROM {}", "TRUNCATE {}", "DROP TABLE {}"])
def test_nobody_changes_history(postgres: Database, table: Table, change: str) -> None:
    organisation_id = uuid4()
    write_one_row_everywhere(postgres, organisation_id)

    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        postgres.write(organisation_id) as connection,
    ):
        connection.execute(text(change.format(table.name)))


@pytest.mark.parametrize("escape", ["RESET ROLE", "SET ROLE NONE; SET ROLE supervision_app", "DISCARD ALL"])
def test_the_role_is_the_sessions_own(postgres: Database, escape: str) -> None:
    with postgres.engine.connect() as connection:
        connection.exec_driver_sql(escape)
        assert connection.execute(text("SELECT current_user")).scalar_one() == "supervision_app"


def test_every_table_with_tenants_is_bound(postgres: Database) -> None:
    with owner_transaction(postgres.engine.url.render_as_string(hide_password=False)) as owner:
        bound = owner.execute(
            text(
                "SELECT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid "
                "WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
            )
        )
        assert set(bound.scalars()) == {table.name for table in PROTECTED}


def test_only_the_services_role_may_look_across_tenants(postgres: Database) -> None:
    url = postgres.engine.url.render_as_string(hide_password=False)
    with another_login(url) as another, owner_transaction(url) as owner:
        for function in ("token_owner(bytea)", "due_organisations(timestamptz)"):
            may = text("SELECT has_function_privilege(:who, :function, 'EXECUTE')")
            assert owner.execute(may, {"who": "supervision_app", "function": function}).scalar_one()
            assert not owner.execute(may, {"who": make_url(another).username, "function": function}).scalar_one()


def test_a_login_that_owns_nothing_is_let_in_and_bound(postgres_database: str) -> None:
    mine, theirs = uuid4(), uuid4()
    with another_login(postgres_database) as url:
        migrate(Settings(database_url=url, migrate_database_url=postgres_database, secret_key=SecretStr(SECRET)))
        database = Database(make_engine(url))
        write_one_row_everywhere(database, mine)
        write_one_row_everywhere(database, theirs)

        with database.read(mine) as connection:
            assert connection.execute(text("SELECT session_user")).scalar_one() == make_url(url).username
            assert counts(connection) == {table.name: 1 for table in PROTECTED}
        database.engine.dispose()


def test_an_owner_who_may_make_no_role_is_told_what_to_ask_for_and_then_migrates(postgres_database: str) -> None:
    mine, theirs = uuid4(), uuid4()
    with another_login(postgres_database) as url:
        settings = Settings(database_url=url, secret_key=SecretStr(SECRET))
        prepare(postgres_database, f"GRANT ALL ON SCHEMA public TO {make_url(url).username}")

        with pytest.raises(RoleMissingError, match=r"GRANT supervision_app TO supervision_test_\w+;") as refused:
            migrate(settings)
        prepare(postgres_database, ROLE_UNLESS_THERE)
        prepare(postgres_database, str(refused.value).rsplit("; ", 1)[1])
        migrate(settings)

        database = Database(make_engine(url))
        write_one_row_everywhere(database, mine)
        write_one_row_everywhere(database, theirs)
        with database.read(mine) as connection:
            assert counts(connection) == {table.name: 1 for table in PROTECTED}
        database.engine.dispose()


def prepare(server: str, statement: str) -> None:
    with owner_transaction(server) as administrator:
        administrator.execute(text(statement))
