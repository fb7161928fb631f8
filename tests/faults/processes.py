"""Real clocks and workers as processes that can be killed, around a council with deadlines that have passed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

from msgspec import Struct, field

from service.storage.connection import Database, make_engine
from service.storage.heartbeats import alive
from tests.architecture.source import ROOT
from tests.fixtures.overdue import Overdue
from tests.fixtures.served import SECRET

#: Seconds without any deadline being enforced after which they are taken for lost. What a killed worker had fetched is
#: not waited for; a consumer that lost Redis looks again after three seconds, a clock at once. But where all four were
#: killed on a machine with much other work, it takes a minute and more until one of those that follow is there.
STANDSTILL = 240.0


class Fleet(Struct):
    """Two clocks and two workers, each started again when it was killed."""

    environment: dict[str, str]
    log: Path
    running: list[tuple[str, subprocess.Popen[bytes]]] = field(default_factory=list)

    def start(self, kind: str) -> None:
        """One more."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "workers", kind], cwd=self.log.parent, env=self.environment,
                stdout=log, stderr=log,
            )  # fmt: skip
        self.running.append((kind, process))

    def kill_one(self, chance: Random) -> None:
        """Kill one without a warning, as `kill -9` does, and start another one in its place."""
        kind, process = self.running.pop(chance.randrange(len(self.running)))
        process.kill()
        process.wait()
        self.start(kind)

    def ended(self) -> list[str]:
        """Those that ended by themselves, which none should."""
        return [kind for kind, process in self.running if process.poll() is not None]

    def stop(self) -> None:
        """End all."""
        for _, process in self.running:
            process.terminate()
        for _, process in self.running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()


@contextmanager
def fleet(folder: Path, database_url: str, redis_url: str) -> Iterator[Fleet]:
    """Two clocks and two workers until the block ends."""
    environment = {
        "PATH": os.defpath, "PYTHONPATH": str(ROOT), "SUPERVISION_DATABASE_URL": database_url,
        "SUPERVISION_REDIS_URL": redis_url, "SUPERVISION_SECRET_KEY": SECRET, "SUPERVISION_SANDBOX": "0",
    }  # fmt: skip
    found = Fleet(environment, folder / "fleet.log")
    for kind in ("clock", "work", "clock", "work"):
        found.start(kind)
    database = Database(make_engine(database_url))
    try:
        while (heard := alive(database)).clocks + heard.workers < len(found.running):
            assert not found.ended(), found.log.read_text()
            time.sleep(0.1)
        yield found
    finally:
        found.stop()
        database.engine.dispose()


class Trouble(Struct, frozen=True):
    """What is done to the processes at random moments: how often at most, and with how long a pause in between."""

    disturb: Callable[[], object]
    times: int
    pause: float


def endure(overdue: Overdue, trouble: Trouble, chance: Random) -> int:
    """Make trouble until every deadline is enforced; how often it was made.

    Raises AssertionError where nothing goes on any more.
    """
    made, left, last = 0, overdue.patiently(overdue.pending), time.monotonic()
    while left:
        time.sleep(chance.uniform(0.05, trouble.pause))
        if made < trouble.times:
            trouble.disturb()
            made += 1
        still = overdue.patiently(overdue.pending)
        if still < left:
            left, last = still, time.monotonic()
        assert time.monotonic() - last < STANDSTILL, f"{left} deadlines are left, and nothing goes on"
    return made
