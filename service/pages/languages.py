"""The languages of the pages: which there are, which one this answer is in, and looking words up in its catalogue.

The words themselves are English; a catalogue says them in another language, and what it does not have stays English.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any

from babel import Locale
from msgspec import Struct

FOLDER = Path(__file__).with_name("locale")
TEMPLATE = FOLDER / "messages.pot"
#: The language of the words in the code, of the policies that come along, and of everything that is no page.
SOURCE = "en"
#: What the catalogue notes beside a message that rules say, perhaps with values in it.
BY_RULES = "said by the rules"


class Language(Struct, frozen=True, eq=False):
    """One language: its tag as in HTML, how it writes days and lists, and its catalogue."""

    tag: str
    locale: Locale
    catalogue: NullTranslations
    #: The messages that it may have other words for, and those of them that rules say.
    messages: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """What it calls itself."""
        return (self.locale.get_language_name() or self.tag).capitalize()


ENGLISH = Language(SOURCE, Locale("en", "GB"), NullTranslations())
_CURRENT: ContextVar[Language] = ContextVar("language", default=ENGLISH)


def known() -> list[str]:
    """The tags of all languages that there is a catalogue for."""
    return [SOURCE, *sorted(file.parent.parent.name for file in FOLDER.glob("*/LC_MESSAGES/messages.po"))]


@cache
def language(tag: str) -> Language:
    """A language by its tag. Raises FileNotFoundError where its catalogue was not compiled."""
    if tag == SOURCE:
        return ENGLISH
    with (FOLDER / tag / "LC_MESSAGES/messages.mo").open("rb") as file:
        return Language(tag, Locale.parse(tag, sep="-"), GNUTranslations(file), *messages())


@cache
def messages() -> tuple[frozenset[str], frozenset[str]]:
    """Every message that does not count, and those of them that rules say."""
    from babel.messages.pofile import read_po  # noqa: PLC0415 - needed only where another language is offered

    with TEMPLATE.open("rb") as file:
        found = [message for message in read_po(file) if message.id and isinstance(message.id, str)]
    return (
        frozenset(str(one.id) for one in found),
        frozenset(str(one.id) for one in found if BY_RULES in one.auto_comments),
    )


def speak(spoken: Language) -> None:
    """Answer in this language from here on, in this task and in the threads that it starts."""
    _CURRENT.set(spoken)


def current() -> Language:
    """The language of this answer."""
    return _CURRENT.get()


def looked_up(message: str) -> str:
    """A message in the language of this answer, its values still to be put in."""
    return _CURRENT.get().catalogue.gettext(message)


def counted(one: str, several: str, num: int) -> str:
    """A message that counts, in the form that the language has for this number; the number is still to be put in."""
    return _CURRENT.get().catalogue.ngettext(one, several, num)


def gettext(message: str, **values: Any) -> str:  # noqa: ANN401 - whatever is written into it
    """A message in the language of this answer, with its values."""
    found = looked_up(message)
    return found % values if values else found


def ngettext(one: str, several: str, num: int) -> str:
    """A message that counts, with its number."""
    return counted(one, several, num) % {"num": num}
