"""`make bench`: every figure with its ratio to a floor that was measured in the same run.

Names on the command line pick figures: decisions, moves, doors, pages, batches, year, processes, drawings, storm,
ticks, lateness, peers. The last four take minutes and are left out unless they are named.
"""

from __future__ import annotations

import os
import platform
import sys

from benchmarks import (
    batches,
    decisions,
    doors,
    drawings,
    lateness,
    moves_over_http,
    pages,
    peers,
    processes,
    storm,
    ticks,
    yardstick,
)
from benchmarks.year import measure as measure_year

#: What takes minutes, or measures what is not ours.
ONLY_WHEN_NAMED = frozenset({"storm", "ticks", "lateness", "peers"})
MEASURES = {
    "decisions": decisions.measure,
    "moves": moves_over_http.measure,
    "doors": doors.measure,
    "pages": pages.measure,
    "batches": batches.measure,
    "year": measure_year,
    "processes": processes.measure,
    "drawings": drawings.measure,
    "storm": storm.measure,
    "ticks": ticks.measure,
    "lateness": lateness.measure,
    "peers": peers.measure,
}


def main(names: list[str]) -> int:
    """Print the figures; the exit status says whether every promise was held."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")  # noqa: T201 - this command prints
    missed = False
    for name in names or [name for name in MEASURES if name not in ONLY_WHEN_NAMED]:
        print(f"-- {name}: this machine is {yardstick.pace():.1f} times as slow as the design's just now")  # noqa: T201 - as above
        for figure in MEASURES[name]():
            print(figure.line(), flush=True)  # noqa: T201 - as above
            missed = missed or figure.held is False
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
