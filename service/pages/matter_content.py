"""What a matter says, as headed passages: the sections of a record's form in their order, and every other text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from service.pages.languages import gettext as _
from service.pages.people_words import names_of
from service.pages.wording import field_label, plain

if TYPE_CHECKING:
    from service.api.asking import Asking


#: What stands among a matter's short answers, and what nobody wrote.
_TOLD = frozenset(
    {"requester", "sections", "what", "why", "place", "every", "exception", "clause", "event", "window_event"}
)


class Passage(NamedTuple):
    """A headed text."""

    title: str
    text: str


def content_of(asking: Asking, shape: Mapping[str, Any]) -> list[Passage]:
    """Everything that people wrote in a matter and that the reader may read."""
    return [*offered_passages(asking, shape["data"]), *_sections(shape), *_findings(shape), *_texts(shape)]


def offered_passages(asking: Asking, data: Mapping[str, Any]) -> list[Passage]:
    """What the two have prepared for a session."""
    return [*_agenda(asking, data), *_preparation(asking, data)]


def _agenda(asking: Asking, data: Mapping[str, Any]) -> Iterator[Passage]:
    name = names_of(asking)
    for ref, points in (data.get("agenda") or {}).items():
        text = "\n".join(f"• {point}" for point in points) or _("Nothing besides.")
        yield Passage(_("What %(name)s wants to talk about", name=name(ref)), text)


def _preparation(asking: Asking, data: Mapping[str, Any]) -> Iterator[Passage]:
    rules = asking.policy.session.preparation
    titles = {section.name: section.title for section in rules.form} if rules else {}
    for named, text in (data.get("preparation") or {}).items():
        case, section = named.rpartition(".")[::2]
        title = titles.get(section, plain(section))
        if text:
            yield Passage(f"{title} ({_('case %(case)s', case=case)})" if case else title, text)


def _sections(shape: Mapping[str, Any]) -> Iterator[Passage]:
    written = shape["data"].get("sections") or {}
    titles = {section["name"]: section["title"] for section in shape.get("form", {}).get("sections", ())}
    for name in (*(n for n in titles if n in written), *(n for n in written if n not in titles)):
        if written[name]:
            yield Passage(titles.get(name, name), written[name])


def _findings(shape: Mapping[str, Any]) -> Iterator[Passage]:
    """What an audit found, question by question, and what is to be learned."""
    found = shape["data"].get("findings")
    if found and isinstance(found, Mapping):
        asked = {question["name"]: question["title"] for question in shape["data"].get("form", ())}
        yield from (Passage(str(asked.get(name, name)), text) for name, text in found.items())
    learning = shape["data"].get("learning")
    if isinstance(learning, Mapping):
        yield from (Passage(field_label("audit", "learning"), text) for text in learning.values())


def _texts(shape: Mapping[str, Any]) -> Iterator[Passage]:
    for name, value in shape["data"].items():
        if name not in _TOLD and isinstance(value, str) and _is_prose(value):
            yield Passage(field_label(f"{shape['workflow']}.said", name), value)


def _is_prose(value: str) -> bool:
    """Whether somebody wrote it: codes and days of the rules have no spaces in them."""
    return " " in value
