"""Days of openings that are kept elsewhere show when somebody takes them out of the database."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from service.storage.connection import Database, owner_transaction
from service.storage.faults import Report
from service.storage.kept_days import KeptDay, check_kept_days, export_days
from tests.integration.storage.test_view_chain import TUESDAY, WEDNESDAY, chain, faults, look
from tests.integration.storage.written import MONDAY, SIGNING_KEY, write_organisation

if TYPE_CHECKING:
    from collections.abc import Iterable


def kept(database: Database, organisation_id: UUID) -> list[KeptDay]:
    """What is exported of a Monday and a Tuesday, by way of a file."""
    look(database, organisation_id, MONDAY, TUESDAY)
    chain(database, organisation_id, WEDNESDAY)
    with database.read(organisation_id) as connection:
        exported = json.loads(json.dumps(list(export_days(connection, organisation_id))))
    return [KeptDay.imported(entry) for entry in exported]


def found(database: Database, organisation_id: UUID, days: Iterable[KeptDay]) -> list[str]:
    report = Report()
    with database.read(organisation_id) as connection:
        check_kept_days(connection, SIGNING_KEY.public_key(), days, report)
    return [fault.what for fault in report.faults]


def test_what_was_exported_and_is_still_there_is_sound(database: Database) -> None:
    organisation_id = write_organisation(database)

    days = kept(database, organisation_id)

    assert [day.day for day in days] == [MONDAY.date(), TUESDAY.date()]
    assert found(database, organisation_id, days) == []


def test_only_what_is_newer_is_exported_again(database: Database) -> None:
    organisation_id = write_organisation(database)
    kept(database, organisation_id)

    with database.read(organisation_id) as connection:
        newer = list(export_days(connection, organisation_id, after=MONDAY.date()))

    assert [entry["day"] for entry in newer] == [TUESDAY.date().isoformat()]


def test_the_newest_day_that_somebody_takes_away_with_its_openings_is_missed(postgres: Database) -> None:
    organisation_id = write_organisation(postgres)
    days = kept(postgres, organisation_id)

    with owner_transaction(postgres.engine.url.render_as_string(hide_password=False)) as owner:
        owner.execute(text("DELETE FROM view_days WHERE day = '2025-03-04'"))
        owner.execute(text("DELETE FROM content_views WHERE at >= '2025-03-04'"))

    assert faults(postgres, organisation_id) == []
    assert found(postgres, organisation_id, days) == [
        "the openings of 2025-03-04 were exported, and the database has them otherwise or not"
    ]


def test_a_kept_day_that_somebody_else_signed_is_found(database: Database) -> None:
    organisation_id = write_organisation(database)
    [monday, _] = kept(database, organisation_id)

    forged = replace(monday, signature=bytes(64))

    assert found(database, organisation_id, [forged]) == [
        "the openings of 2025-03-03 were exported with a signature that is not of this key"
    ]


def test_another_councils_day_is_exported_with_no_other(database: Database) -> None:
    mine, theirs = write_organisation(database), write_organisation(database)
    kept(database, theirs)
    look(database, mine, MONDAY)
    chain(database, mine, MONDAY + timedelta(days=2))

    with database.read(mine) as connection:
        assert {entry["organisation"] for entry in export_days(connection, mine)} == {str(mine)}


@pytest.mark.parametrize("entry", [{}, [], {"day": "2025-03-03"}, {"day": 1, "organisation": "x"}])
def test_what_is_no_kept_day_is_refused(entry: object) -> None:
    with pytest.raises(ValueError, match="no exported day"):
        KeptDay.imported(entry)  # type: ignore[arg-type]
