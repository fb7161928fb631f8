"""The inspection pack as a page: choose the day, and take it away."""

from __future__ import annotations

from datetime import date, timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from service.api.asking import Asking
from service.api.inspection import packed
from service.pages.fields import Field, filled
from service.pages.reading_forms import Typed
from service.pages.rendering import page
from service.pages.visiting import Form, Visit, Visiting
from service.problems import Problem
from workflows.calendar import local_day
from workflows.vocabulary import Role

router = APIRouter()
_AS_AT = Field("as_at", "day", "How supervision stood at the end of", "A day that is over.", required=True)


@router.get("/inspection")
def inspection(visit: Visiting) -> HTMLResponse:
    """Choose the day; yesterday is offered."""
    return visit.read(lambda asking: _page(visit, asking, None))


def _page(visit: Visit, asking: Asking, typed: Typed | None) -> HTMLResponse:
    if not asking.has(Role.head_of_service):
        asking.must_be(Role.auditor)
    day = local_day(asking.work.now) - timedelta(days=1)
    offered = {"as_at": {"day": str(day.day), "month": str(day.month), "year": str(day.year)}}
    fields = filled([_AS_AT], typed.values if typed else offered, typed.errors if typed else {})
    return page(visit, asking, "inspection.html", {"fields": fields}, 422 if typed else 200)


@router.post("/inspection")
def take(visit: Visiting, posted: Form) -> Response:
    """The pack as a file."""

    def made(asking: Asking) -> Response:
        typed = Typed([_AS_AT], posted, asking.work.picture.directory)
        if typed.errors:
            return _page(visit, asking, typed)
        try:
            return packed(asking, visit.settings, date.fromisoformat(typed.data["as_at"]))
        except Problem as problem:
            if not problem.errors:
                raise
            typed.errors["as_at"] = problem.errors[0]["message"]
            return _page(visit, asking, typed)

    return visit.read(made)
