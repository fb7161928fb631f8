"""Checkpoints cover what changed, follow each other, are signed, and can be kept elsewhere."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import insert, text, update

from service.storage.checkpoints import HEADS, Checkpoint, export_checkpoints, make_checkpoint, stored_checkpoints
from service.storage.history import BEGINNING
from service.storage.matter_tables import matters
from tests.integration.storage.written import MONDAY, SIGNING_KEY, matter_row, write_matter, write_organisation

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from service.storage.connection import Database

TUESDAY = MONDAY + timedelta(days=1)
SOMEBODY_WAITS = text(
    "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN "
    "(SELECT pid FROM pg_stat_activity WHERE datname = current_database())"
)


def checkpoint(database: Database, organisation_id: UUID, at: datetime = MONDAY) -> Checkpoint | None:
    with database.write(organisation_id) as connection:
        return make_checkpoint(connection, organisation_id, at, SIGNING_KEY)


def test_the_first_checkpoint_covers_every_head(database: Database) -> None:
    organisation_id = write_organisation(database)
    with database.write(organisation_id) as connection:
        written = [write_matter(connection, organisation_id) for _ in range(3)]

    made = checkpoint(database, organisation_id)

    assert made is not None
    assert (made.number, made.previous) == (1, BEGINNING)
    assert made.heads.keys() == {str(matter.id) for matter in written}
    assert {said["version"] for said in made.heads.values()} == {3}


def test_the_next_covers_what_changed_since_and_follows_the_one_before(database: Database) -> None:
    organisation_id = write_organisation(database)
    with database.write(organisation_id) as connection:
        changed, _ = (write_matter(connection, organisation_id) for _ in range(2))
    first = checkpoint(database, organisation_id)
    with database.write(organisation_id) as connection:
        connection.execute(update(matters).where(matters.c.id == changed.id).values(version=4, head=b"\x0a" * 32))
        opened = write_matter(connection, organisation_id)

    second = checkpoint(database, organisation_id, TUESDAY)

    assert first is not None
    assert second is not None
    assert (second.number, second.previous, second.at) == (2, first.hash, TUESDAY)
    assert second.heads.keys() == {str(changed.id), str(opened.id)}
    assert second.heads[str(changed.id)] == {"version": 4, "hash": "0a" * 32}


def test_where_nothing_changed_there_is_nothing_to_state(database: Database) -> None:
    organisation_id = write_organisation(database)
    with database.write(organisation_id) as connection:
        write_matter(connection, organisation_id)

    assert checkpoint(database, organisation_id) is not None
    assert checkpoint(database, organisation_id, TUESDAY) is None


def test_one_that_is_made_meanwhile_waits_and_finds_nothing_left_to_state(postgres: Database) -> None:
    organisation_id = write_organisation(postgres)
    with postgres.write(organisation_id) as connection:
        write_matter(connection, organisation_id)
    second: list[Checkpoint | None] = []
    thread = threading.Thread(target=lambda: second.append(checkpoint(postgres, organisation_id)))

    with postgres.write(organisation_id) as connection:
        make_checkpoint(connection, organisation_id, MONDAY, SIGNING_KEY)
        thread.start()
        while thread.is_alive() and not connection.execute(SOMEBODY_WAITS).scalar_one():
            pass
    thread.join()

    assert second == [None]


def test_organisations_have_chains_of_their_own(database: Database) -> None:
    for _ in range(2):
        organisation_id = write_organisation(database)
        with database.write(organisation_id) as connection:
            matter = write_matter(connection, organisation_id)

        made = checkpoint(database, organisation_id)

        assert made is not None
        assert (made.number, set(made.heads)) == (1, {str(matter.id)})


def test_the_signature_is_of_the_key(database: Database) -> None:
    organisation_id = write_organisation(database)
    with database.write(organisation_id) as connection:
        write_matter(connection, organisation_id)

    made = checkpoint(database, organisation_id)

    assert made is not None
    assert made.computed_hash() == made.hash
    SIGNING_KEY.public_key().verify(made.signature, made.hash)


def test_a_checkpoint_is_bounded_and_the_next_takes_the_rest(sqlite: Database) -> None:
    organisation_id = write_organisation(sqlite)
    with sqlite.write(organisation_id) as connection:
        connection.execute(insert(matters), [matter_row(organisation_id, uuid4()) for _ in range(HEADS + 1)])

    made = [checkpoint(sqlite, organisation_id) for _ in range(3)]

    assert [m and len(m.heads) for m in made] == [HEADS, 1, None]


def test_exported_checkpoints_are_json_and_say_what_is_stored(database: Database) -> None:
    organisation_id = write_organisation(database)
    for at in (MONDAY, TUESDAY):
        with database.write(organisation_id) as connection:
            write_matter(connection, organisation_id)
        checkpoint(database, organisation_id, at)

    with database.read(organisation_id) as connection:
        exported = json.loads(json.dumps(list(export_checkpoints(connection, organisation_id))))
        stored = list(stored_checkpoints(connection, organisation_id))

    assert [Checkpoint.imported(entry) for entry in exported] == stored
    assert [entry["number"] for entry in exported] == [1, 2]


def test_an_export_goes_on_where_the_last_one_ended(database: Database) -> None:
    organisation_id = write_organisation(database)
    for at in (MONDAY, TUESDAY):
        with database.write(organisation_id) as connection:
            write_matter(connection, organisation_id)
        checkpoint(database, organisation_id, at)

    with database.read(organisation_id) as connection:
        assert [entry["number"] for entry in export_checkpoints(connection, organisation_id, after=1)] == [2]
