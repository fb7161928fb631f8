"""The description of the API (OpenAPI): what each route takes and answers, and every problem that it may answer with.

It is made once, when somebody asks for it; no request is checked against it. The tests hold the routes to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, NamedTuple

from fastapi import FastAPI
from pydantic import TypeAdapter

from service.api import answers as a
from service.api import answers_copies as copies
from service.api import answers_council as own
from service.api.council import Closure, Reopening
from service.api.diagrams import MEDIA_TYPES
from service.api.moves import OPENED_BY_PEOPLE
from service.api.notices import NotifyCallback, Preferences, Report
from service.api.sandbox import Bouncing, NewOrganisation, NewTime, NewToken
from service.api.tokens import TokenWanted
from workflows.registry import DEFINITIONS
from workflows.repair import Repair, Reroute

_COMPONENTS = "#/components/schemas/{model}"
_PROBLEM = "application/problem+json"
_BYTES = {"type": "string", "format": "binary"}
_PROBLEM_SCHEMA = {"$ref": _COMPONENTS.format(model="ProblemDetails")}


#: What is answered when all is well.
_ANSWERS: Mapping[str, Any] = {
    "GET /matters": a.Page[a.MatterListed],
    "GET /exceptions": a.Page[a.ExceptionListed],
    "GET /notices/undelivered": a.Page[own.Undelivered],
    "POST /people/{ref}/notices/send-again": own.BouncingShown,
    "GET /me/preferences": Preferences,
    "PUT /me/preferences": Preferences,
    "POST /me/calendar-feed": own.FeedMade,
    "GET /records/{matter_id}/portfolio-copy": copies.PortfolioCopy,
    "GET /inbox": a.Page[a.MatterListed],
    "GET /people/{ref}/actions": a.Page[a.MatterListed],
    "GET /notices": a.Page[own.NoticeShown],
    "GET /incidents": a.Page[own.IncidentShown],
    "GET /matters/{matter_id}": a.MatterShown,
    "GET /matters/{matter_id}/history": a.Page[a.StepShown],
    "GET /matters/{matter_id}/what-if-nothing": a.Page[a.StepForeseen],
    "GET /matters/{matter_id}/views": a.Page[a.ViewShown],
    "GET /me/views": a.Page[a.ViewShown],
    "GET /disclosures/{matter_id}/copy": copies.DisclosureCopy,
    "GET /records/{matter_id}/audit-copy": copies.AuditCopy,
    "GET /workflows": a.Page[a.WorkflowListed],
    "GET /forms": a.Page[a.FormOfKind],
    "GET /guidance": a.Page[a.GuidanceAt],
    "GET /me": own.PersonShown,
    "GET /people/{ref}": own.PersonShown,
    "GET /people/{ref}/line": a.Page[own.Above],
    "GET /calendar/{year}": own.CalendarYear,
    "POST /closures": own.Closed,
    "DELETE /closures": own.Closed,
    "POST /{what}/import": own.Imported,
    "GET /policies": a.Page[own.VersionShown],
    "POST /policies": own.PolicyApplied,
    "GET /policies/{policy_id}": own.PolicyShown,
    "GET /policies/{before}/diff/{after}": own.Differences,
    "POST /matters/{matter_id}/moves": a.MatterMoved,
    **{f"POST /{name}": a.MatterMoved for name in OPENED_BY_PEOPLE},
    "POST /incidents/{incident_id}/repair": own.Mended,
    "POST /incidents/{incident_id}/reroute": own.Mended,
    "GET /tokens": a.Page[own.TokenListed],
    "POST /tokens": own.TokenShown,
    "POST /sandbox/organisations": own.Made,
    "POST /sandbox/tokens": own.TokenMade,
    "GET /sandbox/clock": own.Clock,
    "POST /sandbox/clock": own.Clock,
    "POST /sandbox/notices/bounce": own.BouncingShown,
}
#: What is answered as a file, and where nothing is said but that it was done.
_FILES: Mapping[str, tuple[str, ...]] = {
    "GET /calendar-feeds/{secret}.ics": ("text/calendar",),
    "GET /inspection-pack": ("application/zip",),
    "GET /metrics": ("text/plain",),
    "GET /matters/{matter_id}/diagram.svg": ("image/svg+xml",),
    "GET /workflows/{name}/diagram.{form}": tuple(MEDIA_TYPES.values()),
}
_DONE = frozenset(
    {"POST /notices/bounces", "POST /notices/bounces/notify", "DELETE /me/calendar-feed", "DELETE /tokens/{token_id}"}
)
#: What is sent, by media type; every other request carries nothing.
_BODIES: Mapping[str, tuple[str, Any]] = {
    "POST /matters/{matter_id}/moves": ("application/json", a.MoveSent),
    **{f"POST /{n}": ("application/json", DEFINITIONS[w].opening.payload) for n, w in OPENED_BY_PEOPLE.items()},
    "PUT /me/preferences": ("application/json", Preferences),
    "POST /notices/bounces": ("application/json", Report),
    "POST /notices/bounces/notify": ("application/json", NotifyCallback),
    "POST /closures": ("application/json", Closure),
    "DELETE /closures": ("application/json", Reopening),
    "POST /{what}/import": ("text/csv", str),
    "POST /policies": ("application/toml", str),
    "POST /incidents/{incident_id}/repair": ("application/json", Repair),
    "POST /incidents/{incident_id}/reroute": ("application/json", Reroute),
    "POST /tokens": ("application/json", TokenWanted),
    "POST /sandbox/organisations": ("application/json", NewOrganisation),
    "POST /sandbox/tokens": ("application/json", NewToken),
    "POST /sandbox/clock": ("application/json", NewTime),
    "POST /sandbox/notices/bounce": ("application/json", Bouncing),
}
#: The problems of every route, and those of routes that read a body.
_ALWAYS = {
    "400": "The request cannot be read.",
    "401": "There is no token, or it opens nothing.",
    "403": "This is not the asker's to do, or not what the token is good for.",
    "404": "There is nothing here, or nothing that the asker may know of.",
    "409": "A rule forbids it, the key was used for another request, or others were quicker.",
    "422": "Something in what was sent is not right.",
    "429": "This is too often; “Retry-After” says in how many seconds it may be sent again.",
    "503": "The database cannot be reached or is busy; nothing was kept.",
}
_WITH_A_BODY = {
    "412": "The matter has changed since it was read.",
    "413": "The request is too large.",
    "415": "This kind of content is not understood.",
}


def describe(app: FastAPI, prefix: str) -> None:
    """Let the application describe its routes below the prefix."""
    plain = app.openapi

    @cache
    def openapi() -> dict[str, Any]:
        return _described(plain(), prefix)

    app.openapi = openapi  # type: ignore[method-assign]  # how FastAPI has it extended


def _described(document: dict[str, Any], prefix: str) -> dict[str, Any]:
    """FastAPI's own description, with what it cannot know; a route that is not in the tables stays as it is."""
    schemas = _schemas()
    document["components"] = {
        "schemas": document.get("components", {}).get("schemas", {}) | schemas.definitions,
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    }
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            name = f"{method.upper()} {path.removeprefix(prefix)}"
            _secure(operation)
            if name in _BODIES:
                media_type, _ = _BODIES[name]
                operation["requestBody"] = _content(media_type, schemas.bodies[name]) | {"required": True}
            if name in _ANSWERS:
                content = _content("application/json", schemas.answers[name])
                _answer(operation, content, takes_a_body=name in _BODIES)
            elif name in _FILES:
                content = {"content": {media_type: {"schema": _of_file(media_type)} for media_type in _FILES[name]}}
                _answer(operation, content, takes_a_body=False)
            elif name in _DONE:
                _answer(operation, {}, takes_a_body=name in _BODIES)
    return document


