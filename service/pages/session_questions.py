"""What is asked of a session: no more than fits its kind and state, with the answers that it usually has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from service.pages.fields import Field, Option
from service.pages.languages import gettext as _
from workflows.calendar import LONDON
from workflows.vocabulary import SessionKind

if TYPE_CHECKING:
    from service.api.asking import Asking

_OF_A_GROUP = frozenset({"confidentiality_agreed", "purpose", "ground_rules"})


def session_questions(asking: Asking, fields: Iterable[Field], shape: Mapping[str, Any]) -> Iterator[Field]:
    """The questions of a move on a session that there is something to answer to."""
    for field in fields:
        if _is_asked(asking, field, shape):
            yield _with_usual_answer(field, shape, asking.work.now)


def _is_asked(asking: Asking, field: Field, shape: Mapping[str, Any]) -> bool:
    match field.name:
        case name if name in _OF_A_GROUP:
            return bool(shape["kind"] == SessionKind.group)
        case "includes_review":
            return asking.policy.entitlement.yearly_review is not None
        case "reason" if not field.required:
            return bool(shape["state"] == "missed")  # a reason for reporting late
        case "case":
            rules, cases = asking.policy.session.preparation, shape["data"].get("cases") or ()
            return asking.ref != shape["parties"].get("supervisor") and bool(rules and rules.form) and len(cases) > 1
        case _:
            return True


def _with_usual_answer(field: Field, shape: Mapping[str, Any], now: datetime) -> Field:
    data = shape["data"]
    match field.name:
        case "held_at":
            return replace(field, value=_planned_end(data, now))
        case "minutes":
            return replace(field, value=data.get("minutes"))
        case "remote" | "includes_review":
            return replace(field, value="yes" if data.get(field.name) else "no")
        case "reason" if not field.required:
            return replace(field, label=_("Why it is reported late"), required=True)
        case "case":
            return replace(field, kind="pick", options=tuple(Option(ref, ref) for ref in data["cases"]))
        case _:
            return field


def _planned_end(data: Mapping[str, Any], now: datetime) -> dict[str, str] | None:
    """When it was to end, as it is typed, once that time has come."""
    if "starts_at" not in data:
        return None
    end = datetime.fromisoformat(data["starts_at"]) + timedelta(minutes=data["minutes"])
    if end > now:
        return None
    local = end.astimezone(LONDON)
    return {"day": str(local.day), "month": str(local.month), "year": str(local.year), "time": f"{local:%H:%M}"}
