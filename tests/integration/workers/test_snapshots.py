"""The look that takes the daily snapshot: it finds every council, catches up, and then has nothing to do."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from service.storage.council_tables import organisations
from service.storage.snapshot_tables import snapshot_days
from tests.fixtures.overdue import Overdue
from workers.actors.snapshots import snapshots
from workers.looks import until_done
from workers.patience import Patience
from workflows.calendar import local_day

if TYPE_CHECKING:
    from service.engine.door import Door


def test_every_day_since_a_council_began_is_taken_by_the_databases_clock(door: Door, overdue: Overdue) -> None:
    began = door.database.now() - timedelta(days=40)
    with door.database.write(overdue.id) as connection:
        connection.execute(update(organisations).where(organisations.c.id == overdue.id).values(created_at=began))

    until_done(snapshots(door), Patience(door), lambda: True)

    last = local_day(door.database.now() - timedelta(hours=1)) - timedelta(days=1)
    days = sorted(row.day for row in overdue.rows(snapshot_days))
    assert days == [local_day(began) + timedelta(days=n) for n in range(len(days))]
    assert days[-1] == last


def test_nothing_is_done_where_everything_was_taken(door: Door, overdue: Overdue) -> None:
    look = snapshots(door)
    assert look.waiting() == [overdue.id]

    until_done(look, Patience(door), lambda: True)

    assert look.look(overdue.id, lambda: True) == 0
