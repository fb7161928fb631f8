"""What a matter says, as headed passages: the sections of a record's form in their order, and every other text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from service.pages.wording import field_label


class Passage(NamedTuple):
    """A headed text."""

    title: str
    text: str


def content_of(shape: Mapping[str, Any]) -> list[Passage]:
    """Everything that people wrote in a matter and that the reader may read."""
    return [*_sections(shape), *_findings(shape), *_texts(shape)]


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
        if name != "sections" and isinstance(value, str) and _is_prose(value):
            yield Passage(field_label(shape["workflow"], name), value)


def _is_prose(value: str) -> bool:
    """Whether somebody wrote it: codes and days of the rules have no spaces in them."""
    return " " in value
