"""In which ways every journey is made: with and without JavaScript on SQLite, and once on PostgreSQL."""

from __future__ import annotations

from typing import NamedTuple


class Way(NamedTuple):
    """What differs from one way to another."""

    scripts: bool
    database: str

    def __str__(self) -> str:
        """As tests are named."""
        return f"{'with' if self.scripts else 'without'} JavaScript on {self.database}"


WITH_SCRIPTS, WITHOUT_SCRIPTS, ON_POSTGRES = (
    Way(scripts=True, database="sqlite"),
    Way(scripts=False, database="sqlite"),
    Way(scripts=True, database="postgres"),
)
WAYS = (WITH_SCRIPTS, WITHOUT_SCRIPTS, ON_POSTGRES)
