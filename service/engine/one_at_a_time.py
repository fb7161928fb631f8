"""What changes a council as a whole, its list or its calendar, is done by one transaction at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from service.engine.writing import StaleError
from service.storage.council_tables import organisations

if TYPE_CHECKING:
    from service.engine.work import Work


def lock_council(work: Work) -> None:
    """Keep others from changing the council until this transaction ends. Raises StaleError where one was quicker."""
    versions = select(organisations.c.directory_version, organisations.c.calendar_version)
    found = work.connection.execute(versions.where(organisations.c.id == work.organisation.id).with_for_update()).one()
    if tuple(found) != (work.organisation.directory_version, work.organisation.calendar_version):
        raise StaleError("the council was changed meanwhile")
