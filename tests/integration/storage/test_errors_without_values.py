"""What the database says of an error goes to the log, and none of the values that it was about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from service.storage.connection import Database, owner_transaction
from service.storage.council_tables import people
from tests.integration.storage.written import write_organisation

if TYPE_CHECKING:
    from uuid import UUID

WORD = "marmalade"


def person(organisation_id: UUID) -> dict[str, object]:
    """A row that fits, if it is the only one."""
    return {
        "organisation_id": organisation_id, "ref": WORD, "name": WORD, "email": f"{WORD}@council.example",
        "job_role": WORD, "team": WORD, "app_roles": [], "registration": WORD, "setting": WORD, "bounces": False,
    }  # fmt: skip


def test_an_error_of_the_database_names_no_value(database: Database) -> None:
    own = write_organisation(database)
    with database.write(own) as connection:
        connection.execute(insert(people), person(own))

    with pytest.raises(IntegrityError) as failed, database.write(own) as connection:
        connection.execute(insert(people), person(own))

    assert WORD not in str(failed.value)


def test_nor_does_one_of_its_owner(postgres: Database) -> None:
    own = write_organisation(postgres)

    with (
        pytest.raises(IntegrityError) as failed,
        owner_transaction(postgres.engine.url.render_as_string(hide_password=False)) as owner,
    ):
        owner.execute(insert(people), {**person(own), "name": None})

    assert WORD not in str(failed.value).partition("DETAIL")[0]
    assert "[parameters" not in str(failed.value)
