"""The start page: what waits for the visitor, soonest first, and what the visitor is owed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.api.asking import Asking
from service.engine.lists import Filter, inbox, list_matters
from service.engine.prospect import what_if_nothing
from service.pages.main_deadline import main_deadline
from service.pages.matter_words import title_of, where_it_stands
from service.pages.rendering import page
from service.pages.visiting import Visiting
from workflows.vocabulary import Workflow

router = APIRouter()
_A_PAGE = 50


@router.get("/")
def your_work(visit: Visiting, cursor: str | None = None) -> HTMLResponse:
    """What waits for the visitor, and what is owed to them."""

    def read(asking: Asking) -> HTMLResponse:
        waiting = inbox(asking.reader, cursor, _A_PAGE)
        values = {
            "items": [_item(asking, shape) for shape in waiting["items"]],
            "next_cursor": waiting["next_cursor"],
            "owed": [] if cursor else _owed(asking),
        }
        return page(visit, asking, "your_work.html", values)

    return visit.read(read)


def _item(asking: Asking, shape: dict[str, Any]) -> dict[str, Any]:
    return {
        **shape, "title": title_of(asking, shape), "says": where_it_stands(shape), "deadline": main_deadline(shape)
    }  # fmt: skip


def _owed(asking: Asking) -> list[dict[str, Any]]:
    """The supervision that the visitor is owed, with what happens if it does not take place."""
    mine = Filter(workflow=Workflow.entitlement, party=asking.ref, open=True)
    found = list_matters(asking.reader, mine, None, _A_PAGE)["items"]
    own = [shape for shape in found if shape["parties"].get("supervisee") == asking.ref]
    return [
        {**_item(asking, shape), "else": what_if_nothing(asking.work, asking.rows, UUID(shape["id"]))[:3]}
        for shape in own
    ]
