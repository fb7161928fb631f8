"""Signing in at the council's own provider: there, and back again."""

from __future__ import annotations

import hmac
import time
from functools import partial
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer
from msgspec.structs import astuple

from service.api.asking import Requests, address_of
from service.engine.work import Work
from service.identity.openid import BACK, Attempt, Identity, NotShownError, OpenId, ProviderAwayError
from service.identity.providers import Provider, provider_of
from service.identity.recognising import NotRecognisedError, recognise
from service.pages.signing_in import arrive
from service.pages.visiting import cookie_name, is_secure, own_page
from service.problems import Problem, not_here
from service.settings import Settings
from service.storage.wrapping import derived_key
from workflows.calendar import local_day

_log = structlog.get_logger()
router = APIRouter()
#: Seconds within which somebody comes back.
_WITHIN = 600
#: No code or state of a provider is longer.
_LONGEST = 4_096
_Said = Annotated[str, Query(max_length=_LONGEST)]


@router.get("/sign-in/with-council")
def leave(
    request: Request,
    organisation: UUID,
    back: str = "/",
    anew: bool = False,  # noqa: FBT001, FBT002 - part of the address
) -> Response:
    """Go to the council's provider, which asks somebody anew even where it still knows them."""
    _only_outside_a_sandbox(request)
    requests: Requests = request.app.state.requests
    requests.rates.attempt(address_of(request))
    attempt = Attempt.new(organisation.hex, own_page(back), since=int(time.time()) if anew else None)
    try:
        there = _open_id(request).way_there(_provider(request, organisation), attempt)
    except ProviderAwayError as error:
        raise _away(organisation, error) from None
    answer = RedirectResponse(there, status_code=303)
    _remember(answer, request.app.state.settings, attempt)
    return answer


@router.get(BACK)
def come_back(
    request: Request, code: _Said = "", state: _Said = "", error: _Said = "", iss: _Said | None = None
) -> Response:
    """Come back from there. Whoever has not shown who they are, or is nobody here, stays out."""
    _only_outside_a_sandbox(request)
    requests: Requests = request.app.state.requests
    requests.rates.attempt(address_of(request))
    if error or not code:
        raise _again("You were not signed in. Sign in again, and let your council tell us who you are.")
    attempt = _attempt(request)
    if attempt is None or not hmac.compare_digest(state.encode(), attempt.state.encode()):
        raise _again("Signing in took too long, or began in another window. Sign in again.")
    organisation = UUID(attempt.organisation)
    try:
        identity = _shown(request, attempt, code, iss)
        answer = arrive(
            request, organisation, partial(_who, request, identity), attempt.back, identity.authenticated_at
        )
    except ProviderAwayError as away:
        raise _away(organisation, away) from None
    except (NotShownError, NotRecognisedError) as refused:
        _log.warning("sign_in_refused", organisation=str(organisation), reason=refused.reason)
        raise _again(
            "Your council’s sign-in does not lead to anybody who works here now. Ask the people who look after this "
            "service at your council, and tell them when you tried."
        ) from None
    _forget(answer, request.app.state.settings)
    return answer


def _shown(request: Request, attempt: Attempt, code: str, issuer: str | None) -> Identity:
    provider = _provider(request, UUID(attempt.organisation))
    if issuer is not None and issuer != provider.issuer:
        raise NotShownError("came back from another issuer")
    return _open_id(request).identity(provider, attempt, code)


def _who(request: Request, identity: Identity, work: Work) -> str:
    moment = request.app.state.requests.door.database.moment(work.connection)
    return recognise(work.connection, work.organisation.id, identity, local_day(work.now), moment)


def _provider(request: Request, organisation: UUID) -> Provider:
    door, settings = request.app.state.requests.door, request.app.state.settings
    if organisation not in {place.organisation_id for place in door.database.places_to_sign_in()}:
        raise not_here()
    with door.database.read(organisation) as connection:
        sealer = door.work(connection, organisation).sealer
        found = provider_of(connection, organisation, sealer, settings.sign_in_secrets)
    if found is None:
        raise not_here()
    return found


def _open_id(request: Request) -> OpenId:
    found: OpenId = request.app.state.open_id
    return found


def _only_outside_a_sandbox(request: Request) -> None:
    if request.app.state.settings.sandbox:
        raise not_here()


def _again(sentence: str) -> Problem:
    return Problem(403, "not_signed_in", sentence, sign_in="/sign-in")


def _away(organisation: UUID, error: ProviderAwayError) -> Problem:
    _log.error("sign_in_provider_away", organisation=str(organisation), why=str(error))
    return Problem(503, "away", "Your council’s sign-in does not answer. Nothing was lost; try again soon.")


# -- what the browser remembers on the way
def _remember(answer: Response, settings: Settings, attempt: Attempt) -> None:
    # Lax, since the browser comes back from another site.
    answer.set_cookie(
        _cookie(settings), _signer(settings).dumps(astuple(attempt)), max_age=_WITHIN, path="/", httponly=True,
        secure=is_secure(settings), samesite="lax",
    )  # fmt: skip


def _attempt(request: Request) -> Attempt | None:
    settings = request.app.state.settings
    kept = request.cookies.get(_cookie(settings), "")
    try:
        return Attempt(*_signer(settings).loads(kept, max_age=_WITHIN))
    except BadSignature:
        return None


def _forget(answer: Response, settings: Settings) -> None:
    answer.delete_cookie(_cookie(settings), path="/", secure=is_secure(settings), httponly=True, samesite="lax")


def _cookie(settings: Settings) -> str:
    return f"{cookie_name(settings)}-sign-in"


def _signer(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(derived_key(settings.secret_key.get_secret_value(), "sign-in attempts"))
