"""A stretch of an example council's year: played through the door, repeatable, and in order in every respect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct
from pydantic import SecretStr
from sqlalchemy import func, select

from service.engine.door import Door
from service.engine.picture import read_organisation
from service.examples.acts import Tally, clock
from service.examples.councils import COUNCILS, LIVE_FROM, Council
from service.examples.start import make_council, sign_ins
from service.examples.year import Year
from service.settings import Settings
from service.storage.connection import Database, make_engine
from service.storage.council_tables import tokens
from service.storage.matter_tables import deadlines, incidents, matters, steps
from service.storage.migrate import migrate
from service.storage.sealing import Vault
from service.storage.verify import verify
from workers.invariants import INVARIANTS, at_of

if TYPE_CHECKING:
    from pathlib import Path

_SECRET = "a secret for tests alone, long enough"  # noqa: S105 - it opens nothing outside the tests
#: Long enough for silence to be taken for consent, for windows to run out, and for the first climb.
SIX_WEEKS, TWO_WEEKS, A_WEEK = timedelta(weeks=6), timedelta(weeks=2), timedelta(weeks=1)


class Stretch(Struct, frozen=True):
    """What was played."""

    door: Door
    id: UUID
    tally: Tally


def new_door(folder: Path) -> Door:
    settings = Settings(database_url=f"sqlite:///{folder}/example.sqlite3", secret_key=SecretStr(_SECRET), sandbox=True)
    migrate(settings)
    return Door(Database(make_engine(settings.database_url)), Vault(_SECRET))


def play(door: Door, council: Council, own: UUID, length: timedelta) -> Stretch:
    """Play from wherever the clock stands to the ninth hour of a day."""
    year = Year(door, own, council.id, clock(LIVE_FROM + length, "09:00"))
    assert list(year.days())[-1] == LIVE_FROM + length - timedelta(days=1)
    return Stretch(door, own, year.tally)


@pytest.fixture(scope="module")
def six_weeks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stretch]:
    """Six weeks of the first council."""
    door = new_door(tmp_path_factory.mktemp("six-weeks"))
    own = make_council(door, COUNCILS[0], None)
    yield play(door, COUNCILS[0], own, SIX_WEEKS)
    door.database.engine.dispose()


def test_what_must_always_hold_holds_after_six_weeks(six_weeks: Stretch) -> None:
    with six_weeks.door.database.read(six_weeks.id) as connection:
        at = at_of(connection, six_weeks.id, six_weeks.door.database.now())
        found = {check.name: check.count_broken(connection, at).in_all for check in INVARIANTS}

    assert found == dict.fromkeys(found, 0)


def taken(stretch: Stretch) -> Counter[str]:
    """The steps that people took, each with all that tells it from others but its matter's id."""
    mine = (steps.c.organisation_id == stretch.id, matters.c.organisation_id == stretch.id)
    query = select(
        matters.c.workflow, matters.c.kind, matters.c.supervisee, matters.c.person, matters.c.case_ref,
        steps.c.number, steps.c.trigger, steps.c.dest, steps.c.actor, steps.c.at,
    ).where(*mine, steps.c.matter_id == matters.c.id, steps.c.actor.is_not(None))  # fmt: skip
    with stretch.door.database.read(stretch.id) as connection:
        return Counter("|".join(map(str, row)) for row in connection.execute(query))


# -- what a stretch leaves
def test_nothing_that_was_due_before_now_is_left(six_weeks: Stretch) -> None:
    with six_weeks.door.database.read(six_weeks.id) as connection:
        now = read_organisation(connection, six_weeks.id).now
        first = connection.execute(
            select(func.min(deadlines.c.fires_at)).where(deadlines.c.organisation_id == six_weeks.id)
        ).scalar_one()

    assert now == clock(LIVE_FROM + SIX_WEEKS, "09:00")
    assert first > now


