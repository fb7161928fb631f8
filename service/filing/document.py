"""The document that people read: one PDF for a final record, the same bytes whenever it is made from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from font_roboto import font_files  # type: ignore[import-untyped]
from fpdf import FPDF
from fpdf.fonts import TTFFont

from service.engine.withholding import receipt_told
from service.filing.final_record import Duty, FinalRecord, Named
from workflows.calendar import LONDON
from workflows.gap_note import NOTED

_FONT = "Roboto"
_TITLES = {
    "personal": "Record of personal supervision",
    "case": "Record of case supervision",
    "decision": "Decision note",
}
_NOTE = "Note of a cancelled supervision session"
_LABEL, _LINE, _GAP = 48.0, 5.5, 3.0


def as_pdf(record: FinalRecord) -> bytes:
    """The document of a record: its parties and dates, its text, and what proves it."""
    page = _Page(record)
    page.heading(_title(record), size=16)
    page.facts(_facts(record))
    for title, text in record.sections:
        page.section(title, text)
    if record.attached:
        page.heading("Attached")
        for title, text in record.attached:
            page.section(title, text)
    if record.duties:
        page.heading("Deadlines")
    for duty in record.duties:
        page.facts(_duty(duty))
    page.heading("Proof")
    page.facts(_proof(record), size=8)
    return bytes(page.output())


def _title(record: FinalRecord) -> str:
    return _NOTE if record.state == NOTED else _TITLES.get(record.kind, "Supervision record")


def _facts(record: FinalRecord) -> Iterable[tuple[str, str]]:
    yield "Council", record.council
    if record.case:
        yield "Case", record.case
    yield "Supervisee", _who(record.supervisee)
    yield "Supervisor", _who(record.supervisor)
    if record.held_at:
        yield "Session ended", when(record.held_at)
    if record.sent_at:
        yield "Sent to be signed", when(record.sent_at)
    for role in ("supervisor", "supervisee"):
        if role in record.signed:
            yield f"Signed by {role}", when(record.signed[role])
    if record.deemed_at:
        yield "Taken as accepted", when(record.deemed_at)
    yield "State", record.state_in_words
    yield "Final since", when(record.final_at)
    yield "Belongs in", f"{record.place} ({record.clause})"


def _duty(duty: Duty) -> Iterable[tuple[str, str]]:
    receipt = receipt_told(duty.receipt)
    due = receipt.get("due")
    anchors = "; ".join(f"{anchor['event']} {_said(anchor['at'])}" for anchor in receipt.get("anchors", ()))
    counted = f"{receipt['counted']} ({receipt['clause']}), from: {anchors}"
    left = [f"{day['date']} {day['because']}" for day in receipt.get("skipped", ())]
    left += [f"{p['from']} to {p['to'] or 'open'} {p['because']}" for p in receipt.get("pauses", ())]
    name = {"circulate_by": "Send by", "sign_by": "Sign by"}[duty.name]
    yield name, f"{_said(due) if due else 'paused'}: {duty.status}"
    yield "Counted", f"{counted}; not counted: {', '.join(left)}" if left else counted


def _said(text: str) -> str:
    return when(datetime.fromisoformat(text)) if "T" in text else text


def _proof(record: FinalRecord) -> Iterable[tuple[str, str]]:
    yield "Cancellation" if record.state == NOTED else "Record", f"{record.record}, revision {record.revision}"
    yield "Filing", str(record.filing)
    yield "Policy", f"{record.policy}, version {record.policy_version}"
    yield "Head of the history", record.head
    yield "Signature", "beside this document, over its sidecar, which names this document's SHA-256"


def _who(person: Named) -> str:
    return f"{person.name} ({person.ref})" if person.name else person.ref


def when(at: datetime) -> str:
    """An instant as people in London read it."""
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%B %Y, %H:%M:%S %Z}"


class _Page(FPDF):
    """A4 pages in one font, with nothing in them that depends on when or where they are made."""

    def __init__(self, record: FinalRecord) -> None:
        super().__init__(format="A4")
        self._foot = f"{record.council} · record {record.record}, revision {record.revision}"
        self._known = self._take_fonts()
        self.set_creation_date(record.final_at)
        self.set_producer("supervision-workflows")
        self.set_title(_title(record))
        self.set_lang("en-GB")
        self.set_margin(20)
        self.set_auto_page_break(auto=True, margin=22)
        self.add_page()

    def _take_fonts(self) -> frozenset[int]:
        """The two faces of the font; the characters that it has."""
        for style, name in (("", "Roboto"), ("B", "RobotoBold")):
            self.add_font(_FONT, style, font_files[name])
        face = self.fonts[_FONT.lower()]
        assert isinstance(face, TTFFont)  # noqa: S101  it was taken from a TrueType file
        return frozenset(face.cmap)

    def footer(self) -> None:
        """Say on every page which record it is of."""
        self.set_y(-15)
        self._say(f"{self._foot} · page {self.page_no()}", size=7)

    def heading(self, text: str, size: int = 12) -> None:
        """A heading, with room above it."""
        self.ln(_GAP)
        self._keep_together()
        self._say(text, style="B", size=size)

    def section(self, title: str, text: str) -> None:
        """A titled piece of text."""
        self.ln(_GAP)
        self._keep_together()
        self._say(title, style="B")
        self._say(text)

    def facts(self, rows: Iterable[tuple[str, str]], size: int = 9) -> None:
        """Labels with what they say; at size 8 a hash stays in one line."""
        for label, text in rows:
            self._keep_together()
            self.set_font(_FONT, "B", size)
            self.cell(_LABEL, _LINE, self._printable(label))
            self._say(text, size=size)
        self.ln(_GAP)

    def _keep_together(self) -> None:
        """Begin a new page where a title or label would be left alone at the foot of this one."""
        if self.will_page_break(2 * _LINE):
            self.add_page()

    def _say(self, text: str, style: str = "", size: int = 10) -> None:
        self.set_font(_FONT, style, size)
        self.multi_cell(0, _LINE, self._printable(text), align="L", new_x="LMARGIN", new_y="NEXT")

    def _printable(self, text: str) -> str:
        """The text with the number of every character that the font lacks in its place, so that none is lost unseen."""
        plain = text.replace("\r\n", "\n").replace("\t", "    ")
        return "".join(c if c == "\n" or ord(c) in self._known else f"[U+{ord(c):04X}]" for c in plain)
