"""What a group's meeting before this one has picked, for those whose record of it it is (NS-58, NS-59).

Anybody else who may read that record opens it, and is written down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from service.engine.texts import as_data, read_texts
from service.identity.access import sees
from service.identity.grounds import MEMBER, OWN
from service.storage.matter_tables import matters
from workflows.group_suggestions import GROUP_SUGGESTION

if TYPE_CHECKING:
    from service.engine.reading import Reader


def with_suggestions(reader: Reader, shown: dict[str, Any]) -> dict[str, Any]:
    """A session as it is shown, with the suggestions of the group's last meeting where there are any to be read."""
    group: dict[str, Any] = shown["data"].get("group") or {}
    report: dict[str, Any] | None = group.get("report_back")
    if report is None or reader.standing(UUID(report["record"])) != MEMBER:
        return shown
    picked = _picked(reader, report)
    found = {**({"suggestions": picked} if picked else {}), "actions": _actions(reader, report)}
    group = {**group, "report_back": {**report, **found}}
    return {**shown, "data": {**shown["data"], "group": group}}


def _picked(reader: Reader, report: dict[str, Any]) -> str | None:
    record = UUID(report["record"])
    texts = read_texts(reader.connection, reader.sealer, reader.organisation.id, [record]).get(record, {})
    said: str | None = as_data(texts).get("sections", {}).get(report["section"])
    return said or None


def _actions(reader: Reader, report: dict[str, Any]) -> list[dict[str, Any]]:
    """What became of the suggestions that were picked, as far as the asker may see it."""
    office = reader.viewer.office
    query = select(matters.c.id, matters.c.data, matters.c.state).where(
        matters.c.organisation_id == OWN, matters.c.parent == UUID(report["record"]),
        matters.c.kind == GROUP_SUGGESTION, sees(office),
    ).order_by(matters.c.id)  # fmt: skip
    found = reader.connection.execute(query, reader.viewer.parameters())
    return [{"action": str(row.id), "owner": row.data["owner"], "state": row.state} for row in found]
