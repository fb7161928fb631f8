"""Around every request: one correlation id for all that it causes, its time in the figures, and its trace."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from service.logs import end_correlation, start_correlation
from service.watching.metrics import REQUESTS
from service.watching.tracing import span

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADER = b"x-request-id"
#: What a proxy in front may have named a request; anything else is not written into logs.
_TAKEN = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Watched:
    """Passes everything but requests through as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with the id under which it is logged in the header `X-Request-ID`."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        own = start_correlation(_named(scope))
        method = scope["method"] if scope["method"] in _KNOWN_METHODS else "other"
        status, began = 500, time.perf_counter()

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (_HEADER, own.encode())]
            await send(message)

        try:
            with span(f"{method} request", correlation_id=own):
                await self._app(scope, receive, answer)
        finally:
            REQUESTS.labels(method, str(status)).observe(time.perf_counter() - began)
            end_correlation()


def _named(scope: Scope) -> str | None:
    given = next((value for name, value in scope["headers"] if name == _HEADER), b"")
    return given.decode() if _TAKEN.fullmatch(given) else None
