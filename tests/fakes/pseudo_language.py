"""A language that marks its words: every message stands in brackets, and what is put into one does not.

What stands outside of brackets on a page is therefore data, or was never looked up.
"""

from __future__ import annotations

import re
from gettext import NullTranslations
from html.parser import HTMLParser

from babel import Locale
from babel.messages.pofile import read_po

from service.pages.languages import TEMPLATE, Language, messages

_PLACEHOLDER = re.compile(r"%\(\w+\)s")
_BRACKETED = re.compile(r"⟦[^⟦⟧]*⟧")
#: Attributes that people see or hear.
_SAID = frozenset(
    {
        "alt",
        "aria-label",
        "data-label",
        "data-saved",
        "data-saving",
        "data-unsaved",
        "data-failed",
        "placeholder",
        "title",
    }
)
#: Elements that hold no words of a page: what runs, and what somebody has typed.
_SILENT = frozenset({"script", "style", "textarea", "code"})
_VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "path", "source", "wbr"})


def _everything() -> frozenset[str]:
    with TEMPLATE.open("rb") as file:
        found = [message.id for message in read_po(file) if message.id]
    return frozenset(form for one in found for form in ([one] if isinstance(one, str) else one))


class Bracketed(NullTranslations):
    """A catalogue that has every message, in brackets."""

    def __init__(self) -> None:
        super().__init__()
        self._known = _everything()

    def gettext(self, message: str) -> str:
        """The message in brackets; what is none is as it is, as in every catalogue."""
        return bracketed(message) if message in self._known else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The form for a number, in brackets."""
        return self.gettext(msgid1 if n == 1 else msgid2)


def bracketed(message: str) -> str:
    """A message as this language says it: its own words in brackets, and its values between them."""
    inner = _PLACEHOLDER.sub(lambda found: f"⟧{found[0]}⟦", message)
    return f"⟦{inner}⟧"


def pseudo_language() -> Language:
    """The language; its days are England's."""
    return Language("qps-ploc", Locale("en", "GB"), Bracketed(), *messages())


class _Words(HTMLParser):
    """What a page says in its own language, piece by piece; parts in another language are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        silent = self._is_silent() or tag in _SILENT or (tag != "html" and "lang" in given)
        if not silent:
            self.pieces += [text for name, text in attrs if name in _SAID and text]
        if tag not in _VOID:
            self._open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        if tag in {name for name, _ in self._open}:
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._is_silent():
            self.pieces.append(data)

    def _is_silent(self) -> bool:
        return bool(self._open) and self._open[-1][1]


def words_outside(html: str) -> list[str]:
    """The pieces of a page with words in them that are in no brackets."""
    page = _Words()
    page.feed(html)
    return [left for piece in page.pieces if re.search(r"[A-Za-z]{2}", left := outside(piece))]


def outside(text: str) -> str:
    """What of a text is in no brackets."""
    before = ""
    while before != text:
        before, text = text, _BRACKETED.sub(" ", text)
    return " ".join(text.split())
