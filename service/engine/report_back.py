"""What a group's meeting before this one has picked, for those whose record of it it is (NS-58, NS-59).

Anybody else who may read that record opens it, and is written down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from service.engine.texts import as_data, read_texts
from service.identity.access import MEMBER

if TYPE_CHECKING:
    from service.engine.reading import Reader


def with_suggestions(reader: Reader, shown: dict[str, Any]) -> dict[str, Any]:
    """A session as it is shown, with the suggestions of the group's last meeting where there are any to be read."""
    group: dict[str, Any] = shown["data"].get("group") or {}
    report: dict[str, Any] | None = group.get("report_back")
    picked = _picked(reader, report) if report else None
    if report is None or picked is None:
        return shown
    group = {**group, "report_back": {**report, "suggestions": picked}}
    return {**shown, "data": {**shown["data"], "group": group}}


def _picked(reader: Reader, report: dict[str, Any]) -> str | None:
    record = UUID(report["record"])
    if reader.standing(record) != MEMBER:
        return None
    texts = read_texts(reader.connection, reader.sealer, reader.organisation.id, [record]).get(record, {})
    said: str | None = as_data(texts).get("sections", {}).get(report["section"])
    return said or None
