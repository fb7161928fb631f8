"""The storm: 100,000 records whose windows end at one midnight, enforced by two processes with all that follows."""

from __future__ import annotations

from benchmarks.batches import beside_the_floor
from benchmarks.council import council, postgres_url
from benchmarks.figures import Figure
from benchmarks.multiplied import multiply

DUE = 100_000
_MADE = 1_000


def measure() -> list[Figure]:
    """Deadlines a second, with history, receipts and notices, beside plain SQL that writes the same rows."""
    with postgres_url() as url:
        bench = council(url, _MADE)
        multiply(url, DUE // _MADE)
        return beside_the_floor(url, bench, DUE, f"a storm of {DUE:,} deadlines", at_least=0.35)
