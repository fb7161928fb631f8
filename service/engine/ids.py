"""New ids: UUIDv7 at the instant that the engine lives in, so that they sort by when a matter was opened."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

_RANDOM_BITS = 80


def new_id(at: datetime) -> UUID:
    """A UUIDv7 of an instant."""
    milliseconds = int(at.timestamp() * 1000) & (1 << 48) - 1
    value = milliseconds << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)
