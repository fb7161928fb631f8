"""One signed POST, as Standard Webhooks has it, to an address that was looked at first."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import Event, Timer
from urllib.parse import urlsplit

import structlog
from standardwebhooks import Webhook

from service.webhooks.addresses import AddressRefusedError, PinnedConnection, address_of, is_loopback

_log = structlog.get_logger()
#: An answer is a few words; what is longer is cut.
MOST = 64 * 1024
#: Seconds without a byte, and in all, after which nobody is there: else an answer byte by byte would hold up a thread.
_SILENCE, _IN_ALL = 10.0, 30.0
#: Statuses that say that this message will never be taken; whatever else fails may go well another time.
_FOR_GOOD = frozenset({400, 413, 415, 422})
_FIRST_SUCCESS, _FIRST_REDIRECT = 200, 300


class PostFailedError(Exception):
    """A message was not taken: a short code of why, and whether it is of no use to try again.

    The way is `closed` where nothing was answered at all.
    """

    def __init__(self, why: str, *, for_good: bool = False, closed: bool = False) -> None:
        super().__init__(why)
        self.why, self.for_good, self.closed = why, for_good, closed


class SignedPost:
    """Posts to one URL, and hangs up where that takes longer than `within` seconds in all.

    `private` lets it lead into the council's own network, and plain HTTP stay on this machine.
    """

    def __init__(self, url: str, secret: str, *, private: bool = False, within: float = _IN_ALL) -> None:
        self._url, self._webhook, self._private, self._within = urlsplit(url), Webhook(secret), private, within

    def post(self, message_id: str, body: str) -> bytes:
        """What was answered to a message that was taken. Redirections are not followed. Raises PostFailedError."""
        try:
            status, content = self._post(message_id, body)
        except AddressRefusedError as error:
            _log.error("webhook_address_refused", why=str(error))
            raise PostFailedError("address_not_allowed", closed=True) from error
        except (OSError, http.client.HTTPException) as error:
            _log.warning("webhook_unreachable", error=type(error).__name__)
            raise PostFailedError("unreachable", closed=True) from error
        if _FIRST_SUCCESS <= status < _FIRST_REDIRECT:
            return content
        raise PostFailedError(f"answered_{status}", for_good=status in _FOR_GOOD)

    def _post(self, message_id: str, body: str) -> tuple[int, bytes]:
        connection = self._connection()
        now = datetime.now(UTC)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "supervision-workflows",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(message_id, now, body),
        }
        path = (self._url.path or "/") + (f"?{self._url.query}" if self._url.query else "")
        try:
            connection.connect()
            with _hung_up_after(self._within, connection.sock):
                connection.request("POST", path, body.encode(), headers)
                response = connection.getresponse()
                return response.status, response.read(MOST)
        finally:
            connection.close()

    def _connection(self) -> PinnedConnection:
        """A connection to where the URL leads now. Raises AddressRefusedError and OSError."""
        secure = self._url.scheme == "https"
        host, port = self._url.hostname or "", self._url.port or (443 if secure else 80)
        address = address_of(host, port, private=self._private)
        if not secure and not is_loopback(address):
            raise AddressRefusedError(f"{host} is not this machine, and the URL is not https")
        return PinnedConnection(host, port, address, _SILENCE, ssl.create_default_context() if secure else None)


@contextmanager
def _hung_up_after(seconds: float, line: socket.socket) -> Iterator[None]:
    """End what is said and heard within the block after so long. Raises TimeoutError or whatever comes of it."""
    is_over = Event()

    def hang_up() -> None:
        is_over.set()
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
        if is_over.is_set():
            raise TimeoutError("the answer takes too long")
    finally:
        timer.cancel()
