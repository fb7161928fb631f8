"""Where a clock or a worker, which serve nobody, answer `/metrics` and `/health/live`."""

from __future__ import annotations

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from workers.stoppable import StoppableThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.watching.exposed import Exposed


class Exposing(StoppableThread):
    """Answers in a thread of its own. `is_well` says whether the process does what it is for."""

    def __init__(self, host: str, port: int, exposed: Exposed, is_well: Callable[[], bool]) -> None:
        super().__init__("exposing")
        self._server = ThreadingHTTPServer((host, port), _handler(exposed, is_well))

    @property
    def port(self) -> int:
        """The port that it answers on."""
        return self._server.server_port

    def run(self) -> None:
        """Answer until it is stopped."""
        self._server.serve_forever(poll_interval=0.2)

    def stop(self) -> None:
        """Stop after the request at hand."""
        if self.is_alive():
            self._server.shutdown()
        super().stop()
        self._server.server_close()


def _handler(exposed: Exposed, is_well: Callable[[], bool]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(HTTPStatus.OK, exposed.text())
            elif self.path == "/health/live":
                well = is_well()
                self._answer(HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE, b"live" if well else b"silent")
            else:
                self._answer(HTTPStatus.NOT_FOUND, b"There is /metrics and /health/live.")

        def _answer(self, status: HTTPStatus, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Scrapes are not worth a line."""

    return Handler
