"""The council's calendar: bank holidays and closures of a year, and what a closure moves before it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Row, select

from service.api.asking import Asking, save
from service.api.bodies import near
from service.closures import add_closure, remove_closure
from service.pages.fields import Field, filled
from service.pages.languages import gettext as _
from service.pages.posted import Posted
from service.pages.reading_forms import Typed
from service.pages.rendering import page
from service.pages.visiting import Form, Visit, Visiting, see_other
from service.problems import Problem
from service.storage.council_tables import calendar_days
from workflows.calendar import local_day
from workflows.refusals import Refused
from workflows.vocabulary import Role

router = APIRouter()
_QUESTIONS = (
    Field("date", "day", "Day on which the council is closed", required=True),
    Field("reason", "line", "Reason", "Everybody whose dates move is told it.", required=True),
)
#: The longest reason of a closure.
_LONGEST = 200


class Foreseen(Exception):  # noqa: N818  it ends a transaction that was only tried
    """How many deadlines would move; nothing of it is kept."""

    def __init__(self, moved: int) -> None:
        super().__init__(moved)
        self.moved = moved


@router.get("/calendar")
def calendar(visit: Visiting, year: Annotated[int | None, Query(ge=1990, le=2100)] = None) -> HTMLResponse:
    """The days of one year that are not worked."""
    return visit.read(lambda asking: _page(visit, asking, year, None))


def _page(
    visit: Visit, asking: Asking, year: int | None, typed: Typed | None, problem: str = "", moved: int | None = None
) -> HTMLResponse:
    shown = year or local_day(asking.work.now).year
    values = {
        "year": shown, "days": _days(asking, shown), "moved": moved, "may_change": asking.has(Role.administrator),
        "fields": filled(_QUESTIONS, typed.values, typed.errors) if typed else _QUESTIONS,
        "problems": [problem] if problem else [],
    }  # fmt: skip
    return page(visit, asking, "calendar.html", values, 422 if problem or (typed and typed.errors) else 200)


def _days(asking: Asking, year: int) -> Sequence[Row[Any]]:
    """Bank holidays and closures of a year, in order."""
    own = calendar_days.c.organisation_id == asking.organisation_id
    within = calendar_days.c.day.between(date(year, 1, 1), date(year, 12, 31))
    return asking.connection.execute(select(calendar_days).where(own, within).order_by(calendar_days.c.day)).all()


@router.post("/calendar")
def change(visit: Visiting, posted: Form) -> Response:
    """Foresee a closure, keep it, or take one back."""
    try:
        return visit.write(lambda asking: _changed(asking, posted))
    except Foreseen as foreseen:
        moved, problem = foreseen.moved, ""
    except Refused as refused:
        moved, problem = None, refused.why
    except Problem as refused:
        if refused.status != 422:  # noqa: PLR2004 - the status itself
            raise
        moved, problem = None, ""
    return visit.read(lambda asking: _again(visit, asking, posted, problem, moved))


def _again(visit: Visit, asking: Asking, posted: Posted, problem: str, moved: int | None) -> HTMLResponse:
    """The page with the closure that was typed, if it was one that was typed."""
    typed = None if posted.text("open") else _typed(asking, posted)
    return _page(visit, asking, None, typed, problem, moved)


def _changed(asking: Asking, posted: Posted) -> Response:
    asking.must_be(Role.administrator)
    opened = posted.text("open")
    if opened:
        remove_closure(asking.work, _day_of(opened))
    else:
        typed = _typed(asking, posted)
        if typed.errors:
            raise Problem(422, "invalid", "")
        moved = add_closure(asking.work, date.fromisoformat(typed.data["date"]), typed.data["reason"])
        if posted.text("do") != "close":
            raise Foreseen(moved)
    save(asking)
    return see_other("/calendar")


def _day_of(opened: str) -> date:
    """The day of a closure that is taken back. Raises Refused for what is no day, as for one without a closure."""
    try:
        return near(date.fromisoformat(opened))
    except ValueError:
        raise Refused("closed", f"The council has no closure on {opened}.") from None


def _typed(asking: Asking, posted: Posted) -> Typed:
    typed = Typed(_QUESTIONS, posted, asking.work.picture.directory)
    if len(posted.text("reason")) > _LONGEST:
        typed.errors["reason"] = _("Say it in at most %(number)s characters", number=_LONGEST)
    return typed
