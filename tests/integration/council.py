"""A council on a real database, with the little that tests of its lists and its calendar need."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Row, Table, func, select

from service.engine.due import advance
from service.engine.picture import read_organisation
from service.engine.rows import Rows
from service.imports import IMPORTS, ImportRefused
from service.organisations import create_organisation
from service.storage.all_tables import TENANT_TABLES
from service.storage.matter_tables import deadlines, matters, outbox, steps
from workflows.calendar import LONDON, local_day
from workflows.model import Actor, Matter, Opening

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.engine.door import Door
    from service.engine.work import Work

ADMIN = Actor("admin")


def london(text: str) -> datetime:
    """A London wall-clock time as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


class Council(Struct, frozen=True):
    """One organisation in a sandbox of its own."""

    door: Door
    id: UUID
    token: str

    @classmethod
    def under(cls, door: Door, policy: str, now: str) -> Council:
        """A council that goes live at this London time."""
        at = london(now)
        created = create_organisation(
            door.database, door.vault, name="Exampleshire", policy_id=policy, live_from=local_day(at),
            admin_ref="admin", sandbox_now=at, now=at,
        )  # fmt: skip
        return cls(door, created.organisation_id, created.token)

    # -- doing
    def take(self, what: str, text: str | bytes, *, dry_run: bool = False) -> dict[str, Any]:
        """Import a file as the administrator."""
        content = text if isinstance(text, bytes) else text.encode()
        return self.door.run(self.id, lambda work: IMPORTS[what](work, content, ADMIN, dry_run=dry_run))

    def mistakes(self, what: str, text: str | bytes) -> list[tuple[int, str | None, str]]:
        """What an import that must be refused says, line by line; and that it has kept nothing."""
        before = self.counts()
        try:
            self.take(what, text)
        except ImportRefused as refused:
            assert self.counts() == before
            return [(p.line, p.column, p.message) for p in refused.problems]
        raise AssertionError("the file was taken")

    def places(self, what: str, text: str | bytes) -> list[tuple[int, str | None]]:
        """The lines and columns that a refused import names."""
        return [(line, column) for line, column, _ in self.mistakes(what, text)]

    def at(self, now: str) -> None:
        """Move the clock on, enforcing on the way."""
        advance(self.door, self.id, london(now))

    def run(self, piece: Callable[[Work], Any]) -> Any:
        """Do a piece of work and keep it."""
        return self.door.run(self.id, piece)

    def open(self, opening: Opening, who: str, role: Any) -> Matter:
        """Open a matter as somebody."""
        found: Matter = self.run(lambda work: work.open(opening, Actor(who), role))
        return found

    # -- looking
    def matters(self, workflow: str, **named: str) -> list[Matter]:
        """The matters of a workflow, oldest first, open and closed."""
        with self.door.database.read(self.id) as connection:
            columns = {"case": "case_ref"}
            query = select(matters.c.id).where(matters.c.organisation_id == self.id, matters.c.workflow == workflow)
            for name, value in named.items():
                query = query.where(matters.c[columns.get(name, name)] == value)
            ids = list(connection.execute(query).scalars())
            kept = Rows(connection, self.id).matters(ids, lock=False)
            return sorted((k.matter for k in kept), key=lambda m: (m.opened_at, m.version, m.id))

    def one(self, workflow: str, **named: str) -> Matter:
        """The only matter of this kind."""
        [found] = self.matters(workflow, **named)
        return found

    def open_one(self, workflow: str, **named: str) -> Matter:
        """The only one that is still open."""
        [found] = [m for m in self.matters(workflow, **named) if m.closed_at is None]
        return found

    def due(self, workflow: str, name: str, **named: str) -> str:
        """The London day on which the one live deadline of this name ends."""
        live = self.open_one(workflow, **named).live(name)
        assert live is not None
        assert live.due is not None
        return local_day(live.due).isoformat()

    def history(self, matter: Matter) -> list[str]:
        """The triggers of a matter's steps, in order."""
        return [row.trigger for row in self.rows(steps, steps.c.matter_id == matter.id, order=steps.c.number)]

    def told(self, matter: Matter, kind: str) -> set[str]:
        """Who was told something of this kind about a matter."""
        return {row.to for row in self.rows(outbox, outbox.c.matter_id == matter.id, outbox.c.kind == kind)}

    def statuses(self, matter: Matter, name: str) -> list[str]:
        """Where each deadline of this name stands, oldest first."""
        own = (deadlines.c.matter_id == matter.id, deadlines.c.name == name)
        return [row.status for row in self.rows(deadlines, *own, order=deadlines.c.number)]

    def rows(self, table: Table, *where: Any, order: Any = None) -> list[Row[Any]]:
        """Rows of one of the council's tables."""
        with self.door.database.read(self.id) as connection:
            query = select(table).where(table.c.organisation_id == self.id, *where)
            return list(connection.execute(query if order is None else query.order_by(order)))

    def counts(self) -> dict[str, Any]:
        """How many rows every table has, with the versions of the list and the calendar: what must stay as it is."""
        with self.door.database.read(self.id) as connection:
            own = read_organisation(connection, self.id)
            found: dict[str, Any] = {"list": own.directory_version, "calendar": own.calendar_version}
            for table in TENANT_TABLES:
                query = select(func.count()).select_from(table).where(table.c.organisation_id == self.id)
                found[table.name] = connection.execute(query).scalar_one()
            return found
