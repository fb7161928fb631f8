"""Cells of files that spreadsheets open: none is ever calculated."""

from __future__ import annotations

#: What a spreadsheet may calculate instead of showing (OWASP, “CSV injection”), in Japanese width as well.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - meant as they are


def safe(cell: str) -> str:
    """The cell, as text where it would be a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
