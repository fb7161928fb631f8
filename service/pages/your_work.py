"""The start page: what waits for the visitor, soonest first, and what the visitor is owed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.api.asking import Asking
from service.engine.lists import inbox
from service.engine.owed import owed_to
from service.engine.prospect import what_if_nothing
from service.pages.main_deadline import main_deadline
from service.pages.matter_words import short_title_of, title_of, where_it_stands
from service.pages.next_step import next_steps
from service.pages.rendering import page
from service.pages.urgency import grouped
from service.pages.visiting import Visiting
from workflows.vocabulary import Workflow

router = APIRouter()
_A_PAGE = 25
#: The supervision that is owed first; whoever has more cases goes on to the list of them.
_OWED = 10
#: How much of what follows people are told here; the matter's own page has the rest.
_FORETOLD = 3


@router.get("/")
def your_work(visit: Visiting, cursor: str | None = None) -> HTMLResponse:
    """What waits for the visitor, and what is owed to them."""

    def read(asking: Asking) -> HTMLResponse:
        waiting = inbox(asking.reader, cursor, _A_PAGE)
        steps = next_steps(asking, waiting["items"])
        items = [
            {**about(asking, shape), "step": step} for shape, step in zip(waiting["items"], steps, strict=True)
        ]  # fmt: skip
        values = {
            "groups": grouped(items, asking.work.now),
            "is_first": cursor is None,
            "next_cursor": waiting["next_cursor"],
            **({} if cursor else owed(asking, asking.ref)),
        }
        return page(visit, asking, "your_work.html", values)

    return visit.read(read)


def about(asking: Asking, shape: dict[str, Any]) -> dict[str, Any]:
    """A matter with the words that lists show it with."""
    return {
        **shape, "title": title_of(asking, shape), "short": short_title_of(shape), "says": where_it_stands(shape),
        "deadline": main_deadline(shape),
    }  # fmt: skip


def owed(asking: Asking, ref: str) -> dict[str, Any]:
    """The supervision that somebody is owed, and what happens if the soonest of each kind does not take place."""
    found = [about(asking, shape) for shape in owed_to(asking.reader, ref, _OWED + 1)]
    own = [item for item in found if item["workflow"] == Workflow.entitlement]
    cases = [item for item in found if item["workflow"] == Workflow.frequency]
    for item in (*own, *cases[:1]):
        item["otherwise"] = what_if_nothing(asking.work, asking.rows, UUID(item["id"]), _FORETOLD)
    return {"owed": own, "owed_cases": cases[:_OWED], "has_more_cases": len(found) > _OWED}
