"""Upkeep: what must hold is found out when it does not, and is over when it does again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text, update

from service.engine.ids import new_id
from service.engine.incidents import close_incident, report_incident
from service.imports import IMPORTS
from service.storage.checkpoint_tables import checkpoints
from service.storage.checkpoints import last_checkpoint_at
from service.storage.connection import owner_transaction
from service.storage.council_tables import people
from service.storage.matter_tables import deadlines, idempotency_keys, incidents, matters
from service.watching import metrics
from tests.fixtures.overdue import Overdue, live_council
from workers.actors.upkeep import upkeep
from workers.invariants import INVARIANTS, At
from workflows.calendar import local_day
from workflows.model import Actor, Opening
from workflows.payloads import Nothing, Reason
from workflows.vocabulary import Role, Workflow

if TYPE_CHECKING:
    from uuid import UUID

    from service.engine.door import Door
    from service.engine.work import Work

OFFICES = (
    "ref,name,email,job_role,line_manager_ref,start_date,app_roles\n"
    "hr1,Hira Example,hr1@council.example,hr_adviser,lm,2018-01-08,hr\n"
    "hos,Head Example,hos@council.example,head_of_service,,2018-01-08,head_of_service\n"
    "lm,Lead Example,lm@council.example,service_manager,hos,2018-01-08,\n"
)
RATED = "ref,worker_ref,category,criteria,allocated_on,rating\nc1,wkr,rated,in-need,2025-03-03,green\n"
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


def take(overdue: Overdue, what: str, text: str) -> None:
    """A list that the administrator loads."""
    overdue.door.run(overdue.id, lambda work: IMPORTS[what](work, text.encode(), Actor("admin"), dry_run=False))


def a_forwarded_referral(overdue: Overdue) -> UUID:
    """A referral that waits for human resources."""
    take(overdue, "people", OFFICES)

    def piece(work: Work) -> UUID:
        opening = Opening(
            Workflow.referral, id=new_id(work.now), supervisee="wkr", supervisor="sup",
            data={"opened_by": "sup", "discussed_on": "2025-03-03"}, texts={"about": "a", "facts": "f"},
        )  # fmt: skip
        referral = work.open(opening, Actor("sup"), Role.supervisor)
        work.fire(referral.id, "submit", Nothing(), Actor("sup"))
        work.fire(referral.id, "forward", Reason(reason="It is serious."), Actor("lm"))
        return referral.id

    return overdue.door.run(overdue.id, piece)


def waits_for(overdue: Overdue, workflow: Workflow, state: str) -> str | None:
    """The office whose turn it is on the only matter in this state."""
    [found] = overdue.rows(matters, matters.c.workflow == workflow, matters.c.state == state)
    assert found.holder is None
    assert found.ladder is not None
    office: str | None = found.holder_role
    return office


def leave(overdue: Overdue, ref: str, days_ago: int) -> None:
    """Somebody left that long ago, as if nothing had followed from it."""
    spoil(
        overdue, people, people.c.ref == ref, end_date=local_day(overdue.door.database.now() - timedelta(days=days_ago))
    )


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


def test_a_referral_that_waits_for_human_resources_has_reached_somebody(door: Door) -> None:
    council = live_council(door, "haringey")
    a_forwarded_referral(council)

    look(door, council)

    assert waits_for(council, Workflow.referral, "with_hr") == Role.hr
    assert open_incidents(council) == set()


def test_a_frequency_that_waits_for_approval_has_reached_somebody(door: Door) -> None:
    council = live_council(door, "darlington")
    take(council, "people", OFFICES)
    take(council, "cases", RATED)

    look(door, council)

    assert waits_for(council, Workflow.frequency, "awaiting_approval") == Role.head_of_service
    assert open_incidents(council) == set()


@pytest.mark.parametrize(
    ("waiting_for", "found"), [(["sup", "wkr"], set()), ([], {"every_escalation_reached_somebody"})]
)
def test_what_waits_for_several_people_has_reached_somebody(
    door: Door, overdue: Overdue, waiting_for: list[str], found: set[str]
) -> None:
    [record] = overdue.records_sent(1, ago=timedelta(hours=1))
    spoil(overdue, matters, matters.c.id == record, ladder={"asked": []}, holder=None, waiting_for=waiting_for)

    look(door, overdue)

    assert open_incidents(overdue) == found


def test_an_incident_that_was_closed_does_not_hide_that_a_matter_reaches_nobody_now(
    door: Door, overdue: Overdue
) -> None:
    mend = an_escalation_that_reached_nobody(overdue)
    [record] = [row.id for row in overdue.rows(matters, matters.c.holder == "gone")]

    def settled_once(work: Work) -> None:
        report_incident(work.connection, overdue.id, work.now, "stranded", "Nobody was there.", record)
        close_incident(work.connection, overdue.id, work.now, "stranded", record)

    overdue.door.run(overdue.id, settled_once)
    look(door, overdue)
    assert open_incidents(overdue) == {"every_escalation_reached_somebody"}
    mend()


def test_what_waits_for_an_office_in_which_nobody_is_left_has_reached_nobody(door: Door) -> None:
    council = live_council(door, "darlington")
    take(council, "people", OFFICES)
    take(council, "cases", RATED)

    leave(council, "hos", days_ago=1)
    look(door, council)
    assert open_incidents(council) == set()
    leave(council, "hos", days_ago=4)
    look(door, council)

    assert open_incidents(council) == {"every_escalation_reached_somebody"}


def referral_in_limbo(council: Overdue, referral: UUID) -> None:
    spoil(council, matters, matters.c.id == referral, state="limbo")


def referral_with_a_deadline_long_past(council: Overdue, referral: UUID) -> None:
    long_ago = council.door.database.now() - timedelta(days=1)
    spoil(council, deadlines, deadlines.c.matter_id == referral, fires_at=long_ago)


def referral_with_nobody(council: Overdue, _referral: UUID) -> None:
    leave(council, "hr1", days_ago=4)


@pytest.mark.clause("HAR-37")
@pytest.mark.parametrize(
    ("name", "breaks"),
    [
        ("every_open_matter_has_a_way_on", referral_in_limbo),
        ("no_deadline_long_past", referral_with_a_deadline_long_past),
        ("every_escalation_reached_somebody", referral_with_nobody),
    ],
)
def test_no_incident_of_the_council_tells_of_a_referral_and_the_figures_for_its_host_do(
    door: Door, name: str, breaks: Callable[[Overdue, UUID], None]
) -> None:
    council = live_council(door, "haringey")
    breaks(council, a_forwarded_referral(council))

    look(door, council)

    assert open_incidents(council) == set()
    assert metrics.REGISTRY.get_sample_value("supervision_invariant_broken", {"check": name}) == 1


@pytest.mark.clause("HAR-37")
def test_what_is_told_of_unsigned_histories_leaves_referrals_out(door: Door) -> None:
    council = live_council(door, "haringey")
    unsigned = next(check for check in INVARIANTS if check.name == "every_chain_in_a_checkpoint")
    look(door, council)
    a_forwarded_referral(council)
    later = door.database.now() + timedelta(hours=30)
    others = len(council.rows(matters)) - 1

    spoil(council, matters, last_at=door.database.now() + timedelta(seconds=1))
    with door.database.read(council.id) as connection:
        broken = unsigned.count_broken(connection, At(council.id, later, is_sandbox=False))

    assert (broken.told, broken.in_all) == (others, others + 1)


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
        assert unsigned.count_broken(connection, tomorrow).in_all == 0
        assert unsigned.count_broken(connection, later).in_all == 0
    spoil(overdue, matters, last_at=door.database.now() + timedelta(seconds=1))
    with door.database.read(overdue.id) as connection:
        assert unsigned.count_broken(connection, later).in_all > 0


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
