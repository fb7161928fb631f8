"""The summary of a pack on paper: how many were supervised in time, what was late, and what was put right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from font_roboto import font_files  # type: ignore[import-untyped]
from fpdf import FPDF
from msgspec import Struct

from service.inspection.sheets import HEADINGS, Sheets

_FONT, _LINE, _LABEL = "Roboto", 6.0, 110.0


class Summary(Struct, frozen=True):
    """Whose supervision it is, on which London date, and when the pack was made."""

    council: str
    day: date
    made_on: date


def as_pdf(summary: Summary, sheets: Sheets) -> bytes:
    """The summary as one or two pages."""
    page = FPDF()
    page.set_title(f"Supervision as at {summary.day.isoformat()}")
    page.set_lang("en-GB")
    for style, file in (("", font_files["Roboto"]), ("B", font_files["RobotoBold"])):
        page.add_font(_FONT, style, file)
    page.add_page()
    page.set_font(_FONT, "B", 16)
    page.multi_cell(0, 9, f"{summary.council}: supervision as at {summary.day:%d %B %Y}", new_x="LMARGIN", new_y="NEXT")
    page.set_font(_FONT, "", 9)
    made = (
        f"Made on {summary.made_on:%d %B %Y}, from histories that only grow. People and cases are named by reference."
    )
    page.multi_cell(0, _LINE, made, new_x="LMARGIN", new_y="NEXT")
    for heading, rows in _chapters(sheets):
        page.ln(3)
        page.set_font(_FONT, "B", 12)
        page.multi_cell(0, 8, heading, new_x="LMARGIN", new_y="NEXT")
        page.set_font(_FONT, "", 10)
        for label, number in rows:
            page.cell(_LABEL, _LINE, label)
            page.cell(0, _LINE, str(number), new_x="LMARGIN", new_y="NEXT")
    return bytes(page.output())


def _chapters(sheets: Sheets) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    for name, title in (("workers", "Workers"), ("cases", "Cases"), ("cancellations", "Cancelled sessions"),
                        ("actions", "Agreed actions"), ("agreements", "Agreements")):  # fmt: skip
        lines, late = sheets.lines[name], HEADINGS[name].index("overdue")
        yield title, [("In all", len(lines)), ("Overdue", sum(line[late] == "yes" for line in lines))]
    yield (
        "Records",
        sorted(Counter(line[HEADINGS["records"].index("state")] for line in sheets.lines["records"]).items()),
    )
    what = HEADINGS["exceptions"].index("what")
    yield "Exceptions", sorted(Counter(line[what] for line in sheets.lines["exceptions"]).items()) or [("None", 0)]
