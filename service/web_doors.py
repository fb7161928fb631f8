"""What every answer and every request passes, pages and API alike: who may ask under which name, and what browsers do.

Plain ASGI, since each of these steps is taken by every request.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from service.problems import Problem, answer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from service.settings import Settings

#: No request of ours needs more; a list of 50,000 people does not.
MOST_BYTES = 16 * 1024 * 1024
#: This machine's own names.
_HERE = ("localhost", "127.0.0.1", "::1")
#: A page loads its own files and sends its forms here; nothing stands in it that could run or be framed.
_OF_PAGES = (
    "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self'; manifest-src 'self'; script-src 'self'; style-src 'self'"
)
_OF_ALL_ELSE = "default-src 'none'; frame-ancestors 'none'"
#: Two years, in seconds, for this name and those below it.
_HSTS = "max-age=63072000; includeSubDomains"
_ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not “no-referrer”, under which browsers no longer say where a form comes from.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
#: Whoever watches a process calls it by its number, and learns nothing of anybody.
_WATCHED = frozenset({"/health/live", "/health/ready", "/metrics"})
#: Below this nothing is anybody's.
_STATIC = "/static/"


class WebDoors:
    """Refuses names that are not the service's and bodies that are too large, and puts headers on every answer."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        own = urlsplit(settings.base_url).hostname or ""
        self._hosts = frozenset(name.encode() for name in (own, *_HERE, *settings.hosts))
        hsts = {"strict-transport-security": _HSTS} if settings.base_url.startswith("https://") else {}
        always = {**_ALWAYS, **hsts}
        self._of_pages = _raw({**always, "content-security-policy": _OF_PAGES})
        self._of_all_else = _raw({**always, "content-security-policy": _OF_ALL_ELSE})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._more(scope["path"], message["headers"])]
            await send(message)

        host, length = b"", b""
        for name, value in scope["headers"]:
            if name == b"host":
                host = value
            elif name == b"content-length":
                length = value
        if not self._is_ours(host) and scope["path"] not in _WATCHED:
            await _UNKNOWN_HOST(scope, receive, with_headers)
        elif scope["method"] == "GET" or (length.isdigit() and int(length) <= MOST_BYTES):
            await self._app(scope, receive, with_headers)
        else:
            await self._app(scope, _bounded(receive), with_headers)

    def _is_ours(self, host: bytes) -> bool:
        return _name(host) in self._hosts or b"*" in self._hosts

    def _more(self, path: str, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        given = dict(headers)
        more = self._of_pages if given.get(b"content-type", b"").startswith(b"text/html") else self._of_all_else
        if b"cache-control" in given or path.startswith(_STATIC):
            return more
        return [*more, (b"cache-control", b"no-store")]


def _name(host: bytes) -> bytes:
    """The name in a Host header, without its port and the brackets of IPv6."""
    if host.startswith(b"["):
        return host[1:].partition(b"]")[0].lower()
    return host.partition(b":")[0].lower()


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _bounded(receive: Receive) -> Receive:
    """A body that stops at the limit, whatever was said of its length. Raises Problem 413."""
    size = 0

    async def bounded() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MOST_BYTES:
            raise Problem(413, "too_large", f"A request carries at most {MOST_BYTES // 1024 // 1024} MiB.")
        return message

    return bounded


_WHY = (
    "The service does not answer under this name. Whoever runs it names it in SUPERVISION_BASE_URL, or in "
    "SUPERVISION_HOSTS."
)
_UNKNOWN_HOST = answer(Problem(400, "unknown_host", _WHY))
