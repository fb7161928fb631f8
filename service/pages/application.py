"""The pages as an application of their own: their routes, their files, and errors as pages instead of problems."""

from __future__ import annotations

from pathlib import Path

import structlog
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from service.pages import (
    calendar_feed,
    choosing_language,
    coming_back,
    concerning,
    desks,
    find,
    incidents,
    inspection,
    lists,
    looked,
    looking_through,
    matter,
    matter_picture,
    matters_list,
    moving,
    my_people,
    notices,
    opening,
    overview,
    person,
    policies,
    rebooking,
    records_asked_for,
    requesting,
    sandbox,
    schedule,
    sent_notices,
    service_health,
    signing_in,
    tokens,
    workflows,
    working_days,
    writing_record,
    your_tokens,
    your_work,
)
from service.pages.from_here import sent_from_here
from service.pages.languages import gettext as _
from service.pages.rendering import bare_page
from service.pages.signed_in_lately import NotLatelyError
from service.pages.unsent import unsent
from service.pages.visiting import WRONG_PROOF, SignedOutError, forget, see_other
from service.problems import PROBLEMS, Problem, as_problem, not_here, note, route_of
from service.storage.connection import UnknownTokenError
from service.watching.tracing import OWN_TRACES_ALONE

_log = structlog.get_logger()
STATIC = Path(__file__).with_name("static")


#: What has a page of its own comes before what has a general one.
ROUTES = (
    choosing_language, signing_in, coming_back, your_tokens, calendar_feed, your_work, matters_list, find, notices,
    looked, person, my_people, schedule, concerning, requesting, opening, matter, matter_picture, records_asked_for,
    looking_through, rebooking, writing_record, moving, incidents, inspection, lists, sent_notices, tokens,
    service_health, policies, workflows, working_days, sandbox, desks, overview,
)  # fmt: skip


def pages_app() -> FastAPI:
    """The application that answers everything but the API; its state is set by whoever mounts it."""
    app = FastAPI(
        openapi_url=None, docs_url=None, redoc_url=None, telemetry=OWN_TRACES_ALONE,
        dependencies=[Depends(sent_from_here)],
    )  # fmt: skip
    app.add_middleware(choosing_language.InTheirLanguage)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for routes in ROUTES:
        app.include_router(routes.router)
    for kind in PROBLEMS:
        app.add_exception_handler(kind, _expected)
    app.add_exception_handler(SignedOutError, _signed_out)
    app.add_exception_handler(UnknownTokenError, _signed_out)
    app.add_exception_handler(NotLatelyError, _not_lately)
    app.add_exception_handler(HTTPException, _by_status)
    app.add_exception_handler(RequestValidationError, _by_parameter)
    app.add_exception_handler(Exception, _unexpected)
    return app


async def _signed_out(request: Request, error: Exception) -> Response:
    back = error.back if isinstance(error, SignedOutError) else "/"
    kept = await unsent(request, _("You are not signed in any more."), 401)
    answer: Response = kept or see_other(signing_in.address(back))
    forget(answer, request.app.state.settings)
    return answer


def _not_lately(request: Request, error: Exception) -> Response:
    if not isinstance(error, NotLatelyError):
        raise error
    return see_other(signing_in.address_anew(request.app.state.settings, error.organisation, error.back))


async def _expected(request: Request, error: Exception) -> Response:
    problem = as_problem(error)
    note(request, problem)
    if problem.status == 401:  # noqa: PLR2004 - the status itself
        return await _signed_out(request, error)
    kept = await unsent(request, problem.detail, problem.status) if problem.code == WRONG_PROOF else None
    return kept or _shown(problem)


def _shown(problem: Problem) -> Response:
    answer = bare_page("problem.html", {"problem": problem}, problem.status)
    if "retry_after" in problem.more:
        answer.headers["Retry-After"] = str(problem.more["retry_after"])
    return answer


def _by_status(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:  # noqa: PLR2004 - the status itself
        return _shown(not_here())
    return _shown(Problem(status, "http", "This address does not take what was sent. Go back and try again."))


def _by_parameter(_request: Request, _error: Exception) -> Response:
    return _shown(Problem(422, "invalid", "Something in this address is not right. Go back and follow the link again."))


def _unexpected(request: Request, error: Exception) -> Response:
    _log.error("page_failed", route=route_of(request), exc_info=error)
    return _shown(Problem(500, "failed", "Something went wrong on our side. Nothing was kept; it has been logged."))
