"""What somebody typed, in words, for the page on which they look over it before it counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from service.pages.dates import day_in_words, instant_in_words
from service.pages.fields import Field
from service.pages.languages import gettext as _
from service.pages.people_words import names_of
from service.pages.reading_forms import Typed
from service.pages.sentences import translated

if TYPE_CHECKING:
    from service.api.asking import Asking


class Answer(NamedTuple):
    """A question and what was answered, a line for each part."""

    question: str
    lines: list[str]


def answered(asking: Asking, fields: Sequence[Field], typed: Typed) -> list[Answer]:
    """The questions that were answered."""
    found = [(field, _carried(field, typed)) for field in fields]
    return [
        Answer(translated(field.label), _lines(asking, field, value))
        for field, value in found
        if value not in (None, "", [])
    ]


def _carried(field: Field, typed: Typed) -> Any:  # noqa: ANN401 - what a payload carries
    group, dot, part = field.name.partition(".")
    return typed.data.get(group, {}).get(part) if dot else typed.data.get(group)


def _lines(asking: Asking, field: Field, value: Any) -> list[str]:  # noqa: ANN401, PLR0911 - a kind each
    name = names_of(asking)
    match field.kind:
        case "day":
            return [day_in_words(date.fromisoformat(value))]
        case "instant":
            return [instant_in_words(datetime.fromisoformat(value))]
        case "yes_no":
            return [_("Yes") if value else _("No")]
        case "choice":
            return [next((translated(option.label) for option in field.options if option.value == value), str(value))]
        case "person" | "select":
            return [name(value)]
        case "people":
            return [name(ref) for ref in value]
        case _:
            return [str(line) for line in value] if isinstance(value, list) else [str(value)]
