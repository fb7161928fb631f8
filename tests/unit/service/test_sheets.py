"""A cell that somebody chose runs nothing in the spreadsheet of whoever opens the file."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from service.inspection.sheets import Sheets, safe


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_would_be_a_formula_is_text(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "p1", "2025-03-03", "5 working days", "a=b"])
def test_everything_else_is_as_it_was(cell: str) -> None:
    assert safe(cell) == cell


def test_a_sheet_has_no_other_cells() -> None:
    sheets = Sheets(date(2025, 3, 3))
    sheets.exception("=worker", "=HYPERLINK(1)", "+what", "@why", "-clause")

    rows = list(csv.reader(io.StringIO(sheets.csv("exceptions"))))

    assert all(cell.startswith("'") for cell in rows[1])
