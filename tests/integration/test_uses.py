"""When a token was used last is written seldom, and a browser's visit goes on from there, but not beyond its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from service.engine.door import Door
from service.identity.scopes import hash_of
from service.identity.tokens import keep_token
from service.identity.uses import EVERY, Uses
from service.identity.visits import VisitLimits, Visitor, begin_visit, end_visit
from service.storage.council_tables import tokens
from tests.integration.council import Council

HOUR = timedelta(hours=1)
LIMITS = VisitLimits(idle=HOUR, longest=3 * HOUR)
NewCouncil = Callable[[str, str], Council]


class Used:
    """A token, and a process that sees it used."""

    def __init__(self, door: Door, own: UUID, text: str) -> None:
        self.door, self.own, self.text = door, own, text
        self.now = 1_000.0
        self.uses = Uses(HOUR, clock=lambda: self.now)

    def use(self) -> None:
        with self.door.database.read_for_token(hash_of(self.text)) as (_, owner):
            pass
        self.uses.note(self.door.database, owner)

    def row(self) -> Any:
        with self.door.database.read(self.own) as connection:
            return connection.execute(select(tokens).where(tokens.c.hash == hash_of(self.text))).one()

    def change(self, **values: object) -> None:
        with self.door.database.write(self.own) as connection:
            connection.execute(update(tokens).where(tokens.c.hash == hash_of(self.text)).values(**values))


def used(door: Door, council: Council, *, visits: bool) -> Used:
    own = council.id
    with door.database.write(own) as connection:
        moment = door.database.moment(connection)
        if visits:
            return Used(
                door, own, begin_visit(connection, own, Visitor("admin", "Firefox", None), moment, moment, LIMITS)
            )
        return Used(door, own, keep_token(connection, own, "admin", "feed", ["read"], moment, expires_at=moment + HOUR))


def test_a_use_is_written_once_in_five_minutes(council: NewCouncil, door: Door) -> None:
    token = used(door, council("leeds", "2025-03-03T09:00"), visits=False)
    token.use()
    assert token.row().last_used_at is not None
    token.change(last_used_at=None)

    token.now += EVERY - 1
    token.use()
    assert token.row().last_used_at is None

    token.now += 1
    token.use()
    assert token.row().last_used_at is not None


def test_the_use_of_a_machines_token_moves_no_end(council: NewCouncil, door: Door) -> None:
    token = used(door, council("leeds", "2025-03-03T09:00"), visits=False)
    before = token.row().expires_at

    token.use()

    assert token.row().expires_at == before


def test_a_visit_goes_on_from_its_last_use(council: NewCouncil, door: Door) -> None:
    visit = used(door, council("leeds", "2025-03-03T09:00"), visits=True)
    begun = visit.row().expires_at
    visit.change(expires_at=begun - HOUR / 2)

    visit.use()

    assert visit.row().expires_at >= begun


def test_but_not_beyond_its_end(council: NewCouncil, door: Door) -> None:
    visit = used(door, council("leeds", "2025-03-03T09:00"), visits=True)
    soon = visit.row().expires_at - HOUR / 2
    visit.change(ends_at=soon)

    visit.use()

    assert visit.row().expires_at == soon


def test_a_visit_that_is_ended_stays_so(council: NewCouncil, door: Door) -> None:
    visit = used(door, council("leeds", "2025-03-03T09:00"), visits=True)

    end_visit(door.database, visit.text)
    end_visit(door.database, visit.text)

    assert visit.row().revoked_at is not None


def test_what_a_process_remembers_is_bounded(council: NewCouncil, door: Door) -> None:
    token = used(door, council("leeds", "2025-03-03T09:00"), visits=False)
    for number in range(12_000):
        token.uses._is_due(UUID(int=number))  # noqa: SLF001 - no request is this cheap
        token.now += 1

    assert len(token.uses._noted) <= 10_000  # noqa: SLF001 - as above
