"""Transactions that are held open, so that another one must wait for them; and a look at what was kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Table, select, text

from service.engine.due import advance
from service.engine.work import Work
from service.engine.writing import write
from service.storage.verify import verify
from tests.fixtures.served import london

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tests.fixtures.served import Story

_T = TypeVar("_T")
_WAITS_FOR_US = text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid)"
)
#: How often one looks whether somebody waits by now; each look takes a fraction of a millisecond.
_LOOKS = 200_000


@contextmanager
def first(story: Story, piece: Callable[[Work], object]) -> Iterator[Connection]:
    """Do a piece of work and keep its locks until the block ends; then it is committed."""
    with story.door.database.write(UUID(story.organisation)) as connection:
        work = story.door.work(connection, UUID(story.organisation))
        piece(work)
        write(work)
        yield connection
    story.door.committed(work)


def meanwhile(story: Story, piece: Callable[[Work], object], other: Callable[[], _T]) -> _T:
    """The answer of `other`, which begins while `piece` is under way, has to wait for it, and sees it done."""
    with ThreadPoolExecutor(1) as second:
        with first(story, piece) as connection:
            answer: Future[_T] = second.submit(other)
            wait_for_waiting(connection, answer)
        return answer.result()


def wait_for_waiting(connection: Connection, answer: Future[Any]) -> None:
    """Go on as soon as somebody waits for a lock of this transaction. Fails where nobody ever does."""
    for _ in range(_LOOKS):
        if connection.execute(_WAITS_FOR_US).scalar_one():
            return
        assert not answer.done(), answer.result()
    raise AssertionError("nobody waits")


def instant(text: str) -> datetime:
    """A London time of day as an instant."""
    return datetime.fromisoformat(london(text))


def at(story: Story, now: str) -> None:
    """Move the council's clock to a London time of day, with all that is due on the way."""
    advance(story.door, UUID(story.organisation), instant(now))


def rows(story: Story, table: Table, *where: Any) -> list[Any]:
    """Rows of a table of the story's council, by its key."""
    own = UUID(story.organisation)
    with story.door.database.read(own) as connection:
        query = select(table).where(table.c.organisation_id == own, *where).order_by(*table.primary_key.columns)
        return list(connection.execute(query))


def check_whole_history(story: Story) -> None:
    """Every chain links, every receipt yields its date, every text opens."""
    own = UUID(story.organisation)
    with story.door.database.read(own) as connection:
        report = verify(connection, own, story.door.vault, Ed25519PrivateKey.generate().public_key())
    assert report.sound, report.faults
    assert report.steps
