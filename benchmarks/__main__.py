"""`make bench`: every figure with its ratio to a floor that was measured in the same run.

Names on the command line pick figures: decisions, moves, pages, batches, year, processes, drawings.
"""

from __future__ import annotations

import os
import platform
import sys

from benchmarks import batches, decisions, drawings, moves_over_http, pages, processes
from benchmarks.year import measure as measure_year

MEASURES = {
    "decisions": decisions.measure,
    "moves": moves_over_http.measure,
    "pages": pages.measure,
    "batches": batches.measure,
    "year": measure_year,
    "processes": processes.measure,
    "drawings": drawings.measure,
}


def main(names: list[str]) -> int:
    """Print the figures; the exit status says whether every promise was held."""
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")  # noqa: T201 - this command prints
    missed = False
    for name in names or MEASURES:
        for figure in MEASURES[name]():
            print(figure.line(), flush=True)  # noqa: T201 - as above
            missed = missed or figure.held is False
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
