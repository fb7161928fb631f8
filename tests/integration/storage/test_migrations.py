"""The migrations make what the tables say, all or nothing, and a database stays what it was made as."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from pydantic import SecretStr
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from service.settings import Settings
from service.storage.all_tables import metadata
from service.storage.checkpoints import make_checkpoint
from service.storage.connection import make_engine, owner_transaction
from service.storage.migrate import EncodingError, migrate
from service.storage.revisions import SCRIPTS, is_current, newest
from service.storage.sandbox_mark import WrongDatabaseError, check_sandbox
from tests.fixtures.postgres import fresh_database
from tests.integration.storage.written import MONDAY, SECRET, SIGNING_KEY, write_matter, write_organisation

if TYPE_CHECKING:
    from sqlalchemy import URL

    from service.storage.connection import Database


def test_the_migrated_database_is_what_the_tables_say(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})

        assert compare_metadata(context, metadata) == []


def test_the_index_that_the_clock_reads_holds_pending_deadlines_alone(database: Database) -> None:
    indexes = {index["name"]: index for index in inspect(database.engine).get_indexes("deadlines")}

    options = indexes["ix_deadlines_pending"]["dialect_options"]
    assert "fires_at IS NOT NULL" in str(options[f"{database.engine.dialect.name}_where"])


def test_the_newest_revision_is_the_one_that_the_migrations_lead_to() -> None:
    assert ScriptDirectory(str(SCRIPTS)).get_heads() == [newest()]


def test_a_database_is_current_once_it_is_migrated(database: Database) -> None:
    assert is_current(database.engine)


def test_a_database_of_an_older_version_is_not_current(database: Database) -> None:
    with owner_transaction(database.engine.url.render_as_string(hide_password=False)) as owner:
        owner.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    assert not is_current(database.engine)


def test_migrating_again_changes_nothing(settings: Settings, database: Database) -> None:
    organisation_id = write_organisation(database)

    migrate(settings)

    with database.read(organisation_id) as connection:
        assert connection.execute(text("SELECT name FROM organisations")).scalars().all() == [
            "Invented Borough Council"
        ]


def test_two_that_migrate_at_once_do_so_one_after_the_other(settings: Settings) -> None:
    failures: list[Exception] = []

    def run() -> None:
        try:
            migrate(settings)
        except Exception as failure:  # noqa: BLE001 - handed to the test
            failures.append(failure)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    engine = make_engine(settings.database_url)
    assert is_current(engine)
    engine.dispose()


def test_a_database_that_cannot_keep_every_name_is_not_migrated(postgres_server: URL) -> None:
    form = "TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'"
    refused = pytest.raises(EncodingError, match=r"encoded in SQL_ASCII.*ENCODING 'UTF8';")
    with fresh_database(postgres_server, form) as url, refused:
        migrate(Settings(database_url=url, secret_key=SecretStr(SECRET)))


def test_a_database_keeps_the_mark_it_was_made_with(settings: Settings, database: Database) -> None:
    check_sandbox(database.engine, sandbox=settings.sandbox)

    with pytest.raises(WrongDatabaseError, match=r"made as no sandbox, but SUPERVISION_SANDBOX is 1\. Set"):
        check_sandbox(database.engine, sandbox=True)


def test_a_sandbox_does_not_start_as_anything_else(settings: Settings) -> None:
    migrate(settings.model_copy(update={"sandbox": True}))
    engine = make_engine(settings.database_url)

    check_sandbox(engine, sandbox=True)
    with pytest.raises(WrongDatabaseError, match=r"made as a sandbox, but SUPERVISION_SANDBOX is 0"):
        check_sandbox(engine, sandbox=False)
    engine.dispose()


def test_migrating_under_the_other_mark_is_refused(settings: Settings, database: Database) -> None:
    with pytest.raises(WrongDatabaseError):
        migrate(settings.model_copy(update={"sandbox": True}))

    check_sandbox(database.engine, sandbox=settings.sandbox)


@pytest.mark.parametrize("table", ["steps", "checkpoints"])
@pytest.mark.parametrize("change", ["UPDATE {} SET hash = 'x'", "DELETE FROM {}"])
def test_sqlite_refuses_to_change_history(sqlite: Database, change: str, table: str) -> None:
    organisation_id = write_organisation(sqlite)
    with sqlite.write(organisation_id) as connection:
        write_matter(connection, organisation_id)
        make_checkpoint(connection, organisation_id, MONDAY, SIGNING_KEY)

    with pytest.raises(IntegrityError, match="never changed"), sqlite.write(organisation_id) as connection:
        connection.execute(text(change.format(table)))
