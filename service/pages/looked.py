"""Who has looked into the visitor's own records, or into one record, without being one of its two people."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.api.asking import Asking
from service.api.matters import Cursor
from service.engine.views import list_views
from service.pages.rendering import page
from service.pages.visiting import Visiting

router = APIRouter()
_A_PAGE = 50


@router.get("/me/looked")
def looked(visit: Visiting, cursor: Cursor = None) -> HTMLResponse:
    """A page of who has looked, newest first."""

    def read(asking: Asking) -> HTMLResponse:
        found = list_views(asking.reader, None, cursor, _A_PAGE)
        values = {"items": found["items"], "next_cursor": found["next_cursor"], "is_first": cursor is None}
        return page(visit, asking, "looked.html", values)

    return visit.read(read)
