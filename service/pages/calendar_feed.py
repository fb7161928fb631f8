"""The visitor's calendar feed: an address for a calendar of their own, shown once, renewed and stopped by them."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from service.api.asking import Asking
from service.api.replays import Answer, once
from service.calendar_feeds.feeds import end_feed, made_at, path_of, renew_feed
from service.pages.rendering import page
from service.pages.signed_in_lately import must_be_lately
from service.pages.visiting import Form, Visit, Visiting, see_other

router = APIRouter()
ADDRESS = "/calendar-feed"
_STOP = "stop"
#: The API below which feeds are; calendars ask for them like machines do.
_BELOW = "/api/v1"


@router.get(ADDRESS)
def calendar_feed(visit: Visiting, *, stopped: bool = False) -> HTMLResponse:
    """Whether there is a feed, and what can be done."""
    return visit.read(lambda asking: _shown(visit, asking, stopped=stopped))


@router.post(ADDRESS)
def change(visit: Visiting, posted: Form) -> Response:
    """Stop the feed, or make a new address for it, which stands on the page that answers and nowhere else.

    The address outlasts the visit, so that it is made for whoever has just shown who they are; stopping it is quick.
    """
    if posted.text("do") == _STOP:
        visit.write(lambda asking: end_feed(asking.connection, asking.organisation_id, asking.ref))
        return see_other(f"{ADDRESS}?stopped=true")
    shown: list[str] = []

    def piece(asking: Asking) -> Response:
        shown.clear()
        must_be_lately(visit, asking, ADDRESS)
        once(asking, posted.sent({"do": "renew"}), "pages/calendar-feed", lambda: _renewed(asking, shown))
        address = f"{visit.settings.base_url}{_BELOW}{path_of(shown[0])}" if shown else None
        return _shown(visit, asking, address=address, was_shown=not shown)

    return visit.write(piece)


def _renewed(asking: Asking, shown: list[str]) -> Answer:
    shown.append(renew_feed(asking.connection, asking.organisation_id, asking.ref, asking.work.now))
    return Answer(201, {})


def _shown(
    visit: Visit, asking: Asking, *, address: str | None = None, was_shown: bool = False, stopped: bool = False
) -> HTMLResponse:
    values = {
        "made_at": made_at(asking.connection, asking.organisation_id, asking.ref), "address": address,
        "was_shown": was_shown, "stopped": stopped,
    }  # fmt: skip
    return page(visit, asking, "calendar_feed.html", values)
