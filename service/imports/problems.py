"""What is wrong in a file: every bad line by its number, in one answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct


class Problem(Struct, frozen=True):
    """One thing to put right. `line` counts from 1, the header; `column` is None where the whole line is meant."""

    line: int
    column: str | None
    message: str


class ImportRefused(Exception):  # noqa: N818  it is an answer: nothing of the file was kept
    """A file with mistakes in it; `problems` names every one, in the order of the lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))
        super().__init__(f"{len(self.problems)} things in the file are to be put right; nothing of it was kept.")


def repeated(column: str, keys: Iterable[tuple[int, str]]) -> Iterator[Problem]:
    """A problem for each line whose key an earlier line has; an empty key is another mistake."""
    first: dict[str, int] = {}
    for line, key in keys:
        if key and first.setdefault(key, line) != line:
            yield Problem(line, column, f"{key!r} is on line {first[key]} already.")
