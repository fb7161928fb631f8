"""On PostgreSQL the database itself keeps the running service to one organisation at a time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from service.storage.all_tables import TENANT_TABLES
from service.storage.council_tables import organisations
from service.storage.matter_tables import matters, steps
from tests.acceptance.beginnings import booked, disputed, sent
from tests.fixtures.served import Sandbox, Story, london, ok
from tests.integration.engine.transactions import rows


@pytest.fixture
def two(busy_sandbox: Sandbox) -> tuple[Story, Story]:
    """Two councils with the same people, each with matters of every kind."""
    here, there = busy_sandbox.story(), busy_sandbox.story()
    for story in (here, there):
        disputed(story)
        story.move("sup", booked(story), "cancel", cause="diary", reason="A hearing.")
    return here, there


def test_a_transaction_of_the_service_sees_one_council_without_asking_for_it(two: tuple[Story, Story]) -> None:
    for story in two:
        with story.door.database.read(UUID(story.organisation)) as connection:
            assert connection.execute(select(organisations.c.id)).scalars().all() == [UUID(story.organisation)]
            for table in TENANT_TABLES:
                seen = connection.execute(select(table.c.organisation_id).distinct()).scalars().all()
                assert set(seen) <= {UUID(story.organisation)}
            assert connection.execute(select(func.count()).select_from(matters)).scalar_one() > 10


def test_a_transaction_of_nobody_sees_nothing(two: tuple[Story, Story]) -> None:
    with two[0].door.database.engine.connect() as connection:
        for table in (organisations, *TENANT_TABLES):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0


def test_the_service_runs_as_a_role_that_no_policy_leaves_out(two: tuple[Story, Story]) -> None:
    query = text("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
    with two[0].door.database.read(UUID(two[0].organisation)) as connection:
        assert connection.execute(query).one() == (False, False)


@pytest.mark.parametrize("change", ["UPDATE matters SET state = 'gone'", "DELETE FROM outbox", "DELETE FROM tokens"])
def test_what_the_service_changes_without_naming_a_council_is_its_own(two: tuple[Story, Story], change: str) -> None:
    here, there = two
    before = [tuple(row) for row in rows(there, matters)]

    with here.door.database.write(UUID(here.organisation)) as connection:
        connection.execute(text(change))

    assert [tuple(row) for row in rows(there, matters)] == before
    assert there.get("wkr", "/me")["ref"] == "wkr"


def test_a_row_of_another_council_cannot_be_written(two: tuple[Story, Story]) -> None:
    here, there = two
    with there.door.database.read(UUID(there.organisation)) as connection:
        foreign = dict(connection.execute(select(steps).limit(1)).mappings().one())

    with pytest.raises(DBAPIError), here.door.database.write(UUID(here.organisation)) as connection:
        connection.execute(steps.insert().values({**foreign, "number": 99}))

    assert not rows(there, steps, steps.c.number == 99)


def test_over_http_nobody_reaches_into_another_council(two: tuple[Story, Story]) -> None:
    here, there = two
    record = sent(there)

    found = {
        who: here.send(who, "GET", f"/matters/{record['id']}").status_code for who in ("wkr", "sup", "aud", "admin")
    }
    moved = here.try_move("wkr", record, "sign")

    assert set(found.values()) == {404}
    assert moved.status_code == 404
    assert there.matter("wkr", record)["state"] == "awaiting_signature"
    assert here.items("admin", "/matters", parent=record["id"]) == []


def test_the_clock_of_one_council_leaves_the_other_alone(two: tuple[Story, Story]) -> None:
    here, there = two

    def state(story: Story) -> list[Any]:
        return [tuple(row) for table in (matters, steps) for row in rows(story, table)]

    before = state(there)
    ok(here.send("admin", "POST", "/sandbox/clock", json={"now": london("2025-04-01T12:00")}))

    assert state(there) == before
