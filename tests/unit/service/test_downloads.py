"""Files for spreadsheets: nothing in them is ever calculated, and names stay as they are."""

from __future__ import annotations

import csv
import io

import pytest

from service.pages.downloads import csv_file, safe


@pytest.mark.parametrize("cell", ["=1+1", "+44 20", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_what_a_spreadsheet_would_calculate_is_text(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Siân O’Neill", "c12", "5 Mar 2025", "a=b"])
def test_everything_else_stays_as_it_is(cell: str) -> None:
    assert safe(cell) == cell


def test_a_file_is_read_back_as_it_was_written() -> None:
    answer = csv_file("people.csv", ["Who", "Said"], [["Siân", 'a "word", and\nanother'], ["=x", ""]])

    written = bytes(answer.body).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(written))) == [["Who", "Said"], ["Siân", 'a "word", and\nanother'], ["'=x", ""]]
    assert answer.headers["content-disposition"] == 'attachment; filename="people.csv"'
