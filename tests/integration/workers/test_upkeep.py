"""Upkeep: what must hold is found out when it does not, and is over when it does again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text, update

from service.storage.checkpoint_tables import checkpoints
from service.storage.checkpoints import last_checkpoint_at
from service.storage.connection import owner_transaction
from service.storage.matter_tables import deadlines, idempotency_keys, incidents, matters
from service.watching import metrics
from tests.fixtures.overdue import Overdue
from workers.actors.upkeep import upkeep
from workers.invariants import INVARIANTS, At

if TYPE_CHECKING:
    from service.engine.door import Door

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def look(door: Door, overdue: Overdue) -> None:
    """One round of upkeep."""
    assert upkeep(door, KEY).look(overdue.id, lambda: True) == 0


def open_incidents(overdue: Overdue) -> set[str]:
    """Those of upkeep; a council has others of its own."""
    open_ones = {row.kind for row in overdue.rows(incidents, incidents.c.closed_at.is_(None))}
    return open_ones & {check.name for check in INVARIANTS}


def spoil(overdue: Overdue, table: Any, *where: Any, **values: Any) -> None:
    with overdue.door.database.write(overdue.id) as connection:
        connection.execute(update(table).where(table.c.organisation_id == overdue.id, *where).values(values))


def a_deadline_long_past(overdue: Overdue) -> Callable[[], None]:
    overdue.records_sent(1)
    return lambda: spoil(overdue, deadlines, fires_at=None)


def a_state_that_nobody_knows(overdue: Overdue) -> Callable[[], None]:
    [record] = overdue.records_sent(1, ago=timedelta(hours=1))
    spoil(overdue, matters, matters.c.id == record, state="limbo")
    return lambda: spoil(overdue, matters, matters.c.id == record, state="awaiting_signature")


def an_escalation_that_reached_nobody(overdue: Overdue) -> Callable[[], None]:
    [record] = overdue.records_sent(1, ago=timedelta(hours=1))
    spoil(overdue, matters, matters.c.id == record, ladder={"asked": ["gone"]}, holder="gone")
    return lambda: spoil(overdue, matters, matters.c.id == record, holder="lm")


BROKEN = {
    "no_deadline_long_past": a_deadline_long_past,
    "every_open_matter_has_a_way_on": a_state_that_nobody_knows,
    "every_escalation_reached_somebody": an_escalation_that_reached_nobody,
}


def test_a_sound_council_has_no_incident(door: Door, overdue: Overdue) -> None:
    overdue.records_sent(2, ago=timedelta(hours=1))

    look(door, overdue)

    assert open_incidents(overdue) == set()


@pytest.mark.parametrize("name", BROKEN)
def test_what_does_not_hold_is_one_incident_until_it_holds_again(door: Door, overdue: Overdue, name: str) -> None:
    mend = BROKEN[name](overdue)

    for _ in range(2):
        look(door, overdue)
    assert open_incidents(overdue) == {name}
    assert metrics.REGISTRY.get_sample_value("supervision_invariant_broken", {"check": name}) == 1
    mend()
    look(door, overdue)

    assert open_incidents(overdue) == set()
    assert len(overdue.rows(incidents, incidents.c.kind == name)) == 1


def test_a_transaction_that_does_nothing_with_what_it_claimed_is_found(door: Door, overdue: Overdue) -> None:
    """The server itself ends one after ten minutes; that some are older is what would be found."""
    with owner_transaction(door.database.engine.url.render_as_string(hide_password=False)) as owner:
        query = owner.execute(text("SELECT prosrc FROM pg_proc WHERE proname = 'abandoned_claims'")).scalar_one()
        owner.execute(
            text(
                "CREATE OR REPLACE FUNCTION abandoned_claims() RETURNS TABLE (claims bigint) LANGUAGE sql STABLE "
                f"SECURITY DEFINER AS $$ {query.replace('15 minutes', '0 seconds')} $$"
            )
        )
    with door.database.write(overdue.id):
        look(door, overdue)

    assert open_incidents(overdue) == {"no_claim_without_owner"}


def test_histories_are_signed_once_a_day_and_what_was_not_is_found(door: Door, overdue: Overdue) -> None:
    look(door, overdue)
    look(door, overdue)
    [first] = overdue.rows(checkpoints)
    assert set(first.heads) == {str(row.id) for row in overdue.rows(matters)}

    unsigned = next(check for check in INVARIANTS if check.name == "every_chain_in_a_checkpoint")
    overdue.records_sent(1, ago=timedelta(hours=1))

    with door.database.read(overdue.id) as connection:
        now = last_checkpoint_at(connection, overdue.id)
        assert now is not None
        tomorrow, later = (At(overdue.id, now + timedelta(hours=hours), is_sandbox=False) for hours in (20, 30))
        assert unsigned.count_broken(connection, tomorrow) == 0
        assert unsigned.count_broken(connection, later) == 0
    spoil(overdue, matters, last_at=door.database.now() + timedelta(seconds=1))
    with door.database.read(overdue.id) as connection:
        assert unsigned.count_broken(connection, later) > 0


def test_the_names_say_what_must_hold() -> None:
    assert {check.name for check in INVARIANTS} >= BROKEN.keys()
    assert len({check.name for check in INVARIANTS}) == len(INVARIANTS) == 5


def test_answers_that_no_retry_asks_for_are_forgotten(door: Door, overdue: Overdue) -> None:
    now = door.database.now()
    with door.database.write(overdue.id) as connection:
        for key, age in (("old", timedelta(days=3)), ("new", timedelta(hours=3))):
            row = {
                "organisation_id": overdue.id, "asker": "sup", "route": "r", "key": key, "body_hash": b"",
                "status": 200, "created_at": now - age,
            }  # fmt: skip
            connection.execute(idempotency_keys.insert(), row)

    look(door, overdue)

    assert [row.key for row in overdue.rows(idempotency_keys)] == ["new"]
