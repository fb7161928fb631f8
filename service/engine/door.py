"""How the edges get a `Work`: one transaction, its tenant, its instant, and a second try where somebody was quicker."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from service.engine.picture import Organisation, Pictures, read_organisation
from service.engine.rows import Rows
from service.engine.work import Work
from service.engine.writing import StaleError, write
from service.weather import is_conflict

if TYPE_CHECKING:
    from service.storage.connection import Database
    from service.storage.sealing import Vault

_T = TypeVar("_T")
#: How often a transaction is done again when another one was quicker.
TRIES = 5


class Door:
    """Runs pieces of work on one database, each in one transaction that is written and committed as a whole."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self.database, self.vault, self.pictures = database, vault, Pictures()
        #: Told what every transaction did, once it is committed: workers may be woken for what it left to them.
        self.tell: Callable[[Work], object] = lambda _work: None

    def run(self, organisation_id: UUID, piece: Callable[[Work], _T]) -> _T:
        """Do a piece of work and write what it decided. It may be called again, so it must have no effect of its own.

        Raises what the piece raises, with nothing kept, and StaleError when others were quicker every time.
        """
        return self.attempt(lambda: self._once(organisation_id, piece))

    def _once(self, organisation_id: UUID, piece: Callable[[Work], _T]) -> _T:
        with self.database.write(organisation_id) as connection:
            work = self.work(connection, organisation_id)
            answer = piece(work)
            write(work)
        self.committed(work)
        return answer

    def attempt(self, once: Callable[[], _T]) -> _T:
        """Do a whole transaction again where another one was quicker. Raises StaleError after the last try."""
        for tries_left in reversed(range(TRIES)):
            try:
                return once()
            except (StaleError, OperationalError) as error:
                if not tries_left or not (isinstance(error, StaleError) or is_conflict(error)):
                    raise
        raise AssertionError("unreachable")

    def work(self, connection: Connection, organisation_id: UUID) -> Work:
        """A Work in a transaction that the caller has begun."""
        return self.work_for(connection, read_organisation(connection, organisation_id))

    def work_for(self, connection: Connection, organisation: Organisation) -> Work:
        """A Work for an organisation that was read already."""
        picture = self.pictures.of(connection, organisation)
        return Work(
            Rows(connection, organisation.id), organisation, picture, self.vault.sealer(organisation.wrapped_key)
        )

    def committed(self, work: Work) -> None:
        """Keep the picture that a committed transaction has left behind, and tell whoever goes on from there."""
        if work.people_changed or work.calendar_changed:
            self.pictures.keep(work.organisation_after, work.picture)
        self.tell(work)
