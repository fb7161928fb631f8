"""Makes the copy of a final record that its supervisee keeps in a portfolio, with nobody named in it (HAR-39)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from service.engine.disclosed_copy import Said, newest, parts, sections_of
from service.engine.foresight import chunks
from service.engine.texts import read_texts
from service.storage.council_tables import cases
from workflows.portfolio import READ_THROUGH, identifying, tokens
from workflows.record_form import kept_form
from workflows.vocabulary import ReleaseKind

if TYPE_CHECKING:
    from service.engine.reading import Reader
    from workflows.model import Matter
    from workflows.policy_disclosure import DisclosurePolicy


def portfolio_copy(reader: Reader, record: Matter) -> dict[str, Any]:
    """The sections of a record with references of cases and names of staff withheld, and what is still to be done."""
    policy = reader.picture.policies[record.policy, record.policy_version]
    rules = policy.disclosure
    texts = read_texts(reader.connection, reader.sealer, reader.organisation.id, [record.id])
    said = sections_of(newest(texts.get(record.id, {})))
    known = _cases_named(reader, tokens(one.text for one in said.values()))
    others = [p for p in reader.picture.directory.people.values() if p.ref != record.supervisee]
    shown = {
        name: _withheld(one, identifying(one.text, known, others), _ground(rules)) for name, one in said.items()
    }  # fmt: skip
    form = kept_form(policy, record.kind, record.data.get("form"))
    return {
        "record": str(record.id), "kind": record.kind, "held_at": record.data.get("held_at"),
        "clause": rules.of(ReleaseKind.portfolio).anonymous_clause, "read_through": READ_THROUGH,
        "sections": [
            {
                "name": section.name, "title": section.title,
                "parts": parts(said[section.name], shown[section.name], rules),
            }
            for section in form.sections
            if section.name in said
        ],
    }  # fmt: skip


def _ground(rules: DisclosurePolicy) -> str:
    """The policy's own ground for what somebody could be recognised by."""
    clause = rules.of(ReleaseKind.portfolio).anonymous_clause
    return next((ground.name for ground in rules.grounds if ground.clause == clause), "identifies_somebody")


def _withheld(said: Said, spans: list[tuple[int, int]], ground: str) -> list[dict[str, Any]]:
    return [{"ground": ground, "step": said.step, "start": start, "end": end} for start, end in spans]


def _cases_named(reader: Reader, found: set[str]) -> frozenset[str]:
    """Which of some words are references of cases on the council's list."""
    known: set[str] = set()
    for some in chunks(sorted(found)):
        query = select(cases.c.ref).where(cases.c.organisation_id == reader.organisation.id, cases.c.ref.in_(some))
        known |= set(reader.connection.execute(query).scalars())
    return frozenset(known)
