"""Cells as values: refs, days, numbers and words, with a sentence for each that is none."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from service.imports.csv_files import Row
from service.imports.problems import Problem

#: Refs stand in addresses and in other files: letters, digits and . _ - @ between them.
_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,99}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: Days outside these years are slips, or stand for “never”.
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


class Cells:
    """Reads the cells of one row, and collects what is wrong with them."""

    def __init__(self, row: Row, problems: list[Problem]) -> None:
        self.row, self._problems = row, problems

    def wrong(self, column: str | None, message: str) -> None:
        """Name a mistake in this row."""
        self._problems.append(Problem(self.row.line, column, message))

    def needed(self, column: str) -> str:
        """Text that may not be left out."""
        text = self.row[column]
        if not text and column in self.row.cells:
            self.wrong(column, "This may not be empty.")
        return text

    def ref(self, column: str) -> str | None:
        """A ref, or None where the cell is empty."""
        text = self.row[column]
        if text and not _REF.fullmatch(text):
            self.wrong(column, f"{text!r} is no ref: up to 100 letters, digits and the signs . _ - @.")
        return text or None

    def day(self, column: str) -> date | None:
        """A local date, or None where the cell is empty or has none."""
        text = self.row[column]
        if not text:
            return None
        found = _as_day(text)
        if found is None:
            self.wrong(column, f"{text!r} is no date: write it as 2025-01-31.")
        elif not _FIRST_YEAR <= found.year <= _LAST_YEAR:
            years = f"{_FIRST_YEAR} and {_LAST_YEAR}"
            self.wrong(column, f"{text} lies too far away: give a day between {years}, or leave the cell empty.")
            return None
        return found

    def number(self, column: str, least: int, most: int) -> int | None:
        """A whole number, or None where the cell is empty or has none."""
        text = self.row[column]
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            self.wrong(column, f"{text!r} is no whole number from {least} to {most}.")
            return None
        return int(text)

    def one_of(self, column: str, allowed: Collection[str]) -> str | None:
        """A word that is known, or None where the cell is empty."""
        text = self.row[column]
        if text and text not in allowed:
            self.wrong(column, _unknown(text, allowed))
        return text or None

    def several_of(self, column: str, allowed: Collection[str]) -> list[str]:
        """Words that are known, between semicolons; sorted, each once."""
        words = sorted({word.strip() for word in self.row[column].split(";")} - {""})
        for word in words:
            if word not in allowed:
                self.wrong(column, _unknown(word, allowed))
        return words


def _unknown(word: str, allowed: Collection[str]) -> str:
    known = f"one of {', '.join(sorted(allowed))}" if allowed else "left empty"
    return f"{word!r} is not known here: it must be {known}."


def _as_day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
