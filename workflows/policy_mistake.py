"""What is wrong with a policy's text, said so that whoever wrote it can put it right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct


class Problem(Struct, frozen=True):
    """One mistake: the dotted key with the index of a row ("frequency.rows[3].every"), and what should stand there."""

    key: str
    expected: str
    #: What stands there instead, as text; empty where nothing does.
    found: str = ""
    #: What the row says of itself ("looked-after, matched"), for those who do not count rows.
    row: str = ""

    def __str__(self) -> str:
        """The mistake without its file, as part of a sentence."""
        place = f"{self.key} ({self.row})" if self.row else self.key
        return f"{place}: found {self.found or 'nothing'}, expected {self.expected}."


def repeated(things: Iterable[tuple[str, str]], expected: str) -> Iterator[Problem]:
    """Of things and the keys that they stand at, every one that stood somewhere before."""
    seen = set()
    for key, thing in things:
        if thing in seen:
            yield Problem(key, expected, thing)
        seen.add(thing)


class PolicyMistake(Exception):  # noqa: N818 - it is a mistake of the policy's author; the program is in order
    """A policy that is not used because of its mistakes, all of which are in `problems`; as text, one a line."""

    def __init__(self, file: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(file, problems)
        self.file = file
        self.problems = problems

    def __str__(self) -> str:
        """One sentence a mistake, each with the file."""
        return "\n".join(f"{self.file}: {problem}" for problem in self.problems)
