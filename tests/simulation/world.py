"""A small world: one council on SQLite, two clocks, three workers, and chance that decides what happens next.

All that runs is the product's own code, one step at a time in one thread. Chance decides who is next, how far time goes
on, which messages are lost or doubled, and at which statement a process dies or its database fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import event, func, select, update
from sqlalchemy.exc import OperationalError

from service.storage.council_tables import organisations
from service.storage.matter_tables import deadlines, matters, outbox, steps
from workers.actors.deadlines import deadlines as deadlines_look
from workers.looks import one_pass, until_done
from workers.patience import Patience
from workers.rounds import Rounds
from workflows.model import Actor
from workflows.payloads import DisputeRecord, Nothing
from workflows.refusals import Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from service.engine.door import Door
    from workers.looks import GoesOn, Look

_CLOCKS, _WORKERS = 2, 3
#: How much happens before the world is left in peace.
_EVENTS = 30


class Killed(BaseException):
    """A process dies here: nothing in it catches this, as nothing catches `kill -9`."""


@dataclass(slots=True)
class World:
    """One course of events behind one door. `told` is all that was seen, for comparing two courses."""

    door: Door
    own: UUID
    seed: int
    chance: Random = field(init=False)
    told: list[str] = field(default_factory=list)
    messages: int = 0
    _statements: int | None = None
    _fault: Callable[[], BaseException] = Killed
    _seconds: float = 0.0

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)  # noqa: S311 - to be the same each time

    # -- what happens
    def run(self) -> None:
        """Let things happen, then leave everybody in peace until nothing is due any more."""
        engine = self.door.database.engine
        for name in ("before_cursor_execute", "commit"):
            event.listen(engine, name, self._fails)
        try:
            self._run()
        finally:
            for name in ("before_cursor_execute", "commit"):
                event.remove(engine, name, self._fails)

    def _run(self) -> None:
        for _ in range(_EVENTS):
            happens = self.chance.choices(
                (self._tick, self._work, self._time_goes_on, self._somebody_acts, self._messages_get_lost),
                weights=(4, 6, 3, 2, 1),
            )[0]
            self._note(happens.__name__)
            with self._trouble():
                happens()
            self._nothing_is_early()
        self._time_goes_on(timedelta(days=40))
        while self._look().waiting():
            one_pass(self._look(), [self.own], self._patience(), lambda: True)
        self._nothing_is_early()

    def _tick(self) -> None:
        """One of the clocks goes round; Redis may be away, then it does the work itself."""
        away = self.chance.random() < 0.2
        hand = self._here if away else self._send
        Rounds(self._look(), hand).go_round()

    def _here(self, look: Look, found: list[UUID], goes_on: GoesOn) -> int:
        return one_pass(look, found, self._patience(), goes_on)

    def _send(self, _look: Look, _found: list[UUID], _goes_on: GoesOn) -> int:
        self.messages += self.chance.randint(1, _CLOCKS + _WORKERS)
        return 0

    def _work(self) -> None:
        """A worker takes a message. When it dies the message comes again; sometimes it does without that."""
        if not self.messages:
            return
        until_done(self._look(), self._patience(), lambda: self.chance.random() < 0.8)
        if self.chance.random() < 0.9:
            self.messages -= 1

    def _messages_get_lost(self) -> None:
        self.messages = 0

    def _time_goes_on(self, by: timedelta | None = None) -> None:
        by = by or timedelta(minutes=self.chance.choice((1, 30, 600, 1_440, 2_880)))
        with self.door.database.write(self.own) as connection:
            now: datetime = connection.execute(select(organisations.c.sandbox_now)).scalar_one()
            connection.execute(update(organisations).values(sandbox_now=now + by))

    def _somebody_acts(self) -> None:
        """Somebody signs, disputes or settles: deadlines are met, ended or set meanwhile."""
        with self.door.database.read(self.own) as connection:
            records = select(matters.c.id).where(matters.c.workflow == "record").order_by(matters.c.id)
            record = self.chance.choice(list(connection.execute(records).scalars()))
        trigger, payload = self.chance.choice((("sign", Nothing()), ("dispute", DisputeRecord(statement="Not so."))))
        try:
            self.door.run(self.own, lambda work: work.fire(record, trigger, payload, Actor("wkr")))
        except Refused as refused:
            self._note(f"refused {refused.guard}")

    # -- what goes wrong
    @contextmanager
    def _trouble(self) -> Iterator[None]:
        """Now and then the process dies, or the database fails, at some statement of what it does."""
        if self.chance.random() < 0.45:
            self._statements = self.chance.randint(0, 25)
            self._fault = self.chance.choice((Killed, _lost, _disk_full))
        try:
            yield
        except Killed:
            self._note("killed")
            self.door.database.engine.dispose()
        except OperationalError:
            self._note("failed")
        finally:
            self._statements = None

    def _fails(self, connection: Connection, *_: object) -> None:
        if self._statements is None:
            return
        self._statements -= 1
        if self._statements < 0:
            self._statements = None
            if self._fault is Killed:
                # A process that ends leaves no lock, however long Python keeps what it had.
                connection.connection.rollback()
            raise self._fault()

    # -- the processes' parts
    def _look(self) -> Look:
        return deadlines_look(self.door)

    def _patience(self) -> Patience:
        return Patience(self.door, clock=lambda: self._seconds)

    # -- what is seen
    def _note(self, what: str) -> None:
        self.told.append(what)

    def _nothing_is_early(self) -> None:
        """No step lies ahead of the council's clock, and none that time took lies before its deadline."""
        with self.door.database.read(self.own) as connection:
            ahead, early = (connection.execute(query).first() for query in (_AHEAD, _EARLY))
            taken = connection.exec_driver_sql(_TAKEN).all()
        assert ahead is None, "a step lies in the future"
        assert early is None, "silence was taken for consent before its time"
        self._note(sha256(repr(taken).encode()).hexdigest())

    def rows(self, table: Any) -> list[Any]:
        """All rows of a table, by its key."""
        with self.door.database.read(self.own) as connection:
            return list(connection.execute(select(table).order_by(*table.primary_key.columns)))

    def notices(self) -> list[Any]:
        """What people are told."""
        return self.rows(outbox)


_NOW = select(organisations.c.sandbox_now).scalar_subquery()
_AHEAD = select(steps.c.at).where(steps.c.at > _NOW).limit(1)
_WINDOW = (
    select(func.max(deadlines.c.due))
    .where(deadlines.c.matter_id == steps.c.matter_id, deadlines.c.name == "sign_by")
    .scalar_subquery()
)
_EARLY = select(steps.c.at).where(steps.c.trigger == "deem", steps.c.at <= _WINDOW).limit(1)
#: As the file has them, since this is asked after every event.
_TAKEN = 'SELECT hex(matter_id), "trigger", at, actor FROM steps ORDER BY matter_id, number'


def _lost() -> BaseException:
    return OperationalError("COMMIT", None, ConnectionError("the connection is lost"))


def _disk_full() -> BaseException:
    return OperationalError("INSERT", None, OSError("no space left on device"))
