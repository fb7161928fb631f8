"""The webhook: records are posted to the council's integration, signed as Standard Webhooks has it.

The message id is the filing's, so that a receiver which keeps ids takes every record once, however often it comes. The
answer's `reference` acknowledges it.
"""

from __future__ import annotations

import base64
import http.client
import json
import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from standardwebhooks import Webhook

from service.filing.addresses import AddressRefusedError, PinnedConnection, address_of, is_loopback
from service.filing.answers import MOST, reference_in
from service.filing.parcel import NotTaken, Parcel, Taken

_log = structlog.get_logger()
#: Seconds without a byte, and in all, after which nobody is there.
_SILENCE, _IN_ALL = 10.0, 30.0
#: Statuses that say that this record will never be taken; whatever else fails may go well another time.
_FOR_GOOD = frozenset({400, 413, 415, 422})
_FIRST_SUCCESS, _FIRST_REDIRECT, _FIRST_CLIENT_ERROR = 200, 300, 400
_CHUNK = 4096


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    content: bytes


class WebhookOutlet:
    """Posts to one URL. `private` lets it lead into the council's own network, and plain HTTP stay on this machine."""

    via = "webhook"

    def __init__(self, url: str, secret: str, *, private: bool = False) -> None:
        self._url, self._webhook, self._private = urlsplit(url), Webhook(secret), private

    def send(self, parcel: Parcel) -> Taken:
        """Post a parcel. Raises NotTaken. Redirections are not followed."""
        message_id = f"filing_{parcel.filing}"
        try:
            answer = self._post(message_id, _body(parcel))
        except AddressRefusedError as error:
            _log.error("webhook_address_refused", why=str(error))
            raise NotTaken("address_not_allowed") from error
        except (OSError, http.client.HTTPException) as error:
            _log.warning("webhook_unreachable", error=type(error).__name__)
            raise NotTaken("unreachable") from error
        if _FIRST_SUCCESS <= answer.status < _FIRST_REDIRECT:
            return Taken(message_id, parcel.sha256, reference_in(answer.content))
        raise NotTaken(f"answered_{answer.status}", for_good=answer.status in _FOR_GOOD)

    def acknowledgement(self, organisation: UUID, name: str) -> str | None:  # noqa: ARG002 - as every outlet
        """Nothing: what the answer did not acknowledge, somebody acknowledges by hand."""
        return None

    def _post(self, message_id: str, body: str) -> _Answer:
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
            connection.request("POST", path, body.encode(), headers)
            response = connection.getresponse()
            return _Answer(response.status, _read(response))
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


def _body(parcel: Parcel) -> str:
    """The message: the sidecar's exact text, which the signature is over, and the document in base64."""
    said = {
        "type": "record.final",
        "data": {
            "filing": str(parcel.filing),
            "organisation": str(parcel.organisation),
            "name": parcel.name,
            "sidecar": parcel.sidecar.decode(),
            "signature": parcel.signature,
            "document": base64.b64encode(parcel.document).decode(),
        },
    }
    return json.dumps(said, ensure_ascii=False)


def _read(response: http.client.HTTPResponse) -> bytes:
    """The answer, of which there is little and not for long. Raises TimeoutError."""
    until, content = time.monotonic() + _IN_ALL, b""
    while len(content) < MOST and (chunk := response.read(_CHUNK)):
        content += chunk
        if time.monotonic() > until:
            raise TimeoutError("the answer takes too long")
    return content[:MOST]
