"""How fast this machine runs Python just now: a shared machine's speed changes between two figures of one run.

Times that are held to were set on the machine of the design, which tells its speed by the cost of one move of a
shared `transitions` machine: 6 to 7 µs. The same move, taken here in the same run, says how much slower this one is.
"""

from __future__ import annotations

import time

from transitions import Machine

_SET_AT = 7e-6
_MOVES = 10_000
_BEST_OF = 5


class _There:
    """A model as the rules have them: never registered, its state alone."""

    __slots__ = ("state",)

    def __init__(self) -> None:
        self.state = "there"


def pace() -> float:
    """Times as long as on the machine of the design that Python takes here: the best of a few, of processor time."""
    machine = Machine(
        model=None, initial=None, states=["there", "back"], auto_transitions=False, send_event=True, queued=False
    )
    for source, dest in (("there", "back"), ("back", "there")):
        machine.add_transition("go", source, dest, conditions=lambda _event: True)
    return min(_seconds_a_move(machine) for _ in range(_BEST_OF)) / _SET_AT


def _seconds_a_move(machine: Machine) -> float:
    go, model = machine.events["go"].trigger, _There()
    began = time.process_time()
    for _ in range(_MOVES):
        go(model)
    return (time.process_time() - began) / _MOVES
