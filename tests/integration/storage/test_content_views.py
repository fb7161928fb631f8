"""Who has looked stays written down: each organisation sees its own rows, and nobody changes or removes one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from service.storage.view_tables import content_views
from tests.integration.storage.written import MONDAY, write_matter, write_organisation

if TYPE_CHECKING:
    from service.storage.connection import Database


def looked_at(database: Database) -> UUID:
    """An organisation with a record into which somebody has looked."""
    organisation_id = write_organisation(database)
    with database.write(organisation_id) as connection:
        matter = write_matter(connection, organisation_id)
        row = {
            "organisation_id": organisation_id, "id": uuid4(), "matter_id": matter.id, "viewer": "lm", "at": MONDAY,
            "what": "matter", "standing": "line_above", "purpose": None, "disclosure_id": None,
        }  # fmt: skip
        connection.execute(insert(content_views).values(row))
    return organisation_id


@pytest.mark.clause("DAR-24", "CBC-63")
@pytest.mark.parametrize("change", ["UPDATE content_views SET viewer = 'x'", "DELETE FROM content_views"])
def test_nobody_changes_who_has_looked(database: Database, change: str) -> None:
    organisation_id = looked_at(database)
    with (
        pytest.raises(DBAPIError, match=r"permission denied|never changed"),
        database.write(organisation_id) as connection,
    ):
        connection.execute(text(change))


def test_an_organisation_sees_who_looked_into_its_own_records_alone(postgres: Database) -> None:
    mine, theirs = looked_at(postgres), looked_at(postgres)
    for organisation_id in (mine, theirs):
        with postgres.read(organisation_id) as connection:
            found = connection.execute(select(content_views.c.organisation_id)).scalars().all()
            assert found == [organisation_id]
    with postgres.read(uuid4()) as connection:
        assert connection.execute(select(func.count()).select_from(content_views)).scalar_one() == 0


def test_nobody_writes_a_view_for_another_organisation(postgres: Database) -> None:
    mine, theirs = write_organisation(postgres), write_organisation(postgres)
    with postgres.write(theirs) as connection:
        matter = write_matter(connection, theirs)
    row = {"organisation_id": theirs, "id": uuid4(), "matter_id": matter.id, "viewer": "lm", "at": MONDAY}
    with pytest.raises(ProgrammingError, match="row-level security"), postgres.write(mine) as connection:
        connection.execute(insert(content_views).values(**row, what="matter", standing="named"))
