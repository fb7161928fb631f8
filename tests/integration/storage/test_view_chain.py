"""Each day of openings is chained to the one before and signed: what is taken out, added or changed later is found."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert, text

from service.storage.connection import Database, owner_transaction
from service.storage.faults import Report
from service.storage.view_chain import chain_views, check_views
from service.storage.view_tables import content_views
from tests.integration.storage.written import MONDAY, SIGNING_KEY, write_matter, write_organisation

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)


def look(database: Database, organisation_id: UUID, *at: datetime) -> None:
    with database.write(organisation_id) as connection:
        matter = write_matter(connection, organisation_id)
        for instant in at:
            row = {
                "organisation_id": organisation_id, "id": uuid4(), "matter_id": matter.id, "viewer": "lm",
                "at": instant, "what": "matter", "standing": "line_above", "purpose": None, "disclosure_id": None,
            }  # fmt: skip
            connection.execute(insert(content_views).values(row))


def chain(database: Database, organisation_id: UUID, now: datetime) -> int:
    with database.write(organisation_id) as connection:
        return chain_views(connection, organisation_id, now, SIGNING_KEY)


def faults(database: Database, organisation_id: UUID, key: Ed25519PublicKey | None = None) -> list[str]:
    report = Report()
    with database.read(organisation_id) as connection:
        check_views(connection, organisation_id, key or SIGNING_KEY.public_key(), report)
    return [fault.what for fault in report.faults]


@pytest.fixture
def looked_at(database: Database) -> UUID:
    """Somebody looked twice on a Monday and once on the Tuesday, and both days are chained."""
    organisation_id = write_organisation(database)
    look(database, organisation_id, MONDAY, MONDAY + timedelta(hours=1), TUESDAY)
    assert chain(database, organisation_id, WEDNESDAY) == 2
    return organisation_id


def test_days_that_are_over_are_chained_once(database: Database, looked_at: UUID) -> None:
    assert chain(database, looked_at, WEDNESDAY) == 0
    assert faults(database, looked_at) == []


def test_a_day_is_chained_when_it_is_over_for_an_hour_by_the_clock_in_london(database: Database) -> None:
    organisation_id = write_organisation(database)
    look(database, organisation_id, MONDAY)
    midnight = MONDAY.replace(hour=0) + timedelta(days=1)

    assert chain(database, organisation_id, midnight + timedelta(minutes=59)) == 0
    assert chain(database, organisation_id, midnight + timedelta(hours=1)) == 1


def test_a_day_without_openings_breaks_no_chain(database: Database, looked_at: UUID) -> None:
    look(database, looked_at, MONDAY + timedelta(days=7))

    assert chain(database, looked_at, MONDAY + timedelta(days=8)) == 1
    assert faults(database, looked_at) == []


def test_an_opening_that_is_written_into_a_chained_time_is_found(database: Database, looked_at: UUID) -> None:
    look(database, looked_at, MONDAY, MONDAY - timedelta(days=1))

    assert faults(database, looked_at) == [
        "2 openings of 2025-03-03 were chained, and 3 are there",
        "openings of 2025-03-02 are in no chain",
    ]


def test_another_key_has_signed_nothing(database: Database, looked_at: UUID) -> None:
    stranger = Ed25519PrivateKey.generate().public_key()

    assert len(faults(database, looked_at, stranger)) == 2


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE content_views SET viewer = 'somebody' WHERE viewer = 'lm'", "are not what was chained"),
        ("DELETE FROM content_views WHERE at < '2025-03-04'", "2 openings of 2025-03-03 were chained, and 0 are there"),
        ("DELETE FROM view_days WHERE day = '2025-03-03'", "do not follow those of the day before"),
        ("UPDATE view_days SET signature = decode('00', 'hex')", "are not signed with this key"),
    ],
)
def test_not_even_the_owner_of_the_tables_changes_it_unseen(postgres: Database, change: str, fault: str) -> None:
    organisation_id = write_organisation(postgres)
    look(postgres, organisation_id, MONDAY, MONDAY + timedelta(hours=1), TUESDAY)
    chain(postgres, organisation_id, WEDNESDAY)

    with owner_transaction(postgres.engine.url.render_as_string(hide_password=False)) as owner:
        owner.execute(text(change))

    assert any(fault in what for what in faults(postgres, organisation_id))
