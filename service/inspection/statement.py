"""A signed statement of how every history in a pack ends: a step that is changed or left out is found out.

    hash = SHA-256(canonical JSON of organisation, day, made_at, heads);  signature = Ed25519 over the hash

It names what is in the pack and nothing else. Checkpoints name every matter of the council, those that the reader may
not know of among them, so that no pack carries them.
"""

from __future__ import annotations

from datetime import UTC
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from service.storage.history import canonical_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from uuid import UUID

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def statement(
    organisation_id: UUID, day: date, made_at: datetime, heads: Mapping[str, Mapping[str, Any]], key: Ed25519PrivateKey
) -> dict[str, Any]:
    """The statement as JSON. `heads` says by matter id which step was last (`version`) and its `hash`, hexadecimal."""
    said = {
        "organisation": str(organisation_id), "day": day.isoformat(),
        "made_at": made_at.astimezone(UTC).isoformat(timespec="seconds"), "heads": heads,
    }  # fmt: skip
    digest = sha256(canonical_json(said)).digest()
    return {**said, "hash": digest.hex(), "signature": key.sign(digest).hex()}
