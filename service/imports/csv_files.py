"""CSV files as people make them, in spreadsheets: every row with the number of its line, and every mistake of form."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping

from msgspec import Struct

from service.imports.problems import Problem

#: The most rows of one file, and characters of one cell.
MOST_ROWS, LONGEST_CELL = 100_000, 500
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LINE_END = re.compile(rb"\r\n|\r|\n")
#: With one of these a spreadsheet takes a cell for a formula, and runs it on whoever opens the file.
_FORMULA = ("=", "+", "-", "@")


class Columns(Struct, frozen=True):
    """The columns that a kind of file may have; without a required one nothing can be done."""

    required: tuple[str, ...]
    optional: tuple[str, ...]

    @property
    def known(self) -> tuple[str, ...]:
        """All of them, in the order of the documentation."""
        return (*self.required, *self.optional)


class Row(Struct, frozen=True):
    """One row: the line it starts on, and its cells by column, trimmed. A column that the file lacks is not there."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell, empty where the file has no such column."""
        return self.cells.get(column, "")


class Sheet(Struct, frozen=True):
    """What a file holds: the known columns that it has, its rows, and what is wrong with its form."""

    columns: frozenset[str]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def read_sheet(content: bytes, columns: Columns) -> Sheet:
    """A file's rows, those with mistakes included, so that everything wrong can be named at once."""
    if content.startswith(_UTF_16):
        return _unreadable("The file is UTF-16. Save it as “CSV UTF-8”.")
    text, problems = _decoded(content)
    table = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = _header(table, problems)
    if header is None:
        return _unreadable("The file is empty. It begins with a line that names the columns.", problems)
    problems += _header_problems(header, columns)
    rows = tuple(_rows(table, header, columns, problems))
    return Sheet(frozenset(header) & frozenset(columns.known), rows, tuple(problems))


def _unreadable(message: str, others: list[Problem] | None = None) -> Sheet:
    return Sheet(frozenset(), (), (*(others or ()), Problem(1, None, message)))


def _decoded(content: bytes) -> tuple[str, list[Problem]]:
    """The text, with a sign in place of every byte that is no UTF-8, and each line that has such bytes."""
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode(), []
    except UnicodeDecodeError:
        return content.decode(errors="replace"), list(_foreign_lines(content))


def _foreign_lines(content: bytes) -> Iterator[Problem]:
    for number, line in enumerate(_LINE_END.split(content), start=1):
        try:
            line.decode()
        except UnicodeDecodeError as error:
            byte = f"0x{line[error.start]:02X}"
            yield Problem(number, None, f"Byte {error.start + 1} ({byte}) is not UTF-8. Save the file as “CSV UTF-8”.")


def _header(table: Iterator[list[str]], problems: list[Problem]) -> list[str] | None:
    try:
        cells = next(table)
    except StopIteration:
        return None
    except csv.Error as error:
        problems.append(Problem(1, None, _broken(error)))
        return None
    return [cell.strip() for cell in cells]


def _header_problems(header: list[str], columns: Columns) -> Iterator[Problem]:
    known = ", ".join(columns.known)
    for name, times in Counter(header).items():
        if not name:
            yield Problem(1, None, "A column has no name. Name it, or take it out.")
        elif name not in columns.known:
            yield Problem(1, name[:LONGEST_CELL], f"There is no such column. The columns are: {known}.")
        elif times > 1:
            yield Problem(1, name, "This column is there more than once.")
    for name in columns.required:
        if name not in header:
            yield Problem(1, name, "This column is missing.")


def _rows(table: Iterator[list[str]], header: list[str], columns: Columns, problems: list[Problem]) -> Iterator[Row]:
    """The rows after the header; empty ones, which spreadsheets leave behind, are passed over."""
    known, found = frozenset(columns.known), 0
    for line, cells in _lines(table, problems):
        if any(cells):
            found += 1
            if found > MOST_ROWS:
                problems.append(Problem(line, None, f"A file has at most {MOST_ROWS} rows. Send the rest in another."))
                return
            problems += _row_problems(line, cells, header)
            yield Row(line, {name: cell for name, cell in zip(header, cells, strict=False) if name in known})


def _lines(table: Iterator[list[str]], problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line that it starts on; after one that cannot be read, those that can."""
    while True:
        line = table.line_num + 1  # type: ignore[attr-defined] # csv's own
        try:
            yield line, [cell.strip() for cell in next(table)]
        except StopIteration:
            return
        except csv.Error as error:
            problems.append(Problem(line, None, _broken(error)))


def _broken(error: csv.Error) -> str:
    return f"The line cannot be read as CSV ({error}). Is a quotation mark missing?"


def _row_problems(line: int, cells: list[str], header: list[str]) -> Iterator[Problem]:
    if len(cells) != len(header):
        yield Problem(line, None, f"The line has {len(cells)} cells, and the header {len(header)}.")
    for name, cell in zip(header, cells, strict=False):
        if cell:
            why = _cell_problem(cell)
            if why:
                yield Problem(line, name, why)


def _cell_problem(cell: str) -> str | None:
    if len(cell) > LONGEST_CELL:
        return f"A cell has at most {LONGEST_CELL} characters; this one has {len(cell)}."
    if cell.startswith(_FORMULA):
        return f"A cell may not begin with “{cell[0]}”: a spreadsheet would take it for a formula."
    if not cell.isprintable() and any(unicodedata.category(character) == "Cc" for character in cell):
        return "The cell has a line break or another sign that cannot be seen. Take it out."
    return None
