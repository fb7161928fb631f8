"""In which ways every journey is made: with JavaScript on PostgreSQL, and without on SQLite.

What lies under the pages is tested on both by what asks over HTTP alone.
"""

from __future__ import annotations

from typing import NamedTuple


class Way(NamedTuple):
    """What differs from one way to another."""

    scripts: bool
    database: str

    def __str__(self) -> str:
        """As tests are named."""
        return f"{'with' if self.scripts else 'without'} JavaScript on {self.database}"


WITH_SCRIPTS = Way(scripts=True, database="postgres")
WITHOUT_SCRIPTS = Way(scripts=False, database="sqlite")
WAYS = (WITH_SCRIPTS, WITHOUT_SCRIPTS)
