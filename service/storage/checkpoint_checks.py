"""Whether an organisation's checkpoints are signed, unbroken, and still what the histories say."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from sqlalchemy import select, tuple_

from service.storage.checkpoint_tables import checkpoints
from service.storage.checkpoints import Checkpoint, stored_checkpoints
from service.storage.faults import Fault
from service.storage.history import BEGINNING
from service.storage.matter_tables import steps

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from sqlalchemy import Connection

    from service.storage.faults import Report

#: Steps looked up in one statement.
_BATCH = 500


def check_checkpoints(
    connection: Connection, organisation_id: UUID, public_key: Ed25519PublicKey, report: Report
) -> None:
    """Check every stored checkpoint, and every head that it states, against the steps."""
    previous, expected = BEGINNING, 1
    for checkpoint in stored_checkpoints(connection, organisation_id):
        report.checkpoints += 1
        faults = list(_faults_of(checkpoint, public_key))
        if checkpoint.number != expected:
            faults.append(f"checkpoint {expected} is missing")
        elif checkpoint.previous != previous:
            faults.append("it does not follow the checkpoint before it")
        faults += _false_heads(connection, checkpoint)
        report.heads += len(checkpoint.heads)
        report.faults += (Fault(what, checkpoint=checkpoint.number) for what in faults)
        previous, expected = checkpoint.hash, checkpoint.number + 1


def check_exported(
    connection: Connection, public_key: Ed25519PublicKey, exported: Iterable[dict[str, Any]], report: Report
) -> None:
    """Check checkpoints that were kept elsewhere, and that the database still has each of them.

    Raises ValueError where an entry is no exported checkpoint.
    """
    for entry in exported:
        kept = Checkpoint.imported(entry)
        faults = list(_faults_of(kept, public_key))
        query = select(checkpoints.c.hash).where(
            checkpoints.c.organisation_id == kept.organisation_id, checkpoints.c.number == kept.number
        )
        if connection.execute(query).scalar_one_or_none() != kept.hash:
            faults.append("it was exported, and the database has it no more, or another in its place")
        report.faults += (Fault(what, checkpoint=kept.number) for what in faults)


def _faults_of(checkpoint: Checkpoint, public_key: Ed25519PublicKey) -> Iterable[str]:
    if checkpoint.computed_hash() != checkpoint.hash:
        yield "it is not what was hashed"
    try:
        public_key.verify(checkpoint.signature, checkpoint.hash)
    except InvalidSignature:
        yield "its signature is not of this key"


def _false_heads(connection: Connection, checkpoint: Checkpoint) -> list[str]:
    faults: list[str] = []
    heads = iter(checkpoint.heads.items())
    while batch := {(UUID(matter), said["version"]): said["hash"] for matter, said in islice(heads, _BATCH)}:
        query = select(steps.c.matter_id, steps.c.number, steps.c.hash).where(
            steps.c.organisation_id == checkpoint.organisation_id,
            tuple_(steps.c.matter_id, steps.c.number).in_(list(batch)),
        )
        found = {(row.matter_id, row.number): row.hash.hex() for row in connection.execute(query)}
        faults += (
            f"it states another step {number} of matter {matter} than there is"
            for (matter, number), stated in batch.items()
            if found.get((matter, number)) != stated
        )
    return faults
