"""What the visitor was told, newest first."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.api.asking import Asking
from service.api.matters import Cursor
from service.engine.lists import list_matters_by_id, list_notices
from service.identity.grounds import SEALED
from service.pages.matter_words import title_of
from service.pages.rendering import page
from service.pages.visiting import Visiting

router = APIRouter()
_A_PAGE = 25


@router.get("/notices")
def notices(visit: Visiting, cursor: Cursor = None) -> HTMLResponse:
    """A page of notices."""

    def read(asking: Asking) -> HTMLResponse:
        found = list_notices(asking.reader, cursor, _A_PAGE)
        titles = _titles(asking, [item["about"] for item in found["items"]])
        items = [{**item, "title": titles.get(item["about"])} for item in found["items"]]
        values = {"items": items, "next_cursor": found["next_cursor"], "is_first": cursor is None}
        return page(visit, asking, "notices.html", values)

    return visit.read(read)


def _titles(asking: Asking, ids: Sequence[str]) -> dict[str, str]:
    """What the notices are about, so that those of one subject can be told apart; of what is sealed nothing is said."""
    found = list_matters_by_id(asking.reader, ids)
    return {one: title_of(asking, shape) for one, shape in found.items() if shape["workflow"] not in SEALED}
