"""The sandbox's clock as a page: where it stands, what it comes to next, and moving it forward."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import and_, select

from service.api.asking import Asking
from service.engine.due import BackwardsError, advance
from service.identity.grounds import SEALED
from service.pages.fields import Field, filled
from service.pages.languages import gettext as _
from service.pages.reading_forms import Typed
from service.pages.rendering import page
from service.pages.visiting import Form, Visit, Visiting, see_other
from service.problems import not_here
from service.storage.matter_tables import deadlines, matters
from workflows.calendar import LONDON

_DAY = timedelta(days=1)
#: When people come to work.
_MORNING = time(9)
_TO = Field("to", "instant", "Forward to", "The clock only goes forward.", required=True)


def _only_in_a_sandbox(request: Request) -> None:
    if not request.app.state.settings.sandbox:
        raise not_here()


router = APIRouter(dependencies=[Depends(_only_in_a_sandbox)])
#: Where the clock can be sent by one press, from an instant.
_AHEAD: dict[str, Callable[[datetime], datetime]] = {
    "tomorrow": lambda now: _morning(now, 1),
    "week": lambda now: _morning(now, 7),
    "month": lambda now: _morning(now, 30),
}


def _morning(now: datetime, days: int) -> datetime:
    return datetime.combine((now.astimezone(LONDON) + days * _DAY).date(), _MORNING, LONDON)


def next_deadline(asking: Asking) -> datetime | None:
    """The first instant at which something will be enforced that is not sealed; None where nothing waits."""
    own = (deadlines.c.organisation_id == asking.organisation_id, deadlines.c.fires_at.is_not(None))
    matter = and_(matters.c.organisation_id == deadlines.c.organisation_id, matters.c.id == deadlines.c.matter_id)
    query = select(deadlines.c.fires_at).join(matters, matter).where(*own, matters.c.workflow.not_in(SEALED))
    found: datetime | None = asking.connection.execute(query.order_by(deadlines.c.fires_at).limit(1)).scalar()
    return found


@router.get("/clock")
def clock(visit: Visiting, fired: int | None = None) -> HTMLResponse:
    """Where the clock stands, and where it can be sent."""
    return visit.read(lambda asking: _page(visit, asking, None, fired))


def _page(visit: Visit, asking: Asking, typed: Typed | None, fired: int | None = None) -> HTMLResponse:
    fields = filled([_TO], typed.values, typed.errors) if typed else [_TO]
    values = {"fields": fields, "next": next_deadline(asking), "fired": fired}
    return page(visit, asking, "clock.html", values, 422 if typed else 200)


@router.post("/clock")
def move_clock(visit: Visiting, posted: Form) -> Response:
    """Send the clock forward: to the next deadline, by some days, or to an instant that was typed."""

    def wanted(asking: Asking) -> datetime | Typed:
        step = posted.text("step")
        if step == "next":
            return next_deadline(asking) or asking.work.now
        if step in _AHEAD:
            return _AHEAD[step](asking.work.now)
        typed = Typed([_TO], posted, asking.work.picture.directory)
        return typed if typed.errors else datetime.fromisoformat(typed.data["to"])

    def again(asking: Asking) -> HTMLResponse:
        typed = Typed([_TO], posted, asking.work.picture.directory)
        typed.errors.setdefault("to", _("The clock is there already or past it: enter a later time"))
        return _page(visit, asking, typed)

    to = visit.read(wanted)
    if isinstance(to, Typed):
        return visit.read(again)
    own = visit.read(lambda asking: asking.organisation_id)
    try:
        reached = advance(visit.asks.door, own, to)
    except BackwardsError:
        return visit.read(again)
    return see_other(f"/clock?{urlencode({'fired': reached.fired})}")
