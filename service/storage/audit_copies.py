"""An audit copy that proves itself: what is said about wellbeing is replaced, and nothing else was changed (HAR-34).

The copy carries the matter's whole chain of steps. A section that is shown comes with its text and salt, so that
anybody can work out the commitment that its step keeps; one that is replaced comes with its commitment alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from service.storage.history import BEGINNING, step_hash
from service.storage.sealing import commitment

_SECTION = "sections."


def check_audit_copy(copy: Mapping[str, Any]) -> list[str]:
    """What does not hold in an audit copy, as sentences; empty where all of it does. Needs nothing but the copy."""
    return [*_chain(copy), *_sections(copy)]


def _chain(copy: Mapping[str, Any]) -> Iterator[str]:
    previous = BEGINNING
    for step in copy["steps"]:
        row = {**step, "at": datetime.fromisoformat(step["at"])}
        if step_hash(previous, UUID(copy["matter"]), row).hex() != step["hash"]:
            yield f"step {step['number']} is not what was hashed, or does not follow the step before it"
        previous = bytes.fromhex(step["hash"])
    if previous.hex() != copy["head"]:
        yield "the history does not end where the matter stands"


def _sections(copy: Mapping[str, Any]) -> Iterator[str]:
    committed = {
        name.removeprefix(_SECTION): (step["number"], made)
        for step in copy["steps"]
        for name, made in step["commitments"].items()
        if name.startswith(_SECTION)
    }
    for section in copy["sections"]:
        name = section["name"]
        if committed.pop(name, None) != (section["step"], section["commitment"]):
            yield f"the section {name} is not the newest to which the history commits"
        if not section["replaced"] and _commitment(section) != section["commitment"]:
            yield f"the text of the section {name} is not the one that was written"
    yield from (f"the section {name} is missing" for name in sorted(committed))


def _commitment(section: Mapping[str, Any]) -> str:
    return commitment(bytes.fromhex(section["salt"]), section["text"])
