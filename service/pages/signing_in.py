"""Signing in and out. In a sandbox anybody may be anybody; elsewhere `coming_back` has the rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

import structlog
from fastapi import APIRouter, Request
from fastapi import Form as FormField
from fastapi.responses import HTMLResponse, Response

from service.api.asking import Asking, Requests, address_of
from service.engine.work import Work
from service.identity.tokens import revoke
from service.identity.visits import VisitLimits, Visitor, begin_visit, browser_in_words, end_visit, end_visits
from service.pages.languages import gettext as _
from service.pages.rendering import bare_page
from service.pages.signed_in_lately import must_be_lately
from service.pages.visiting import Form, Visiting, forget, own_page, remember, see_other, token_of
from service.problems import not_here
from service.settings import Settings
from workflows.calendar import local_day
from workflows.directory import Person

_log = structlog.get_logger()
router = APIRouter()
#: Where somebody sees all their browsers.
YOUR_SIGN_INS = "/your-sign-ins"


def address(back: str) -> str:
    """Where to sign in, and where to go on afterwards."""
    return f"/sign-in?{urlencode({'back': back})}" if back != "/" else "/sign-in"


def address_anew(settings: Settings, organisation: UUID, back: str) -> str:
    """Where somebody shows once more who they are, and goes on afterwards; in a sandbox they say so."""
    asked = {"organisation": str(organisation), "back": back}
    if settings.sandbox:
        return f"/sign-in?{urlencode(asked)}"
    return f"/sign-in/with-council?{urlencode({**asked, 'anew': 'true'})}"


def councils(request: Request) -> dict[UUID, str]:
    """The councils whose people can sign in here, by their ids."""
    requests: Requests = request.app.state.requests
    places = requests.door.database.places_to_sign_in()
    return {p.organisation_id: p.name for p in places if p.has_provider or request.app.state.settings.sandbox}


@router.get("/sign-in")
def sign_in(request: Request, back: str = "/", organisation: UUID | None = None) -> HTMLResponse:
    """Whom to be: first the council; in a sandbox then the person."""
    sandbox = request.app.state.settings.sandbox
    known = councils(request)
    values = {"councils": known, "back": own_page(back), "anybody": sandbox}
    if organisation is None or not sandbox:
        return bare_page("sign_in.html", values)
    if organisation not in known:
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
        teams.setdefault(person.team or _("The council"), []).append(person)
    return {"teams": teams, "now": work.now}


@router.post("/sign-in")
def signed_in(
    request: Request,
    organisation: Annotated[UUID, FormField()],
    person: Annotated[str, FormField()],
    back: Annotated[str, FormField()] = "/",
) -> Response:
    """Be somebody of a sandbox."""
    if not request.app.state.settings.sandbox or organisation not in councils(request):
        raise not_here()
    request.app.state.requests.rates.attempt(address_of(request))

    def who(work: Work) -> str:
        found = work.picture.directory.get(person)
        if found is None or not found.in_post(local_day(work.now)):
            raise not_here()
        return person

    shown_at = request.app.state.requests.door.database.now()
    return arrive(request, organisation, who, back, shown_at)


def arrive(
    request: Request, organisation: UUID, who: Callable[[Work], str], back: str, authenticated_at: datetime | None
) -> Response:
    """Sign the browser in as whoever it is, and go on; its token from before is of no use any more."""
    settings, requests = request.app.state.settings, request.app.state.requests
    browser = browser_in_words(request.headers.get("user-agent", ""))
    database = requests.door.database

    def piece(work: Work) -> tuple[str, str]:
        person, moment = who(work), database.moment(work.connection)
        limits = VisitLimits.of(settings)
        visitor = Visitor(person, browser, authenticated_at)
        return person, begin_visit(work.connection, organisation, visitor, work.now, moment, limits)

    person, token = requests.door.run(organisation, piece)
    _log.info("signed_in", organisation=str(organisation), person=person, address=address_of(request))
    before = token_of(request)
    if before is not None:
        end_visit(database, before)
    answer = see_other(own_page(back))
    remember(answer, settings, token)
    return answer


@router.post("/sign-out")
def sign_out(visit: Visiting, posted: Form) -> Response:
    """End the visit, or with `everywhere` those of all the person's browsers, and their calendar feed with them."""

    def piece(asking: Asking) -> tuple[UUID, str]:
        own, now = asking.organisation_id, asking.work.now
        if posted.text("everywhere"):
            must_be_lately(visit, asking, YOUR_SIGN_INS)
            end_visits(asking.connection, own, asking.ref, now)
        else:
            revoke(asking.connection, own, asking.token_id, now)
        return own, asking.ref

    organisation, person = visit.write(piece)
    _log.info("signed_out", organisation=str(organisation), person=person)
    answer = see_other("/sign-in")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    forget(answer, visit.settings)
    return answer
