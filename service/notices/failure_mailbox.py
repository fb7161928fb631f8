"""The mailbox that mail servers report failures to, read by IMAP: TLS always, but to a server of this machine."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import structlog

from service.notices.failures import Failure, failure_in
from service.webhooks.addresses import is_loopback

_log = structlog.get_logger()
_PORT, _TLS_PORT = 143, 993
#: Seconds without an answer after which nobody is there.
_SILENCE = 15.0
#: Bytes that are read of one mail: a report says what it has to say in far fewer.
_MOST = 1 << 20


class MailboxAwayError(Exception):
    """The mailbox cannot be read: a short reason, without anything that the server said."""


class FailureMailbox:
    """A folder that nobody else reads: what was taken in is marked as seen, and only what is unseen is read."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    @contextmanager
    def opened(self) -> Iterator[OpenMailbox]:
        """The folder, for as long as the block lasts. Raises MailboxAwayError."""
        try:
            with self._met() as server:
                self._log_in(server)
                yield OpenMailbox(server)
        except (OSError, UnicodeError, imaplib.IMAP4.error) as error:
            raise MailboxAwayError(type(error).__name__) from error

    def _met(self) -> imaplib.IMAP4:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "imaps":
            tls = ssl.create_default_context()
            return imaplib.IMAP4_SSL(host, port or _TLS_PORT, ssl_context=tls, timeout=_SILENCE)
        return imaplib.IMAP4(host, port or _PORT, timeout=_SILENCE)

    def _log_in(self, server: imaplib.IMAP4) -> None:
        if self._url.scheme == "imap" and not is_loopback(server.socket().getpeername()[0]):
            server.starttls(ssl.create_default_context())
        server.login(unquote(self._url.username or ""), unquote(self._url.password or ""))
        folder = unquote(self._url.path.lstrip("/")) or "INBOX"
        quoted = folder.replace("\\", "\\\\").replace('"', '\\"')
        _must_be_ok(server.select(f'"{quoted}"'))


class OpenMailbox:
    """The folder while the server listens. Everything raises OSError and imaplib.IMAP4.error."""

    def __init__(self, server: imaplib.IMAP4) -> None:
        self._server = server

    def unseen(self) -> Iterator[tuple[str, Failure | None]]:
        """What was not taken in yet, oldest first, each with the failure that it reports. None for any other mail."""
        found = _must_be_ok(self._server.uid("SEARCH", "UNSEEN"))
        # Some servers answer in several lines.
        for uid in b" ".join(line for line in found if line).decode().split():
            content = self._content(uid)
            if content is not None:
                yield uid, self._understood(uid, content)

    def mark_seen(self, uid: str) -> None:
        """Let nobody read it again; done once it was taken in, so that what is cut short is read again."""
        self._flag(uid, r"(\Seen)")

    def _content(self, uid: str) -> bytes | None:
        """The mail, unmarked; None where somebody has removed it meanwhile."""
        found = _must_be_ok(self._server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{_MOST}>)"))
        return next((part[1] for part in found if isinstance(part, tuple)), None)

    def _understood(self, uid: str, content: bytes) -> Failure | None:
        """What it reports; a mail that breaks the reading is flagged for people, and holds up no other."""
        try:
            return failure_in(content)
        except Exception as error:  # noqa: BLE001 - anybody may write to the address
            _log.error("report_not_understood", uid=uid, exc_info=error)
            self._flag(uid, r"(\Flagged)")
            return None

    def _flag(self, uid: str, flags: str) -> None:
        _must_be_ok(self._server.uid("STORE", uid, "+FLAGS.SILENT", flags))


def _must_be_ok(answer: tuple[str, list[Any]]) -> list[Any]:
    status, found = answer
    if status != "OK":
        raise imaplib.IMAP4.error(status)
    return found
