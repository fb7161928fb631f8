"""The history's chain: every step's hash covers the step and the hash before it, so that no step changes unseen.

    hash = SHA-256(previous hash, canonical JSON of the step)

Canonical JSON has sorted keys, no spaces, ASCII only; `at` is UTC in whole seconds (2025-04-28T09:30:00+00:00) and
`matter` the matter's id. Before the first step come 32 zero bytes.
"""

from __future__ import annotations

import json
from datetime import UTC
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy import RowMapping

#: What comes before the first step of a matter, and before an organisation's first checkpoint.
BEGINNING = bytes(32)

_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), check_circular=False, allow_nan=False).encode


def canonical_json(value: Mapping[str, Any]) -> bytes:
    """The one way of writing a value that hashes and signatures cover. Raises ValueError for not-a-number."""
    return _canonical(value).encode("ascii")


def said_by(matter_id: UUID, row: Mapping[str, Any] | RowMapping) -> dict[str, Any]:
    """What a step's hash covers, besides the hash before it; `row` has the step's columns."""
    return {
        "matter": str(matter_id),
        "number": row["number"],
        "trigger": row["trigger"],
        "source": row["source"],
        "dest": row["dest"],
        "actor": row["actor"],
        "role": row["role"],
        "at": row["at"].astimezone(UTC).isoformat(timespec="seconds"),
        "clause": row["clause"],
        "data": row["data"],
        "commitments": row["commitments"],
    }


def step_hash(previous: bytes, matter_id: UUID, row: Mapping[str, Any] | RowMapping) -> bytes:
    """The hash of a step, of which `row` has the columns.

    `data` holds text, whole numbers, booleans, lists and objects only: a fraction could come back from the database in
    another spelling than it went in.
    """
    return sha256(previous + canonical_json(said_by(matter_id, row))).digest()
