"""A year of the 60-staff example council, played through the engine without HTTP: its moves and all its deadlines.

The year that the figure was set for had about 10,000 moves; with filings, agreements, audits and groups it has more.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import fmean

from sqlalchemy import func, select

from benchmarks import yardstick
from benchmarks.council import door_to
from benchmarks.figures import Figure
from service.examples.councils import COUNCILS
from service.examples.start import make_council, play_year
from service.storage.matter_tables import steps

_MOVES = 10_000


def measure() -> list[Figure]:
    """Seconds for a council's year on SQLite, and how many steps that was."""
    council = COUNCILS[0]
    with tempfile.TemporaryDirectory() as folder:
        door, _ = door_to(f"sqlite:///{Path(folder) / 'year.sqlite3'}")
        own = make_council(door, council, None)
        before = yardstick.pace()
        began = time.perf_counter()
        moves = [played.tally.moves for played in play_year(door, council, own)][-1]
        seconds = time.perf_counter() - began
        pace = fmean((before, yardstick.pace()))
        with door.database.read(own) as connection:
            taken = connection.execute(select(func.count()).select_from(steps)).scalar_one()
    return [
        Figure("a sandbox year of the 60-staff council, SQLite", seconds, "s"),
        Figure("  the same for 10,000 of its moves", seconds / moves * _MOVES, "s", pace=pace, at_most=20),
        Figure("  people's moves in it", moves, "moves"),
        Figure("  steps in its histories", taken, "steps"),
    ]
