"""Routes that are called directly answer as the same routes would by FastAPI."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from service import problems
from service.api.asking import Asks, Requests, Token
from service.api.bodies import LONGEST_KEY, Body
from service.api.direct_route import DirectRoute, DirectRoutes

PREFIX = "/api"
AS_ANA = {"Authorization": "Bearer ana"}


class _Routed(FastAPI):
    def build_middleware_stack(self) -> ASGIApp:
        return DirectRoutes(super().build_middleware_stack(), self.state.direct, PREFIX, self.state.requests)


def served(endpoint: Callable[..., Any], path: str = "/things/{name}") -> TestClient:
    """An application with one direct route."""
    router = APIRouter(route_class=DirectRoute)
    router.add_api_route(path, endpoint, methods=["POST"])
    app = _Routed()
    app.state.direct, app.state.requests = router.routes, cast("Requests", "the way to transactions")
    app.include_router(router, prefix=PREFIX)
    problems.install(app)
    return TestClient(app, raise_server_exceptions=False)


def told(name: str, token: Token, body: Body, asks: Asks) -> JSONResponse:
    """What the endpoint was given."""
    given = {"name": name, "token": token.text, "key": body.key, "if_match": body.if_match}
    return JSONResponse(given | {"sent": body.json(), "asks": str(asks)}, 201)


def test_an_endpoint_is_given_the_address_the_token_and_what_was_sent() -> None:
    headers = AS_ANA | {"Idempotency-Key": "k1", "If-Match": '"3"'}
    answer = served(told).post("/api/things/one", json={"a": 1}, headers=headers)
    assert answer.status_code == 201
    given = {"name": "one", "token": "ana", "key": "k1", "if_match": '"3"', "sent": {"a": 1}}
    assert answer.json() == given | {"asks": "the way to transactions"}


def test_what_an_endpoint_refuses_is_answered_as_a_problem() -> None:
    def refusing(token: Token, body: Body, asks: Asks) -> JSONResponse:
        raise problems.Problem(409, "refused", f"Not now, {token.text}, {body.key}: {asks}.")

    answer = served(refusing, "/things").post("/api/things", headers=AS_ANA)
    assert (answer.status_code, answer.json()["detail"]) == (409, "Not now, ana, None: the way to transactions.")
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_nobody_expected_is_a_failure_of_ours() -> None:
    def failing(token: Token, body: Body, asks: Asks) -> JSONResponse:
        raise RuntimeError(token, body, asks)

    answer = served(failing, "/things").post("/api/things", headers=AS_ANA)
    assert (answer.status_code, answer.json()["code"]) == (500, "failed")


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/api/things/one", {}, 401),
        ("POST", "/api/things/one", AS_ANA | {"Idempotency-Key": "k" * (LONGEST_KEY + 1)}, 422),
        ("GET", "/api/things/one", AS_ANA, 405),
        ("POST", "/api/things/one/more", AS_ANA, 404),
        ("POST", "/things/one", AS_ANA, 404),
    ],
    ids=["no token", "a key that is too long", "another method", "more behind the address", "another prefix"],
)
def test_what_is_unusual_is_answered_by_the_application(
    method: str, path: str, headers: dict[str, str], status: int
) -> None:
    assert served(told).request(method, path, headers=headers).status_code == status


def test_an_endpoint_that_takes_anything_else_is_refused_when_it_is_declared() -> None:
    def greedy(token: Token, body: Body, asks: Asks, name: str, colour: str) -> JSONResponse:
        raise AssertionError(token, body, asks, name, colour)

    with pytest.raises(ValueError, match="greedy is given what it does not take, or not what it takes"):
        served(greedy)