def _answer(operation: dict[str, Any], content: dict[str, Any], *, takes_a_body: bool) -> None:
    problems = _ALWAYS | (_WITH_A_BODY if takes_a_body else {})
    operation["responses"] = {
        **{status: {"description": said["description"], **(content if status[0] == "2" else {})}
           for status, said in operation["responses"].items() if status[0] in "23"},
        **{code: {"description": said, **_content(_PROBLEM, _PROBLEM_SCHEMA)} for code, said in problems.items()},
    }  # fmt: skip


def _secure(operation: dict[str, Any]) -> None:
    """Say that a route wants a token, where FastAPI only sees a header."""
    others = [given for given in operation.get("parameters", ()) if given["name"] != "authorization"]
    if len(others) < len(operation.get("parameters", ())):
        operation["parameters"] = others
        operation["security"] = [{"token": []}]


def _of_file(media_type: str) -> dict[str, Any]:
    return {"type": "object"} if media_type == "application/json" else _BYTES


def _content(media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {media_type: {"schema": schema}}}


class _Schemas(NamedTuple):
    answers: dict[str, dict[str, Any]]
    bodies: dict[str, dict[str, Any]]
    definitions: dict[str, Any]


def _schemas() -> _Schemas:
    """The schemas of everything that is answered and sent, and what they refer to."""
    wanted: list[tuple[tuple[str, str], Literal["serialization", "validation"], TypeAdapter[Any]]] = [
        *((("answer", name), "serialization", TypeAdapter(answer)) for name, answer in _ANSWERS.items()),
        *((("body", name), "validation", TypeAdapter(body)) for name, (_, body) in _BODIES.items()),
        (("problem", ""), "serialization", TypeAdapter(a.ProblemDetails)),
    ]
    made, document = TypeAdapter.json_schemas(wanted, ref_template=_COMPONENTS)
    answers = {name: schema for ((kind, name), _), schema in made.items() if kind == "answer"}
    bodies = {name: schema for ((kind, name), _), schema in made.items() if kind == "body"}
    return _Schemas(answers, bodies, document["$defs"])
