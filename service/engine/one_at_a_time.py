"""What changes a council as a whole, its list or its calendar, is done by one transaction at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from service.engine.writing import StaleError
from service.storage.council_tables import organisations
from service.storage.turns import Turn, wait_for_turn

if TYPE_CHECKING:
    from service.engine.work import Work


def lock_council(work: Work) -> None:
    """Keep others from changing the council as a whole until this transaction ends.

    Raises StaleError where one was quicker. A single absence waits for nobody: where one is recorded meanwhile, `write`
    finds it, and everything is decided anew.
    """
    wait_for_turn(work.connection, work.organisation.id, Turn.changing)
    versions = select(organisations.c.directory_version, organisations.c.calendar_version)
    found = work.connection.execute(versions.where(organisations.c.id == work.organisation.id)).one()
    if tuple(found) != (work.organisation.directory_version, work.organisation.calendar_version):
        raise StaleError("the council was changed meanwhile")
