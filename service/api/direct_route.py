"""Routes that are called with their four parameters directly: those of the hot path.

FastAPI describes them like all others, but does not work out anew for every request what they take, which costs a
seventh of a move (docs/decisions/0026).
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

from service.api.asking import bearer_for, requests_of
from service.api.bodies import LONGEST_KEY, sent
from service.storage.postgres import MOST_CONNECTIONS

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from starlette.types import Receive, Scope, Send

_bearer = bearer_for(None)
_OWN = frozenset({"token", "body", "asks"})
#: As many as there are connections to work on: more would wait for one. Handing over to Starlette's threads costs three
#: times as much.
_THREADS = ThreadPoolExecutor(MOST_CONNECTIONS, "moves")


class DirectRoute(APIRoute):
    """A route whose endpoint takes a `Token`, a `Body`, the `Asks` and the address's own parts as text."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:  # noqa: ANN401 - FastAPI's own
        super().__init__(path, endpoint, **more)
        unknown = inspect.signature(endpoint).parameters.keys() - _OWN - self.param_convertors.keys()
        if unknown:
            raise ValueError(f"{endpoint.__name__} takes what no direct route gives: {', '.join(sorted(unknown))}")

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is unusual about it is left to FastAPI, which says what is wrong."""
        request = Request(scope, receive)
        headers = request.headers
        key = headers.get("idempotency-key")
        if scope["method"] not in (self.methods or ()) or len(key or "") > LONGEST_KEY:
            await super().handle(scope, receive, send)
            return
        token = await _bearer(request, headers.get("authorization"))
        body = await sent(request, key, headers.get("if-match"))
        asks = await requests_of(request)
        endpoint = partial(self.endpoint, **scope["path_params"], token=token, body=body, asks=asks)
        answer = await asyncio.get_running_loop().run_in_executor(_THREADS, copy_context().run, endpoint)
        await answer(scope, receive, send)
