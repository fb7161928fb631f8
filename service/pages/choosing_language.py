"""Which language somebody is answered in: the first that is offered, until they follow a link to another one.

Addresses stay what they are; the choice is kept in a cookie, so that it needs neither a script nor a sign-in.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import MutableHeaders

from service.pages.languages import Language, current, speak
from service.pages.visiting import cookie_name, is_secure, own_page, see_other
from service.problems import not_here

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from service.settings import Settings

router = APIRouter()
#: A year in seconds: as long as people need not choose again.
_KEPT = 365 * 24 * 60 * 60
#: What the page that is answered offers: the languages, and where to come back to.
_OFFERED: ContextVar[tuple[tuple[Language, ...], str]] = ContextVar("offered", default=((), "/"))


class Choice(NamedTuple):
    """One language to choose from, in its own words; the one that the page is in leads nowhere."""

    tag: str
    name: str
    href: str
    is_this: bool


class InTheirLanguage:
    """Answers each request in the language that its reader has chosen, and says in the headers which that is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        offered: tuple[Language, ...] = request.app.state.languages
        chosen = request.cookies.get(cookie(request.app.state.settings))
        spoken = next((one for one in offered if one.tag == chosen), offered[0])
        # It is not taken back: a page that says what failed is made after everything here has ended.
        speak(spoken)
        _OFFERED.set((offered, _here(request)))

        async def with_language(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith(("text/html", "text/csv")):
                    headers["Content-Language"] = spoken.tag
                    headers.add_vary_header("Cookie")
            await send(message)

        await self._app(scope, receive, with_language)


def cookie(settings: Settings) -> str:
    """The cookie that keeps the choice."""
    return f"{cookie_name(settings)}-language"


def choices() -> list[Choice]:
    """The languages to choose from on the page that is answered."""
    offered, back = _OFFERED.get()
    return [
        Choice(one.tag, one.name, f"/language/{one.tag}?{urlencode({'back': back})}", one is current())
        for one in offered
    ]


def _here(request: Request) -> str:
    """The page on which somebody is; what a form was answered with is gone, and the form itself is not."""
    if request.method == "GET":
        return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    came_from = urlsplit(request.headers.get("referer", ""))
    if came_from.netloc != request.url.netloc:
        return "/"
    return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path


@router.get("/language/{tag}")
def choose(request: Request, tag: str, back: str = "/") -> Response:
    """Keep the choice, and go back to the same page."""
    if tag not in {one.tag for one in request.app.state.languages}:
        raise not_here()
    settings: Settings = request.app.state.settings
    answer = see_other(own_page(back))
    answer.set_cookie(
        cookie(settings), tag, max_age=_KEPT, path="/", httponly=True, secure=is_secure(settings), samesite="lax"
    )
    return answer
