"""Routes that are called with their four parameters directly: those of the hot path.

FastAPI describes them like all others and answers for their errors, but neither looks for them among all routes nor
works out anew for every request what they take, which costs a quarter of a move (docs/decisions/0026).
"""

from __future__ import annotations

import asyncio
import inspect
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.routing import compile_path

from service.api.asking import bearer_for
from service.api.bodies import LONGEST_KEY, sent
from service.storage.postgres import MOST_CONNECTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Receive, Scope, Send

    from service.api.asking import Requests

_bearer = bearer_for(None)
_OWN = frozenset({"token", "body", "asks"})
#: As many as there are connections to work on: more would wait for one. Handing over to Starlette's threads costs three
#: times as much.
_THREADS = ThreadPoolExecutor(MOST_CONNECTIONS, "moves")
_KEY = "idempotency-key"
#: Where the scope of a request keeps what a direct call raised.
_FAILED = "supervision.failed"


class DirectRoute(APIRoute):
    """A route whose endpoint takes a `Token`, a `Body`, the `Asks` and the address's own parts as text."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:  # noqa: ANN401 - FastAPI's own
        super().__init__(path, endpoint, **more)
        given = _OWN | self.param_convertors.keys()
        if inspect.signature(endpoint).parameters.keys() != given:
            raise ValueError(
                f"{endpoint.__name__} is given what it does not take, or not what it takes: {sorted(given)}"
            )

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what came the general way; what a direct call raised is raised here, where errors are answered."""
        if _FAILED in scope:
            raise scope.pop(_FAILED)
        await super().handle(scope, receive, send)


class DirectRoutes:
    """Calls direct routes; all else, and whatever is unusual, goes the general way."""

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute], prefix: str, asks: Requests) -> None:
        self._app, self._asks = app, asks
        direct = [route for route in routes if isinstance(route, DirectRoute)]
        self._routes = [
            (method, compile_path(prefix + route.path)[0], route.endpoint)
            for route in direct
            for method in route.methods or ()
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        endpoint = self._found(scope)
        request = Request(scope, receive) if endpoint else None
        if endpoint is None or request is None or len(request.headers.get(_KEY, "")) > LONGEST_KEY:
            await self._app(scope, receive, send)
            return
        try:
            answer = await self._call(request, endpoint)
        except Exception as error:  # noqa: BLE001 - raised again where it is answered
            scope[_FAILED] = error
            await self._app(scope, receive, send)
        else:
            await answer(scope, receive, send)

    def _found(self, scope: Scope) -> Callable[..., Any] | None:
        """The endpoint, with the parts of the address."""
        if scope["type"] != "http":
            return None
        for method, pattern, endpoint in self._routes:
            matched = pattern.match(scope["path"]) if scope["method"] == method else None
            if matched is not None:
                return partial(endpoint, **matched.groupdict())
        return None

    async def _call(self, request: Request, endpoint: Callable[..., Any]) -> ASGIApp:
        headers = request.headers
        token = await _bearer(request, headers.get("authorization"))
        body = await sent(request, headers.get(_KEY), headers.get("if-match"))
        call = partial(endpoint, token=token, body=body, asks=self._asks)
        return await asyncio.get_running_loop().run_in_executor(_THREADS, copy_context().run, call)
