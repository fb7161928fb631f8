"""A request for records on its own page: how far it is, whose records it is about, and the copy that is given out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.api.asking import Asking, matter_id_of
from service.api.disclosures import copying, handles, request_of
from service.engine.disclosing import Copying
from service.engine.views import last_opened_for
from service.pages.matter_words import kind_in_words, title_of
from service.pages.rendering import page
from service.pages.visiting import Visiting
from service.problems import not_here
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from sqlalchemy import Row

    from workflows.model import Matter

router = APIRouter()
#: What is done record by record, on pages of their own.
BY_RECORD = frozenset({"redact", "lift_redaction"})
_REVIEW, _OUT = "in_review", "disclosed"


class Stage(NamedTuple):
    """One part of the way of a request: what it is, and whether it is over or under way."""

    name: str
    is_done: bool
    is_now: bool = False


def request_shown(asking: Asking, shape: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the page of a request shows besides; None for other matters, and for whoever reads none of it."""
    if shape["workflow"] != Workflow.disclosure or not shape["data"]:
        return None
    request = request_of(asking, UUID(shape["id"]))
    is_handler = handles(asking, request)
    records = [r for r in request.data["records"] if is_handler or asking.ref in (r["supervisee"], r["supervisor"])]
    rows = Copying(asking.reader, request, [UUID(r["id"]) for r in records]).rows()
    looked = last_opened_for(asking.reader, request, [row.id for row in rows]) if is_handler else {}
    withheld = Counter(row["record"] for row in request.data["redactions"])
    return {
        "stages": list(stages(request)), "is_handler": is_handler, "in_review": request.state == _REVIEW,
        "records": [{**_record(row, withheld), "looked": looked.get(row.id)} for row in rows],
        "others": len(request.data["records"]) - len(records),
        "is_given_out": request.state == _OUT, "has_copy": _has_copy(asking, request, is_handler=is_handler),
        "people": request.data["people"], "told_at": request.data.get("told_at"),
        "goes_to": request.data.get("goes_to", ()), "elsewhere": request.data["to_information_governance"],
        "rule": asking.work.picture.policies[request.policy, request.policy_version].disclosure.of(request.kind),
    }  # fmt: skip


def stages(request: Matter) -> Iterator[Stage]:
    """The way of a request, and how far it has come."""
    ended = request.state not in ("requested", _REVIEW)
    yield Stage("taken_in", is_done=True)
    if request.state == _REVIEW or not (ended or request.data["to_information_governance"]) or request.state == _OUT:
        yield Stage("looked_through", is_done=ended, is_now=not ended)
    yield Stage("decided", is_done=ended, is_now=not ended and bool(request.data["to_information_governance"]))
    is_told = bool(request.data.get("told_at"))
    yield Stage("told", is_done=is_told, is_now=ended and not is_told)


def _has_copy(asking: Asking, request: Matter, *, is_handler: bool) -> bool:
    if is_handler:
        return request.state in (_REVIEW, "awaiting_notice", _OUT)
    return request.state == _OUT and asking.ref in request.data["people"]


def _record(row: Row[Any], withheld: Mapping[str, int]) -> dict[str, Any]:
    return {
        "id": str(row.id), "what": kind_in_words({"workflow": row.workflow, "kind": row.kind}), "case": row.case_ref,
        "who": row.supervisee, "opened_at": row.opened_at, "withheld": withheld[str(row.id)],
    }  # fmt: skip


@router.get("/matters/{matter_id}/copy")
def copy(visit: Visiting, matter_id: str) -> HTMLResponse:
    """The copy as it would go out, or as it was given out; to be printed. Whoever handles it is written down."""
    wanted = matter_id_of(matter_id)

    def piece(asking: Asking) -> HTMLResponse:
        found = copying(asking, wanted)
        shape = asking.reader.matter(wanted, asking.work)
        if shape is None:
            raise not_here()
        values = {
            "matter": shape, "title": title_of(asking, shape), "copy": found.copy(),
            "whose": {str(row.id): row for row in found.rows()}, "is_given_out": shape["state"] == _OUT,
        }  # fmt: skip
        return page(visit, asking, "request_copy.html", values)

    return visit.write(piece)
