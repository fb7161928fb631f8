"""Mail by a server of the council's own."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

import structlog

from service.notices.channels import MAIL, NeverTaken, NotNow
from service.notices.letters import Letter
from service.notices.statuses import blames_address, status_in
from service.webhooks.addresses import is_loopback

_log = structlog.get_logger()
#: Seconds without an answer after which nobody is there.
_SILENCE = 15.0
_PERMANENT = 500
#: A full mailbox is said to be permanent, and is not.
_FULL = 552
#: What servers without enhanced status codes answer for an address that is none, or is none of theirs (RFC 5321).
_BAD_ADDRESS = frozenset({550, 551, 553})


class SmtpMail:
    """Hands mail to one server: TLS always, but to a server of this machine."""

    name = MAIL

    def __init__(self, url: str, sender: str) -> None:
        self._url, self._sender, self._domain = urlsplit(url), sender, sender.rpartition("@")[2]

    def send(self, letter: Letter) -> None:
        """Hand a mail over. Raises NotNow, and NeverTaken where the server refuses the address or the mail itself."""
        to = letter.address or ""
        try:
            with self._connected() as server:
                server.send_message(self._mail(letter), self._sender, [to])
        except smtplib.SMTPRecipientsRefused as refused:
            [(code, said)] = refused.recipients.values()
            raise _recipient_refused(code, said.decode("ascii", "replace")) from refused
        except smtplib.SMTPDataError as refused:
            raise _mail_refused(refused.smtp_code) from refused
        except smtplib.SMTPNotSupportedError as unsupported:
            if not to.isascii():
                raise NeverTaken("smtp_not_ascii", bad_address=True) from unsupported
            _log.warning("mail_server_lacks", error=str(unsupported))
            raise NotNow("unsupported", closed=True) from unsupported
        except smtplib.SMTPResponseException as refused:
            _log.warning("mail_server_refuses", code=refused.smtp_code)
            raise NotNow(f"smtp_{refused.smtp_code}", closed=True) from refused
        except (OSError, smtplib.SMTPException) as error:
            _log.warning("mail_server_unreachable", error=type(error).__name__)
            raise NotNow("unreachable", closed=True) from error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A session with the server, logged in. Raises OSError and smtplib.SMTPException."""
        server = self._met()
        try:
            if self._url.scheme == "smtp" and not _is_here(server):
                server.starttls(context=ssl.create_default_context())
            if self._url.username:
                server.login(unquote(self._url.username), unquote(self._url.password or ""))
            yield server
        finally:
            _take_leave(server)

    def _met(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "smtps":
            tls = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port or 465, self._domain, timeout=_SILENCE, context=tls)
        return smtplib.SMTP(host, port or 587, self._domain, timeout=_SILENCE)

    def _mail(self, letter: Letter) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = self._sender, letter.address or "", letter.subject
        mail["Date"] = formatdate()
        mail["Message-ID"] = f"<{letter.reference}@{self._domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(letter.text)
        return mail


def _is_here(server: smtplib.SMTP) -> bool:
    """Whether what is said never leaves this machine."""
    return server.sock is not None and is_loopback(server.sock.getpeername()[0])


def _take_leave(server: smtplib.SMTP) -> None:
    """What was taken or refused stays so, whatever the server says to a goodbye."""
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


def _recipient_refused(code: int, said: str) -> NotNow | NeverTaken:
    """A server may refuse any recipient, since it does not know us: that says nothing of the address."""
    status = status_in(said)
    if blames_address(status) if status else code in _BAD_ADDRESS:
        return NeverTaken(f"smtp_{code}", bad_address=True)
    return NotNow(f"smtp_{code}")


def _mail_refused(code: int) -> NotNow | NeverTaken:
    return NotNow(f"smtp_{code}") if code < _PERMANENT or code == _FULL else NeverTaken(f"smtp_{code}")
