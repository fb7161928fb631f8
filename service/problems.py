"""What goes wrong, as problem details (RFC 9457): a stable code, and a sentence that tells people what to do next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from pydantic import ValidationError
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from service.engine.due import BackwardsError
from service.engine.lists import CursorError
from service.engine.present import MatterUnknownError
from service.engine.writing import StaleError
from service.storage.connection import UnknownTokenError
from service.watching.metrics import REFUSALS
from workflows.refusals import NotYourMove, Refused, UnknownMove

_log = structlog.get_logger()
_TITLES = {
    400: "The request cannot be read",
    401: "Who are you?",
    403: "This is not yours to do",
    404: "There is nothing here",
    405: "This cannot be done here",
    409: "This is not possible now",
    412: "It has changed meanwhile",
    413: "That is too much at once",
    415: "This kind of content is not understood",
    422: "Something in what was sent is not right",
    429: "Too many requests",
    503: "Not now",
}


#: What a request is answered that somebody had no right to make, but for one that shows no token at all.
_NOTED, _NOTHING_SHOWN = frozenset({401, 403}), "no_token"


class Problem(Exception):  # noqa: N818  it is an answer
    """An answer that is not what was asked for."""

    def __init__(
        self, status: int, code: str, detail: str, errors: Sequence[dict[str, Any]] = (), **more: object
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.errors, self.more = status, code, detail, errors, more


def not_here() -> Problem:
    """What is not theirs to know answers like what does not exist."""
    return Problem(404, "not_found", "There is nothing here under this address, or nothing that you may see.")


def invalid(errors: Sequence[dict[str, Any]]) -> Problem:
    """Fields that are missing, unknown or wrong, each named."""
    return Problem(422, "invalid", "Some fields are missing or not right; each is listed in “errors”.", errors)


def invalid_fields(error: ValidationError, below: str = "") -> Problem:
    """What a payload's own rules found."""
    rows = [
        {"pointer": below + "".join(f"/{part}" for part in found["loc"]), "message": found["msg"]}
        for found in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    return invalid(rows)


def unkeepable() -> Problem:
    """Text with U+0000 in it, or a number that no column holds."""
    return Problem(400, "malformed", "Some text has characters that no text here can have.")


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The problem as it is sent, with the `headers` that belong to its status."""
    body: dict[str, Any] = {
        "type": f"urn:supervision:problem:{problem.code}",
        "title": _TITLES.get(problem.status, "Something went wrong"),
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        **problem.more,
    }
    if problem.errors:
        body["errors"] = list(problem.errors)
    headers = {**headers_of(problem), **(headers or {})}
    return JSONResponse(body, problem.status, headers, media_type="application/problem+json")


def headers_of(problem: Problem) -> dict[str, str]:
    """What a problem says to programs in its headers."""
    headers = {}
    if problem.status == 401:  # noqa: PLR2004 - the status itself
        headers["WWW-Authenticate"] = "Bearer"
    if "scope" in problem.more:
        headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{problem.more["scope"]}"'
    if "retry_after" in problem.more:
        headers["Retry-After"] = str(problem.more["retry_after"])
    return headers


#: What the expected errors of the layers below are to people, the narrower kind first.
PROBLEMS: dict[type[Exception], Callable[[Any], Problem]] = {
    Problem: lambda problem: problem,
    NotYourMove: lambda error: Problem(403, "not_your_move", error.why),
    UnknownMove: lambda error: invalid([{"pointer": "/trigger", "message": error.why}]),
    Refused: lambda error: Problem(409, "refused", error.why, guard=error.guard.removeprefix("_")),
    UnknownTokenError: lambda error: Problem(401, "unknown_token", str(error)),
    MatterUnknownError: lambda _: not_here(),
    CursorError: lambda _: Problem(
        400, "malformed", "This cursor comes from no page of this list: start again without it."
    ),
    BackwardsError: lambda error: Problem(409, "refused", str(error), guard="forward_only"),
    StaleError: lambda _: Problem(409, "busy", "Others are changing the same thing. Nothing was kept; try again."),
    DataError: lambda _: unkeepable(),
    OperationalError: lambda _: Problem(
        503, "away", "The database cannot be reached or is busy. Nothing was kept; try again soon."
    ),
}


def as_problem(error: Exception) -> Problem:
    """The problem that an expected error is. Raises StopIteration for any other."""
    return next(build(error) for kind, build in PROBLEMS.items() if isinstance(error, kind))


def install(app: FastAPI) -> None:
    """Let every error of the application answer as a problem."""
    for kind in PROBLEMS:
        app.add_exception_handler(kind, _expected)
    app.add_exception_handler(HTTPException, _by_status)
    app.add_exception_handler(RequestValidationError, _by_parameter)
    app.add_exception_handler(Exception, _unexpected)


def _expected(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, Refused):
        REFUSALS.labels(error.guard.removeprefix("_")).inc()
    problem = as_problem(error)
    note(request, problem)
    return answer(problem)


def note(request: Request, problem: Problem) -> None:
    """Write down who was not let in, or did what is not theirs, by where they came from: probing is seen by that.

    Whoever shows nothing could fill the log; whoever is refused too often is written down where that is counted.
    """
    if problem.status in _NOTED and problem.code != _NOTHING_SHOWN:
        address = request.client.host if request.client else ""
        _log.info("request_refused", route=route_of(request), code=problem.code, address=address)


def _by_status(request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:  # noqa: PLR2004 - the status itself
        return answer(not_here())
    title = _TITLES.get(status, "Something went wrong")
    headers = error.headers if isinstance(error, HTTPException) else None
    if status == 405:  # noqa: PLR2004 - the status itself
        headers = {"Allow": ", ".join(sorted(_methods_here(request)))}
    return answer(Problem(status, title.lower().replace(" ", "_"), f"{title}."), headers)


def _methods_here(request: Request) -> set[str]:
    """What may be done at an address; Starlette names the methods of its first route alone."""
    app: FastAPI = request.app
    found: set[str] = set()
    for route in iter_route_contexts(app.routes):
        pattern, _, _ = compile_path(route.path or "")
        if pattern.match(request.url.path):
            found |= set(route.methods or ())
    return found


def _by_parameter(_request: Request, error: Exception) -> JSONResponse:
    found = error.errors() if isinstance(error, RequestValidationError) else []
    return answer(invalid([{"pointer": "/".join(("", *map(str, row["loc"]))), "message": row["msg"]} for row in found]))


def route_of(request: Request) -> str:
    """A request's route for the log: addresses themselves name people, and some of them are secrets."""
    route = request.scope.get("route")
    return f"{request.method} {getattr(route, 'path', 'no route')}"


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    _log.error("request_failed", route=route_of(request), exc_info=error)
    return answer(Problem(500, "failed", "Something went wrong on our side. Nothing was kept; it has been logged."))
