"""The fields of a form: they follow from what a move or an opening carries, so that a new field asks for itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from service.pages.wording import field_hint, field_label, option_label
from workflows.payloads import Payload

Kind = Literal[
    "line", "text", "lines", "day", "instant", "number", "yes_no", "choice", "pick", "several", "person", "people",
    "case", "cases", "sections", "passages", "terms", "every", "cover", "select",
]  # fmt: skip
#: Refs by the name of their field; all other refs name people.
_CASES = frozenset({"case", "cases"})
_PEOPLE = frozenset(
    {
        "supervisee", "supervisor", "person", "whose", "told", "owner", "participants", "joined_by", "observer",
        "team_manager", "observed", "requested_by", "authorised_by",
    }
)  # fmt: skip
#: Answers that only the service gives.
_NOBODYS = frozenset({("cause", "left"), ("cause", "missed")})
#: Groups of fields, asked part by part.
_GROUPS: dict[str, Kind] = {
    "sections": "sections", "preparation": "sections", "findings": "sections", "terms": "terms", "cover": "cover",
}  # fmt: skip
#: A text that may be longer than this needs more than one line, but for what is a few words whatever it may be.
_ONE_LINE = 500
_FEW_WORDS = frozenset({"place", "reference"})


class Option(Struct, frozen=True):
    """One of several answers."""

    value: str
    label: str
    hint: str = ""
    #: The heading under which it stands, where there are several.
    group: str = ""


class Field(Struct, frozen=True):
    """One question of a form. `value` is what stands in it, in the form in which the browser sends it."""

    name: str
    kind: Kind
    label: str
    hint: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    value: Any = None
    error: str = ""
    #: The mark of what stood in it when the page was made, where others may write in it meanwhile.
    was: str = ""
    #: What somebody else wrote in it meanwhile; None where nobody did.
    theirs: Any = None

    @property
    def id(self) -> str:
        """Its id in the page."""
        return self.name.replace(".", "-")


def fields_of(payload: type[Payload], about: str, leave_out: frozenset[str] = frozenset()) -> list[Field]:
    """The questions that a payload asks, in its own order; `about` is the move or opening that carries it.

    What is nested deeper than a form of the council's has a page of its own.
    """
    schema = payload.model_json_schema()
    definitions = schema.get("$defs", {})
    needed = set(schema.get("required", ()))
    found = []
    for name, given in schema.get("properties", {}).items():
        kind = None if name in leave_out else _kind(name, _plain(given, definitions))
        if kind is not None:
            options = tuple(_options(about, name, _plain(given, definitions)))
            field = Field(name, kind, field_label(about, name), field_hint(about, name), name in needed, options)
            found.append(field)
    return found


def _plain(given: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of what a field carries if it carries anything."""
    for part in given.get("anyOf", ()):
        if part.get("type") != "null":
            return _plain(part, definitions)
    if "$ref" in given:
        found: Mapping[str, Any] = definitions[given["$ref"].rpartition("/")[2]]
        return found
    return given


def _kind(name: str, schema: Mapping[str, Any]) -> Kind | None:
    match schema.get("type"):
        case "string":
            return _string_kind(name, schema)
        case "integer":
            return "number"
        case "boolean":
            return "yes_no"
        case "array":
            return None if "$ref" in schema.get("items", {}) else _list_kind(name)
        case "object":
            return _GROUPS.get(name)
        case _:
            return None


def _string_kind(name: str, schema: Mapping[str, Any]) -> Kind | None:
    if "enum" in schema or "const" in schema:
        return "choice"
    match schema.get("format"):
        case "date":
            return "day"
        case "date-time":
            return "instant"
        case "uuid":
            return None
    if name in _CASES or name in _PEOPLE:
        return "case" if name in _CASES else "person"
    is_long = schema.get("maxLength", 0) > _ONE_LINE and name not in _FEW_WORDS
    return "text" if is_long else "line"


def _list_kind(name: str) -> Kind:
    if name in _CASES:
        return "cases"
    if name == "passages":
        return "passages"
    return "people" if name in _PEOPLE else "lines"


def _options(about: str, name: str, schema: Mapping[str, Any]) -> Iterator[Option]:
    for value in schema.get("enum", ()):
        if (name, value) in _NOBODYS:
            continue
        yield Option(value, option_label(about, name, value))


def section_fields(form: Mapping[str, Any], texts: Mapping[str, str], own: frozenset[str]) -> list[Field]:
    """The sections of the council's form that the visitor fills in, each with what stands there already."""
    return [
        Field(
            f"sections.{section['name']}", "text", section["title"], section.get("hint", ""),
            value=texts.get(section["name"], ""),
        )
        for section in form["sections"]
        if section["name"] in own
    ]  # fmt: skip


def filled(fields: Sequence[Field], values: Mapping[str, Any], errors: Mapping[str, str]) -> list[Field]:
    """The fields with what was typed, and what is wrong with it."""
    return [
        replace(field, value=values.get(field.name, field.value), error=errors.get(field.name, "")) for field in fields
    ]


def chosen(fields: Sequence[Field], values: Mapping[str, str]) -> list[Field]:
    """The fields with an answer that a link has chosen already, where it is one of those to choose from."""
    return [
        replace(field, value=values[field.name])
        if values.get(field.name) in {option.value for option in field.options if field.kind == "choice"}
        else field
        for field in fields
    ]
