"""Makes the audit copy of a record: its sections with the set words for what is said about wellbeing, and the proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select

from service.engine.texts import read_unsealed
from service.storage.matter_tables import steps
from workflows.receipts import iso
from workflows.record_form import SECTION, kept_form

if TYPE_CHECKING:
    from uuid import UUID

    from service.engine.reading import Reader
    from service.storage.sealing import Unsealed
    from workflows.model import Matter
    from workflows.policy_disclosure import Words
    from workflows.policy_parts import Section


def audit_copy(reader: Reader, record: Matter, head: bytes) -> dict[str, Any]:
    """The copy for an auditor; `service.storage.audit_copies.check_audit_copy` checks it without the service."""
    policy = reader.picture.policies[record.policy, record.policy_version]
    said = _newest(reader, record.id)
    words = policy.disclosure.audit_copy
    sections = [
        {"name": section.name, "title": section.title, **_shown(section, *said[section.name], words)}
        for section in kept_form(policy, record.kind, record.data.get("form")).sections
        if section.name in said
    ]
    return {
        "matter": str(record.id), "kind": record.kind, "state": record.state, "clause": words.clause,
        "sections": sections, "steps": _steps(reader, record.id), "head": head.hex(),
    }  # fmt: skip


def _newest(reader: Reader, record: UUID) -> dict[str, tuple[int, Unsealed]]:
    """Each section as it reads now, with the step in which it was written."""
    found = read_unsealed(reader.connection, reader.sealer, reader.organisation.id, [record])
    return {name.removeprefix(SECTION): (step, said) for _, step, name, said in found if name.startswith(SECTION)}


def _shown(section: Section, step: int, said: Unsealed, words: Words) -> dict[str, Any]:
    proof = {"step": step, "commitment": said.commitment}
    if section.wellbeing:
        return {**proof, "text": words.words, "replaced": True}
    return {**proof, "text": said.text, "replaced": False, "salt": said.salt.hex()}


def _steps(reader: Reader, record: UUID) -> list[dict[str, Any]]:
    """The whole history, with everything that its hashes cover and nothing that anybody wrote."""
    query = select(steps).where(steps.c.organisation_id == reader.organisation.id, steps.c.matter_id == record)
    return [_step(row) for row in reader.connection.execute(query.order_by(steps.c.number))]


def _step(row: Row[Any]) -> dict[str, Any]:
    return {
        "number": row.number, "trigger": row.trigger, "source": row.source, "dest": row.dest, "actor": row.actor,
        "role": row.role, "at": iso(row.at), "clause": row.clause, "data": row.data,
        "commitments": row.commitments, "hash": row.hash.hex(),
    }  # fmt: skip
