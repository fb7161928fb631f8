"""A terminal to type commands in, with a database of a real council."""

from __future__ import annotations

import re
from pathlib import Path

from msgspec import Struct
from typer.testing import CliRunner, Result

from workers.cli import app
from workers.commands.surroundings import console, errors

_WIDE = 300
# They took the width that COLUMNS said when they were made, which may be a narrow one.
console.width = errors.width = _WIDE
#: Opens nothing outside the tests.
SECRET = "a secret for tests alone, long enough"  # noqa: S105
TOKEN = re.compile(r"sup_[\w-]{43}")
PEOPLE = "ref,name,email,job_role,supervisor_ref\np1,Ann Example,ann@council.example,team_manager,\n"


class Terminal(Struct, frozen=True):
    """A folder to work in, and settings that point to a database in it."""

    folder: Path
    environment: dict[str, str]

    def run(self, *words: str) -> Result:
        """What a command said; wide enough that no line is broken."""
        return CliRunner(env={**self.environment, "COLUMNS": str(_WIDE), "TERM": "dumb"}).invoke(app, list(words))

    def file(self, name: str, text: str) -> str:
        """A file to name on the command line."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def council(self) -> tuple[str, str]:
        """A new council: its id and its administrator's token."""
        self.run("migrate")
        said = self.run(
            "organisation", "create", "--name", "Exampleshire", "--policy", "leeds", "--live-from", "2025-03-03"
        ).output  # fmt: skip
        return re.findall(r"[0-9a-f-]{36}", said)[0], TOKEN.findall(said)[0]

    @property
    def database(self) -> Path:
        """The database's file."""
        return self.folder / "council.sqlite3"
