"""A thread that goes on until it is asked to stop."""

from __future__ import annotations

import threading


class StoppableThread(threading.Thread):
    """Work beside the rest of a process; its `run` looks at `asked_to_stop` between two pieces of work."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.asked_to_stop = threading.Event()

    def stop(self) -> None:
        """Stop after the piece of work at hand, and wait for its end; the next start goes on from there."""
        self.asked_to_stop.set()
        if self.is_alive():
            self.join()
