"""Where somebody is signed in, and what asks in their name, their calendar among it: to look over, and to end."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Row

from service.api.asking import Asking, matter_id_of
from service.api.tokens import MOST, shape_of
from service.calendar_feeds.feeds import made_at
from service.identity.scopes import Scope
from service.identity.tokens import list_usable, revoke
from service.pages.languages import gettext as _
from service.pages.rendering import page
from service.pages.signed_in_lately import must_be_lately
from service.pages.signing_in import YOUR_SIGN_INS as ADDRESS
from service.pages.visiting import Form, Visit, Visiting, see_other
from service.problems import not_here

router = APIRouter()
#: How a browser is called that is not known, among those that are known by name.
_UNKNOWN = "A browser"


@router.get(ADDRESS)
def your_tokens(visit: Visiting, ended: bool = False) -> HTMLResponse:  # noqa: FBT001, FBT002 - part of the address
    """The browsers and the tokens of whoever visits."""

    def read(asking: Asking) -> HTMLResponse:
        rows = _mine(visit, asking)
        browsers = [_browser(asking, row) for row in rows if Scope.browser in row.scopes]
        tokens = [_shown(asking, row) for row in rows if Scope.browser not in row.scopes]
        feed = made_at(asking.connection, asking.organisation_id, asking.ref)
        values = {"browsers": browsers, "tokens": tokens, "feed": feed, "ended": ended}
        return page(visit, asking, "your_tokens.html", values)

    return visit.read(read)


@router.post(ADDRESS)
def end(visit: Visiting, posted: Form) -> Response:
    """End one of them, for whoever has just shown who they are."""

    def piece(asking: Asking) -> bool:
        must_be_lately(visit, asking, ADDRESS)
        wanted = matter_id_of(posted.text("id"))
        return revoke(asking.connection, asking.organisation_id, wanted, asking.work.now, asking.ref)

    if not visit.write(piece):
        raise not_here()
    return see_other(f"{ADDRESS}?ended=true")


def _mine(visit: Visit, asking: Asking) -> list[Row[Any]]:
    moment = visit.asks.door.database.moment(asking.connection)
    # More than anybody can have: only sandbox tokens are without number.
    return list(list_usable(asking.connection, asking.organisation_id, moment, asking.ref, None, 4 * MOST))


def _browser(asking: Asking, row: Row[Any]) -> dict[str, Any]:
    """A browser by its kept name, such as "Firefox on Windows"."""
    browser, on, system = row.name.partition(" on ")
    browser = _("A browser") if browser == _UNKNOWN else browser
    name = _("%(browser)s on %(system)s", browser=browser, system=system) if on else browser
    return {**_shown(asking, row), "name": name}


def _shown(asking: Asking, row: Row[Any]) -> dict[str, Any]:
    return {**shape_of(row), "is_this": row.id == asking.token_id}
