"""The sheets of an inspection pack have no cell that a spreadsheet would calculate."""

from __future__ import annotations

import csv
import io
from datetime import date

from service.inspection.sheets import Sheets


def test_a_sheet_has_no_other_cells() -> None:
    sheets = Sheets(date(2025, 3, 3))
    sheets.exception("=worker", "=HYPERLINK(1)", "+what", "@why", "-clause")

    rows = list(csv.reader(io.StringIO(sheets.csv("exceptions"))))

    assert all(cell.startswith("'") for cell in rows[1])
