"""Who visits a page: the cookie's token becomes a person, and a form is known to come from one of our own pages."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from msgspec import Struct
from starlette.datastructures import FormData

from service.api.asking import Asking, Requests, address_of
from service.identity.scopes import Credential, Scope
from service.pages.posted import Posted
from service.pages.proofs import proof_of
from service.problems import Problem
from service.settings import Settings
from service.web_doors import MOST_BYTES

_T = TypeVar("_T")
#: The hidden field in which a form proves where it comes from.
PROOF = "proof"
#: The code of a form that was made for somebody else than who is signed in now, or before the secret was another one.
WRONG_PROOF = "wrong_proof"


class SignedOutError(Exception):
    """Nobody is signed in, or not any more; `back` is the page that was asked for, to go on with afterwards."""

    def __init__(self, back: str) -> None:
        super().__init__(back)
        self.back = back


class Visit(Struct, frozen=True):
    """One visit of somebody who is signed in."""

    request: Request
    token: Credential
    settings: Settings
    asks: Requests

    def read(self, piece: Callable[[Asking], _T]) -> _T:
        """Read something as the visitor."""
        with self.asks.reading(self.token) as asking:
            return piece(asking)

    def write(self, piece: Callable[[Asking], _T]) -> _T:
        """Do something as the visitor, in one transaction. The piece may be called again."""
        return self.asks.writing(self.token, piece)


def cookie_name(settings: Settings) -> str:
    """Bound to this host by its prefix, where the service is reached by HTTPS."""
    return "__Host-supervision" if is_secure(settings) else "supervision"


def is_secure(settings: Settings) -> bool:
    """Whether people reach the service by HTTPS."""
    return settings.base_url.startswith("https://")


def remember(response: Response, settings: Settings, token: str) -> None:
    """Let the browser bring the token along until it is closed, or signed out."""
    response.set_cookie(
        cookie_name(settings), token, httponly=True, secure=is_secure(settings), samesite="lax", path="/"
    )


def forget(response: Response, settings: Settings) -> None:
    """Take the token out of the browser."""
    response.delete_cookie(cookie_name(settings), path="/", secure=is_secure(settings), httponly=True, samesite="lax")


def token_of(request: Request) -> str | None:
    """The token in the browser's cookie, whatever it is worth."""
    return request.cookies.get(cookie_name(request.app.state.settings)) or None


async def visit_of(request: Request) -> Visit:
    """The visit of whoever is signed in. Raises SignedOutError."""
    settings: Settings = request.app.state.settings
    token = token_of(request)
    if token is None:
        query = f"?{request.url.query}" if request.url.query else ""
        raise SignedOutError(f"{request.url.path}{query}" if request.method == "GET" else "/")
    credential = Credential(token, Scope.browser, address_of(request))
    return Visit(request, credential, settings, request.app.state.requests)


def form_of(request: Request) -> AbstractAsyncContextManager[FormData]:
    """What a browser sent, with as much in it as any page of ours asks for."""
    return request.form(max_files=1, max_fields=2_000, max_part_size=MOST_BYTES)


async def posted_by(request: Request, visit: Annotated[Visit, Depends(visit_of)]) -> AsyncIterator[Posted]:
    """The form that the visitor sent from one of our pages. Raises Problem 403 for one that came from elsewhere."""
    async with form_of(request) as form:
        owner = await run_in_threadpool(visit.asks.owner_of, visit.token)
        wanted = proof_of(visit.settings, owner.organisation_id, owner.person)
        if not hmac.compare_digest(str(form.get(PROOF, "")).encode(), wanted.encode()):
            raise Problem(
                403, WRONG_PROOF, "This form is out of date: load the page again, or sign in as whoever opened it."
            )
        yield Posted(form)


def see_other(path: str) -> RedirectResponse:
    """Answer a form by a page, so that loading it again sends nothing twice."""
    return RedirectResponse(path, status_code=303)


def own_page(back: str) -> str:
    """A path of this service; anything else would let a link lead people away from here."""
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"


Visiting = Annotated[Visit, Depends(visit_of)]
Form = Annotated[Posted, Depends(posted_by)]
