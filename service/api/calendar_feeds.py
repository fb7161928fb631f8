"""Calendar feeds: an address that nobody can guess, for calendars that cannot sign in."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response

from service.api.asking import Asking, Asks, Token, WholeToken, address_of
from service.api.bodies import Body
from service.api.replays import Answer, once
from service.calendar_feeds.events import as_ical
from service.calendar_feeds.feeds import end_feed, organisation_in, owner_of, path_of, renew_feed
from service.engine.reading import Reader
from service.identity.access import Viewer
from service.problems import not_here
from workflows.calendar import local_day

router = APIRouter(tags=["calendar feeds"])
_NOT_CHANGED = 304


@router.post("/me/calendar-feed", status_code=201, summary="Make a new address for your calendar feed")
def renew(request: Request, token: WholeToken, body: Body, asks: Asks) -> dict[str, Any]:
    """Answers the address this once; an earlier one leads nowhere now. Whoever has it sees when you are busy.

    It outlasts the token, so that only a token for everything makes one. A retry under the same key makes no other, and
    is not told the address again.
    """
    settings, prefix = request.app.state.settings, request.url.path.removesuffix("/me/calendar-feed")
    shown: list[str] = []

    def piece(asking: Asking) -> Answer:
        shown.clear()
        return once(asking, body, "me/calendar-feed", lambda: _renewed(asking, shown))

    asks.writing(token, piece)
    return {"url": f"{settings.base_url}{prefix}{shown[0]}" if shown else None}


def _renewed(asking: Asking, shown: list[str]) -> Answer:
    """A new address; its secret goes to `shown`, and into no answer that is kept."""
    shown.append(path_of(renew_feed(asking.connection, asking.organisation_id, asking.ref, asking.work.now)))
    return Answer(201, {})


@router.delete("/me/calendar-feed", status_code=204, summary="Take your calendar feed back")
def end(token: Token, asks: Asks) -> Response:
    """Its address leads nowhere from now on."""
    asks.writing(token, lambda asking: end_feed(asking.connection, asking.organisation_id, asking.ref))
    return Response(status_code=204)


@router.get(
    "/calendar-feeds/{secret}.ics", summary="Somebody's calendar feed", response_class=Response,
    responses={_NOT_CHANGED: {"description": "It is as it was"}},
)  # fmt: skip
def feed(secret: str, request: Request, asks: Asks, if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """Sessions and what is due, as iCalendar, under titles that tell nobody anything."""
    with asks.rates.guessing(address_of(request)):
        found = _calendar(secret, request, asks)
    tag = f'"{hashlib.sha256(found).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, max-age=900"}
    known = {one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")}
    if tag in known:
        return Response(status_code=_NOT_CHANGED, headers=headers)
    return Response(found, media_type="text/calendar; charset=utf-8", headers=headers)


def _calendar(secret: str, request: Request, asks: Asks) -> bytes:
    """Raises Problem 404 for an address that leads nowhere, or to somebody who is not in post."""
    own = organisation_in(secret)
    if own is None:
        raise not_here()
    with asks.door.database.read(own) as connection:
        person = owner_of(connection, own, secret)
        if person is None:
            raise not_here()
        work = asks.door.work(connection, own)
        today, known = local_day(work.now), work.picture.directory.get(person)
        if known is None or not known.in_post(today):
            raise not_here()
        viewer = Viewer.of(work.organisation, person, work.picture, work.picture.policy_on(today).access)
        reader = Reader(connection, work.organisation, work.picture, work.sealer, viewer)
        return as_ical(reader, request.app.state.settings.base_url)
