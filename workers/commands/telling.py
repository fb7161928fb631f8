"""How a terminal shows the example councils while they are made ready."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from service.examples.councils import LIVE_FROM, TODAY, Council
from service.examples.start import Played, SignIn


class ConsoleTelling:
    """Prints who can sign in, and a bar for each year; without a terminal the sentences alone."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[moves]} moves"))
        self._bar = Progress(
            *columns, TimeRemainingColumn(), console=console, transient=True, auto_refresh=False,
            disable=not console.is_terminal,
        )  # fmt: skip
        self._console = console
        self._task: TaskID | None = None

    def there(self, council: Council, people: Sequence[SignIn]) -> None:
        """Who can sign in, with a token each."""
        self._say(f"\n{council.name}: sign in as")
        for person in people:
            job = person.job_role.replace("_", " ")
            self._say(f"  {person.ref}  {person.name:24} {job:30} {person.token}")

    def played(self, council: Council, played: Played) -> None:
        """Move the bar on."""
        if self._task is None:
            self._say(f"Its year, from {LIVE_FROM} to {TODAY:%Y-%m-%d}, is being played; look around meanwhile.")
            self._bar.start()
            self._task = self._bar.add_task(f"The year of the {council.named_after} example", total=played.of, moves=0)
        self._bar.update(self._task, completed=played.days, moves=played.tally.moves, refresh=True)

    def ready(self, council: Council) -> None:
        """Take the bar away."""
        if self._task is not None:
            self.left_off()
            self._say(f"{council.name} is ready. Its clock stands still until you move it.")

    def left_off(self) -> None:
        """Give the terminal back as it was."""
        if self._task is not None:
            self._bar.stop()
            self._bar.remove_task(self._task)
            self._task = None

    def _say(self, sentence: str) -> None:
        self._console.print(sentence, markup=False, highlight=False, soft_wrap=True)
