"""Mail by GOV.UK Notify, through a template of the council's that says ((subject)) and ((body))."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import structlog
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from service.notices.channels import MAIL, NeverTaken, NotNow
from service.notices.letters import Letter

_log = structlog.get_logger()
#: Seconds without an answer after which nobody is there.
_SILENCE = 10
#: Where a notification stands that was not lost.
_ON_ITS_WAY = frozenset({"created", "sending", "pending", "delivered"})
_BAD_REQUEST = 400


class NotifyMail:
    """Hands mail to GOV.UK Notify, which knows it by our reference and calls back under it."""

    name = MAIL

    def __init__(self, key: str, template: str, url: str) -> None:
        self._key, self._template, self._url = key, template, url

    def send(self, letter: Letter) -> None:
        """Hand a mail over, unless an earlier try has arrived after all. Raises NotNow and NeverTaken."""
        client: Any = NotificationsAPIClient(self._key, self._url, _SILENCE)  # type: ignore[no-untyped-call] # the library's
        try:
            with closing(client.request_session):
                if not (letter.again and self._has(client, letter)):
                    client.send_email_notification(
                        letter.address, self._template, {"subject": letter.subject, "body": letter.text},
                        reference=str(letter.reference),
                    )  # fmt: skip
        except APIError as error:
            _log.warning("notify_refuses", status=error.status_code)
            if error.status_code == _BAD_REQUEST and "email_address" in str(error.message):
                raise NeverTaken("notify_address", bad_address=True) from error
            raise NotNow(f"notify_{error.status_code}", closed=error.status_code != _BAD_REQUEST) from error

    def _has(self, client: Any, letter: Letter) -> bool:  # noqa: ANN401 - the library leaves it untyped
        found: dict[str, Any] = client.get_all_notifications(reference=str(letter.reference))
        return any(one["status"] in _ON_ITS_WAY for one in found["notifications"])
