"""What the moves of a filing carry, and what a filing tells its record."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from workflows.payloads import Payload
from workflows.trimmed import TRIMMED

#: What the council's own system calls the record. It is kept in the open, so no spaces: it is no place for text.
Reference = Annotated[str, StringConstraints(pattern=r"^ *[!-~]{1,100} *$"), TRIMMED]


class Acknowledge(Payload):
    """The record is on its file, under this reference there."""

    reference: Reference


class Sent(Payload):
    """The record left: by which way, under which name, and the SHA-256 of its document, hexadecimal."""

    via: str
    name: str
    document: str


class Failed(Payload):
    """The record was not taken: a short code of why, and whether trying again is of no use."""

    why: str
    for_good: bool


class RecordFiled(Payload):
    """Where a revision of the record is kept. `at` is an instant, ISO 8601; `by` a person's ref, None the system."""

    filing: UUID
    revision: int
    place: str
    system: str
    reference: str
    at: str
    by: str | None
