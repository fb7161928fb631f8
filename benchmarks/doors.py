"""One move over HTTP with everything that guards a request, beside the same without it.

Two processes serve the same council, and are driven turn and turn about, so that neither has the quieter machine.
"""

from __future__ import annotations

from itertools import islice

from benchmarks.council import council, postgres_url
from benchmarks.figures import Figure
from benchmarks.moves_over_http import SERVE, drive, served

_TURNS, _MOVES, _WARM_UP = 8, 400, 200
_UNGUARDED = ("benchmarks.unguarded",)


def measure() -> list[Figure]:
    """Moves a second of both, as a ratio."""
    with postgres_url() as url:
        bench = council(url, 2 * (_TURNS * _MOVES + _WARM_UP))
        records = iter(bench.records)
        with served(url, bench, SERVE) as guarded, served(url, bench, _UNGUARDED) as unguarded:
            seconds = {guarded: 0.0, unguarded: 0.0}
            for port in seconds:
                drive(port, bench.token, list(islice(records, _WARM_UP)))
            for turn in range(2 * _TURNS):
                port = (guarded, unguarded)[(turn + turn // 2) % 2]  # each goes first as often as the other
                seconds[port] += drive(port, bench.token, list(islice(records, _MOVES)))
    rate, floor = (_TURNS * _MOVES / seconds[port] for port in (guarded, unguarded))
    return [Figure("a move over HTTP, guarded beside unguarded", rate, "moves/s", floor, at_least=0.75)]
