"""What the visitor was told, newest first."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.api.asking import Asking
from service.engine.lists import list_notices
from service.pages.rendering import page
from service.pages.visiting import Visiting

router = APIRouter()
_A_PAGE = 25


@router.get("/notices")
def notices(visit: Visiting, cursor: str | None = None) -> HTMLResponse:
    """A page of notices."""

    def read(asking: Asking) -> HTMLResponse:
        found = list_notices(asking.reader, cursor, _A_PAGE)
        values = {"items": found["items"], "next_cursor": found["next_cursor"], "is_first": cursor is None}
        return page(visit, asking, "notices.html", values)

    return visit.read(read)
