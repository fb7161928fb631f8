"""The fields of the council's own forms: an agreement's terms, a preparation, and the passages of a record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from service.pages.fields import Field, Kind, Option
from service.pages.languages import gettext as _
from service.pages.sentences import translated
from workflows.agreement_terms import EVERY

if TYPE_CHECKING:
    from workflows.policy import Policy
    from workflows.policy_relationship import AgreementTerm

_KINDS: dict[str, Kind] = {"person": "person", "neither_party": "person", "yes_or_no": "yes_no", "accepted": "yes_no"}
_A_PERSON = "A name, or a reference such as p012."
#: A sentence ends with one of these before a space and a capital, a digit or a quotation mark.
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9“\"'])")


# -- agreements
def term_fields(policy: Policy, terms: Mapping[str, Any]) -> Iterator[Field]:
    """The terms of the council's form, with what the two have agreed so far, and the agreed interval."""
    for term in policy.agreement.terms:
        kind = _KINDS.get(term.kind, "text")
        yield Field(
            f"terms.{term.name}", kind, term.title, _hint(term), value=_stands(kind, terms.get(term.name))
        )  # fmt: skip
    hint = _("Leave it empty to keep the policy’s own. The two of you may agree on less time between, never on more.")
    yield Field(f"terms.{EVERY}", "every", _("How often you meet, if more often"), hint, value=terms.get(EVERY))


def _hint(term: AgreementTerm) -> str:
    clause = translated(term.clause)
    needed = _("It must be answered before anybody signs (%(clause)s).", clause=clause)
    needed = needed if term.required else f"({clause})"
    return f"{translated(_A_PERSON)} {needed}" if _KINDS.get(term.kind) == "person" else needed


def _stands(kind: Kind, value: Any) -> Any:  # noqa: ANN401 - what a term holds
    return {True: "yes", False: "no"}.get(value, value) if kind == "yes_no" else value


# -- preparation
def preparation_fields(policy: Policy, texts: Mapping[str, str]) -> Iterator[Field]:
    """The supervisee's preparation, where the policy has a form for it."""
    rules = policy.session.preparation
    for section in rules.form if rules else ():
        value = next((text for name, text in texts.items() if name.rpartition(".")[2] == section.name), "")
        yield Field(f"preparation.{section.name}", "text", section.title, value=value)


# -- passages
def passages(shape: Mapping[str, Any]) -> tuple[Option, ...]:
    """What a record says, sentence by sentence under the titles of its sections, to pick from."""
    written = shape["data"].get("sections") or {}
    return tuple(
        Option(sentence, sentence, group=section["title"])
        for section in shape.get("form", {}).get("sections", ())
        for sentence in sentences_of(written.get(section["name"], ""))
    )


def sentences_of(text: str) -> Iterator[str]:
    """A text sentence by sentence."""
    for line in text.splitlines():
        yield from (sentence.strip() for sentence in _SENTENCE.split(line) if sentence.strip())