def test_every_deadline_could_be_decided(six_weeks: Stretch) -> None:
    with six_weeks.door.database.read(six_weeks.id) as connection:
        kinds = set(connection.execute(select(incidents.c.kind)).scalars())

    assert "undecidable" not in kinds


def test_every_chain_and_every_receipt_holds(six_weeks: Stretch) -> None:
    public = Ed25519PrivateKey.generate().public_key()
    with six_weeks.door.database.read(six_weeks.id) as connection:
        report = verify(connection, six_weeks.id, six_weeks.door.vault, public, lambda *_: None)

    assert report.sound, report.faults[:3]
    assert report.steps > report.matters > 500


def test_the_rules_refuse_next_to_nothing_of_what_people_do(six_weeks: Stretch) -> None:
    tally = six_weeks.tally

    assert tally.moves > 800
    assert sum(tally.refused.values()) < tally.moves / 200, tally.refused


def test_every_kind_of_move_is_made_by_the_people_whose_move_it_is(six_weeks: Stretch) -> None:
    made = {step.split("|")[6] for step in taken(six_weeks)}
    wanted = {
        "open", "hold", "cancel", "rebook", "write", "circulate", "delegate", "sign", "dispute", "agree",
        "note_closure", "return", "take",
    }  # fmt: skip

    assert wanted <= made


def test_silence_and_lateness_have_their_consequences(six_weeks: Stretch) -> None:
    with six_weeks.door.database.read(six_weeks.id) as connection:
        by_itself = set(connection.execute(select(steps.c.trigger).where(steps.c.actor.is_(None))).scalars())

    assert {"deem", "expire", "climb", "remind", "circulation_missed", "lapse", "supervised"} <= by_itself


# -- repeating and going on
def test_a_year_repeats_itself_even_where_it_was_interrupted(tmp_path: Path) -> None:
    council = COUNCILS[1]
    for name in ("whole", "halves"):
        (tmp_path / name).mkdir()
    whole, halves = new_door(tmp_path / "whole"), new_door(tmp_path / "halves")
    in_one_go = play(whole, council, make_council(whole, council, None), TWO_WEEKS)
    own = make_council(halves, council, None)
    list(islice(Year(halves, own, council.id, clock(LIVE_FROM + TWO_WEEKS, "09:00")).days(), 6))
    fresh = Door(halves.database, halves.vault)

    assert make_council(fresh, council, own) == own
    assert taken(play(fresh, council, own, TWO_WEEKS)) == taken(in_one_go)
    for door in (whole, halves):
        door.database.engine.dispose()


@pytest.mark.parametrize("council", COUNCILS[2:], ids=lambda council: council.id)
def test_every_other_council_has_a_first_week(council: Council, door: Door) -> None:
    stretch = play(door, council, make_council(door, council, None), A_WEEK)

    assert stretch.tally.moves > 50
    assert sum(stretch.tally.refused.values()) <= 1


def test_somebody_of_every_rank_can_sign_in(six_weeks: Stretch) -> None:
    people = sign_ins(six_weeks.door, six_weeks.id)
    with six_weeks.door.database.read(six_weeks.id) as connection:
        known = set(connection.execute(select(tokens.c.person).where(tokens.c.name == "example")).scalars())

    assert {person.ref for person in people} == known
    assert {"social_worker", "team_manager", "hr_adviser", "administrator"} <= {person.job_role for person in people}


def test_a_clock_that_somebody_moved_on_meanwhile_is_no_obstacle(tmp_path: Path) -> None:
    door, council = new_door(tmp_path), COUNCILS[0]
    own = make_council(door, council, None)
    year = Year(door, own, council.id, clock(LIVE_FROM + A_WEEK, "09:00"))
    days = year.days()
    next(days)
    ahead = Year(door, own, council.id, clock(LIVE_FROM + timedelta(days=3), "12:00"))
    list(ahead.days())

    assert list(days)[-1] == LIVE_FROM + timedelta(days=6)
    door.database.engine.dispose()
