"""A cell that somebody chose runs nothing in the spreadsheet of whoever opens the file."""

from __future__ import annotations

import pytest

from service.csv_cells import safe


@pytest.mark.parametrize(
    "cell", ["=1+1", "+44 20", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20A"]
)
def test_what_a_spreadsheet_would_calculate_is_text(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Siân O’Neill", "c12", "5 Mar 2025", "2025-03-03", "a=b", "5 working days"])
def test_everything_else_stays_as_it_is(cell: str) -> None:
    assert safe(cell) == cell
