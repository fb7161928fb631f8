"""What machines read beside the document: the record's fields under the names that its system's layout gives them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic_core import from_json

from service.filing.final_record import FinalRecord
from service.filing.layouts import Layout
from workflows.calendar import local_day
from workflows.gap_note import NOTED

#: The form of the sidecar; it changes when a field comes, goes or means something else.
FORM = "supervision-filing/1"
#: Every field that a layout may draw on or rename.
FIELDS = (
    "title", "day", "year", "kind", "subject", "state", "state_in_words", "case", "supervisee", "supervisor",
    "session_ended", "sent_to_be_signed", "signed_by_supervisor", "signed_by_supervisee", "taken_as_accepted",
    "final_since", "place", "system", "clause", "policy", "policy_version", "record", "revision", "filing",
    "organisation", "council", "history_head",
)  # fmt: skip
#: What may stand in a file name on every system that takes files in.
_UNSAFE = re.compile(r"[^A-Za-z0-9]+")
_LONGEST, _LONGEST_NAME = 60, 150


def fields_of(record: FinalRecord) -> dict[str, Any]:
    """The record by the names of `FIELDS`. Instants are UTC, days are London's."""
    happened = record.held_at or record.opened_at
    day = local_day(happened).isoformat()
    what = "Cancelled supervision" if record.state == NOTED else "Supervision"
    return {
        "title": f"{what} {day}", "day": day, "year": day[:4], "kind": record.kind,
        "subject": record.case or record.supervisee.ref, "state": record.state,
        "state_in_words": record.state_in_words, "case": record.case, "supervisee": record.supervisee.ref,
        "supervisor": record.supervisor.ref, "session_ended": _utc(record.held_at),
        "sent_to_be_signed": _utc(record.sent_at), "signed_by_supervisor": _utc(record.signed.get("supervisor")),
        "signed_by_supervisee": _utc(record.signed.get("supervisee")), "taken_as_accepted": _utc(record.deemed_at),
        "final_since": _utc(record.final_at), "place": record.place, "system": record.system,
        "clause": record.clause, "policy": record.policy, "policy_version": record.policy_version,
        "record": str(record.record), "revision": record.revision, "filing": str(record.filing),
        "organisation": str(record.organisation), "council": record.council, "history_head": record.head,
    }  # fmt: skip


def as_sidecar(record: FinalRecord, layout: Layout, document: str, sha256: str) -> bytes:
    """The sidecar in UTF-8: the fields, and the name and SHA-256 of the document that it belongs to."""
    named = {layout.keys.get(name, name): value for name, value in fields_of(record).items()}
    said = {"form": FORM, "document": {"name": document, "sha256": sha256}, **named}
    return json.dumps(said, ensure_ascii=False, indent=2).encode() + b"\n"


def place_of(record: FinalRecord, layout: Layout) -> str:
    """Folder and name of the record's files without their endings, below the folder of its organisation."""
    fields = {name: _safe(value) for name, value in fields_of(record).items()}
    folder = "/".join(part.format_map(fields) for part in layout.folder.split("/"))
    return f"{folder}/{_safe(layout.file.format_map(fields), _LONGEST_NAME)}-{record.filing}"


def _safe(value: object, longest: int = _LONGEST) -> str:
    """A part of a path: letters, digits and hyphens alone, so that no ref leads out of its folder."""
    text = "" if value is None else str(value)
    return _UNSAFE.sub("-", text).strip("-")[:longest].strip("-") or "none"


def _utc(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None


def read_sidecar(content: bytes) -> Mapping[str, Any]:
    """What a sidecar says. Raises ValueError where it is none."""
    found = from_json(content)
    if not isinstance(found, dict) or found.get("form") != FORM:
        raise ValueError("This is no sidecar.")
    return found
