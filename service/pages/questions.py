"""The questions of a form with what only the matter knows: its form, its cases, and what stands there already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec.structs import replace

from service.pages.council_fields import passages, preparation_fields, term_fields
from service.pages.covering import cover_fields
from service.pages.fields import Field, Option, fields_of, section_fields
from service.pages.meanwhile import marked
from service.pages.session_questions import session_questions
from workflows.vocabulary import SessionKind, Workflow

if TYPE_CHECKING:
    from service.api.asking import Asking
    from workflows.payloads import Payload
    from workflows.policy import Policy

#: What a matter knows of itself, and a move on it need not be told.
_KNOWN = {"agreement.fill": frozenset({"supervisee"})}
#: What is asked about a request for records where its rule has this clause.
_BY_CLAUSE = {"paper_notes": "paper_clause", "anonymous": "anonymous_clause"}
#: What a move could carry, and has a page of its own before it is taken.
_ELSEWHERE = {"record.circulate": frozenset({"sections"})}


def questions(asking: Asking, payload: type[Payload], about: str, shape: Mapping[str, Any]) -> list[Field]:
    """What a move asks of the visitor on this matter."""
    left_out = _KNOWN.get(about, frozenset()) | _ELSEWHERE.get(about, frozenset())
    asked: Iterable[Field] = fields_of(payload, about, left_out)
    if shape["workflow"] == Workflow.session:
        asked = session_questions(asking, asked, shape)
    return [marked(question) for field in asked for question in _asked(asking, field, shape)]


def known(about: str, shape: Mapping[str, Any]) -> dict[str, Any]:
    """What is sent along without being asked."""
    return {name: shape["parties"][name] for name in _KNOWN.get(about, ())}


def _asked(asking: Asking, field: Field, shape: Mapping[str, Any]) -> Iterator[Field]:
    if field.name == "case_recorder" and not _may_be_chosen(asking, shape):
        return
    data = shape["data"]
    match field.kind:
        case "sections":
            yield from _sections(asking, field, shape)
        case "terms":
            yield from term_fields(_policy(asking, shape), data.get("terms") or {})
        case "passages":
            yield replace(field, options=passages(shape))
        case "cases" if shape["kind"] != SessionKind.personal:
            yield replace(field, options=_cases(asking, shape), value=data.get("cases"))
        case "cases":
            return
        case "lines" if field.name == "items":
            yield replace(field, value=(data.get("agenda") or {}).get(asking.ref), required=False)
        case "cover":
            yield from cover_fields(asking, shape)
        case _ if field.name in _BY_CLAUSE:
            yield from _by_clause(asking, field, shape)
        case _:
            yield field


def _sections(asking: Asking, field: Field, shape: Mapping[str, Any]) -> Iterator[Field]:
    """The sections of a form of the council's: an audit's, a preparation's or a record's."""
    data = shape["data"]
    if field.name == "findings":
        for question in data.get("form", ()):
            yield Field(f"findings.{question['name']}", "text", question["title"], question["clause"])
    elif field.name == "preparation":
        if asking.ref != shape["parties"].get("supervisor"):
            yield from preparation_fields(_policy(asking, shape), data.get("preparation") or {})
    elif "form" in shape:
        yield from section_fields(shape["form"], data.get("sections") or {}, _own_sections(asking, shape))


def _by_clause(asking: Asking, field: Field, shape: Mapping[str, Any]) -> Iterator[Field]:
    """What only a clause asks of a request: about notes on paper (CBC-91), that nobody is recognised (HAR-39)."""
    clause = getattr(_policy(asking, shape).disclosure.of(shape["kind"]), _BY_CLAUSE[field.name])
    if clause is not None:
        yield replace(field, required=True, hint=clause)


def _may_be_chosen(asking: Asking, shape: Mapping[str, Any]) -> bool:
    """Whether the policy lets the two say who writes what is said of cases (NS-78)."""
    policy = asking.work.picture.policies[shape["policy"]["id"], shape["policy"]["version"]]
    rule = policy.record.case.recorder
    return rule is not None and rule.named_in == "session"


def _policy(asking: Asking, shape: Mapping[str, Any]) -> Policy:
    """The policy by which the matter is judged today."""
    matter = asking.rows.matters([UUID(shape["id"])], lock=False)[0].matter
    return asking.work.facts(matter).policy


def _own_sections(asking: Asking, shape: Mapping[str, Any]) -> frozenset[str]:
    """The sections that are the visitor's to fill in: all of them, for whoever was named to write the record."""
    if asking.ref == shape["data"].get("recorder"):
        return frozenset(section["name"] for section in shape["form"]["sections"])
    side = "supervisee" if asking.ref == shape["parties"].get("supervisee") else "supervisor"
    return frozenset(section["name"] for section in shape["form"]["sections"] if side in section["by"])


def _cases(asking: Asking, shape: Mapping[str, Any]) -> tuple[Option, ...]:
    worker = shape["parties"].get("supervisee")
    named = tuple(Option(ref, ref) for ref in shape["data"].get("cases") or ())
    return (open_cases(asking, worker) or named) if worker else ()


def open_cases(asking: Asking, worker: str) -> tuple[Option, ...]:
    """A worker's cases that are not closed, to choose from; for themselves and for those who answer for them (0010)."""
    if asking.ref != worker and not asking.work.picture.directory.answers_for(asking.ref, worker):
        return ()
    found = asking.rows.cases_of(worker)
    return tuple(Option(ref, ref, case.category) for ref, case in sorted(found.items()) if case.closed_on is None)
