"""A drawing as PDF: its SVG on one page of its own size, the same bytes whenever it is made from it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from font_roboto import font_files  # type: ignore[import-untyped]
from fpdf import FPDF
from fpdf.svg import SVGObject

#: The same in every file, so that its bytes are as well; when a drawing was fetched is the reader's to know.
_MADE = datetime(2025, 1, 1, tzinfo=UTC)
_FAMILY = "Arial"
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>\n")
_TOLD = re.compile(r"<(title|desc)[^>]*>.*?</\1>\n")


def as_pdf(svg: str) -> bytes:
    """The PDF of a drawing; its text stays text, in Roboto, which is narrower than what room was left for."""
    title = _TITLE.search(svg)
    page = FPDF(unit="pt")
    page.set_creation_date(_MADE)
    page.set_title(title[1] if title else "")
    page.set_lang("en-GB")
    page.add_font(_FAMILY, "", font_files["Roboto"])
    page.add_font(_FAMILY, "B", font_files["RobotoBold"])
    # What the library does not draw it would warn of; title and description stand in the file's own fields.
    drawing = SVGObject(_TOLD.sub("", svg).replace(_fonts(svg), _FAMILY))
    _, _, wide, high = drawing.viewbox or (0.0, 0.0, 0.0, 0.0)
    page.add_page(format=(wide, high))
    page.set_font(_FAMILY, size=12)
    drawing.draw_to_page(page)
    return bytes(page.output())


def _fonts(svg: str) -> str:
    found = re.search(r'font-family="([^"]*)"', svg)
    return found[1] if found else _FAMILY
