"""The questions of a form with what only the matter knows: its form, its cases, and what stands there already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from service.pages.fields import Field, Option, fields_of, section_fields

if TYPE_CHECKING:
    from service.api.asking import Asking
    from workflows.payloads import Payload


def questions(asking: Asking, payload: type[Payload], about: str, shape: Mapping[str, Any]) -> list[Field]:
    """What a move asks of the visitor on this matter."""
    return [question for field in fields_of(payload, about) for question in _asked(asking, field, shape)]


def _asked(asking: Asking, field: Field, shape: Mapping[str, Any]) -> Iterator[Field]:
    if field.name == "case_recorder" and not _may_be_chosen(asking, shape):
        return
    match field.kind:
        case "sections" if field.name == "findings":
            for question in shape["data"].get("form", ()):
                yield Field(f"findings.{question['name']}", "text", question["title"], question["clause"])
        case "sections" if "form" in shape:
            yield from section_fields(shape["form"], shape["data"].get("sections") or {}, _own_sections(asking, shape))
        case "sections":
            return
        case "cases":
            yield replace(field, options=_cases(asking, shape), value=shape["data"].get("cases"))
        case _:
            yield field


def _may_be_chosen(asking: Asking, shape: Mapping[str, Any]) -> bool:
    """Whether the policy lets the two say who writes what is said of cases (NS-78)."""
    policy = asking.work.picture.policies[shape["policy"]["id"], shape["policy"]["version"]]
    rule = policy.record.case.recorder
    return rule is not None and rule.named_in == "session"


def _own_sections(asking: Asking, shape: Mapping[str, Any]) -> frozenset[str]:
    """The sections that are the visitor's to fill in: all of them, for whoever was named to write the record."""
    if asking.ref == shape["data"].get("recorder"):
        return frozenset(section["name"] for section in shape["form"]["sections"])
    side = "supervisee" if asking.ref == shape["parties"].get("supervisee") else "supervisor"
    return frozenset(section["name"] for section in shape["form"]["sections"] if side in section["by"])


def _cases(asking: Asking, shape: Mapping[str, Any]) -> tuple[Option, ...]:
    worker = shape["parties"].get("supervisee")
    found = asking.rows.cases_of(worker) if worker else {}
    return tuple(Option(ref, ref, case.category) for ref, case in sorted(found.items()) if case.closed_on is None)
