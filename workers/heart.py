"""The heart of a clock or a worker: says every few seconds that it is alive, and how far its machine's clock is off."""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.storage.heartbeats import SILENT_AFTER, alive, beat
from service.watching import metrics
from workers.stoppable import StoppableThread

if TYPE_CHECKING:
    from service.storage.connection import Database

_log = structlog.get_logger()
#: Seconds between two beats.
EVERY = 10.0
#: The most that a machine's clock may be off from the database's. All that is decided goes by the database's; but what
#: a machine logs, signs and expects of certificates goes by its own, and one that is far off is not looked after.
MOST_SKEW = timedelta(seconds=2)
HostClock = Callable[[], datetime]


def host_clock() -> datetime:
    """This machine's clock."""
    return datetime.now(UTC)


def skew_of(database: Database, clock: HostClock = host_clock) -> timedelta:
    """How far this machine's clock is ahead of the database's for certain: the way there and back is given away."""
    before = clock()
    theirs = database.clock()
    after = clock()
    if theirs < before:
        return before - theirs
    return min(after - theirs, timedelta())


def too_far_off(skew: timedelta) -> str | None:
    """What to do about a clock that is off; None where it is right enough."""
    if abs(skew) <= MOST_SKEW:
        return None
    seconds = skew.total_seconds()
    return (
        f"This machine's clock is {abs(seconds):.1f} s {'ahead of' if seconds > 0 else 'behind'} the database's; more "
        f"than {MOST_SKEW.seconds} s is refused. Let both machines keep time (chrony or systemd-timesyncd)."
    )


class Heart(StoppableThread):
    """Beats in a thread of its own. `kind` is clock or worker."""

    def __init__(self, database: Database, kind: str, clock: HostClock = host_clock) -> None:
        super().__init__(f"heart of a {kind}")
        self._database, self._kind, self._clock = database, kind, clock
        self.process = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        #: Whether the machine's clock was right enough when it was last compared.
        self.steady = True
        #: How many workers spoke lately.
        self.workers = 0
        self._last = time.monotonic()

    def run(self) -> None:
        """Beat in this thread."""
        while not self.asked_to_stop.is_set():
            self.beat()
            self.asked_to_stop.wait(EVERY)

    def beat(self) -> None:
        """Beat once. A database that is away is no reason to stop."""
        try:
            self._compare(skew_of(self._database, self._clock))
            now = beat(self._database, self.process, self._kind)
            self.workers = alive(self._database).workers
        except SQLAlchemyError as error:
            _log.warning("heartbeat_failed", error=type(error).__name__)
            return
        metrics.LAST_BEAT.set(now.timestamp())
        self._last = time.monotonic()

    def is_well(self) -> bool:
        """Whether the last beat that succeeded is not long ago, and the machine keeps time."""
        return self.steady and time.monotonic() - self._last < SILENT_AFTER.total_seconds()

    def _compare(self, skew: timedelta) -> None:
        metrics.SKEW.set(skew.total_seconds())
        refused = too_far_off(skew)
        if refused is not None:
            _log.error("clock_refused", seconds=skew.total_seconds(), why=refused)
        elif not self.steady:
            _log.info("clock_steady_again", seconds=skew.total_seconds())
        self.steady = refused is None
