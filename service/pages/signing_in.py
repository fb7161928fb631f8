"""Signing in and out. In a sandbox anybody may be anybody."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi import Form as FormField
from fastapi.responses import HTMLResponse, Response

from service.api.asking import Requests
from service.engine.work import Work
from service.identity.tokens import hash_of, keep_token, revoke_hashed
from service.organisations import every_organisation
from service.pages.rendering import bare_page
from service.pages.visiting import Form, Visiting, forget, remember, see_other
from service.problems import not_here
from workflows.calendar import local_day
from workflows.directory import Person

router = APIRouter()
#: What a token that stands for a browser may be used for.
BROWSER = ("browser",)


def address(back: str) -> str:
    """Where to sign in, and where to go on afterwards."""
    return f"/sign-in?{urlencode({'back': back})}" if back != "/" else "/sign-in"


def _own_page(back: str) -> str:
    """A path of this service; anything else would let a link lead people away after they signed in."""
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"


@router.get("/sign-in")
def sign_in(request: Request, back: str = "/", organisation: UUID | None = None) -> HTMLResponse:
    """Whom to be: first the council, then the person."""
    settings = request.app.state.settings
    if not settings.sandbox:
        return bare_page("sign_in.html", {"councils": {}, "back": _own_page(back)})
    councils = every_organisation(settings)
    values = {"councils": councils, "back": _own_page(back)}
    if organisation is None:
        return bare_page("sign_in.html", values)
    if organisation not in councils:
        raise not_here()
    return bare_page("sign_in_as.html", values | {"organisation": organisation, **_people(request, organisation)})


def _people(request: Request, organisation: UUID) -> dict[str, object]:
    requests: Requests = request.app.state.requests
    with requests.door.database.read(organisation) as connection:
        work = requests.door.work(connection, organisation)
        today = local_day(work.now)
        found = [p for p in work.picture.directory.people.values() if p.in_post(today)]
    teams: dict[str, list[Person]] = {}
    for person in sorted(found, key=lambda p: p.ref):
        teams.setdefault(person.team or "The council", []).append(person)
    return {"teams": teams, "now": work.now}


@router.post("/sign-in")
def signed_in(
    request: Request,
    organisation: Annotated[UUID, FormField()],
    person: Annotated[str, FormField()],
    back: Annotated[str, FormField()] = "/",
) -> Response:
    """Be somebody of a sandbox."""
    settings, requests = request.app.state.settings, request.app.state.requests
    if not settings.sandbox or organisation not in every_organisation(settings):
        raise not_here()

    def piece(work: Work) -> str:
        if work.picture.directory.get(person) is None:
            raise not_here()
        return keep_token(work.connection, work.organisation.id, person, "browser", BROWSER, work.now, expires_at=None)

    answer = see_other(_own_page(back))
    remember(answer, settings, requests.door.run(organisation, piece))
    return answer


@router.post("/sign-out")
def sign_out(visit: Visiting, posted: Form) -> Response:
    """End the visit; the token is of no use any more."""
    del posted
    visit.write(
        lambda asking: revoke_hashed(asking.connection, asking.organisation_id, hash_of(visit.token), asking.work.now)
    )
    answer = see_other("/sign-in")
    forget(answer, visit.settings)
    return answer
