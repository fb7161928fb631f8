"""What mail servers say about mail that they could not deliver: RFC 3464 reports, read with the standard library."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

from msgspec import Struct

from service.notices.reference import Reference
from service.notices.statuses import blames_address, status_in


class Failure(Struct, frozen=True):
    """A message of ours that was not delivered: its enhanced status, such as 5.1.1."""

    reference: Reference
    status: str

    @property
    def for_good(self) -> bool:
        """Whether the address itself is at fault, and not a full mailbox, a policy or a server that is away."""
        return blames_address(self.status)


def failure_in(content: bytes) -> Failure | None:
    """The failure that a mail reports about one of our messages; None for any other mail, and for mere delays."""
    mail = BytesParser(EmailMessage, policy=default).parsebytes(content)
    if mail.get_content_type() != "multipart/report":
        return None
    parts = list(mail.walk())
    statuses = [status for part in parts for status in _failed(part)]
    quoted = (found for part in parts for found in _quoted(part))
    reference = next(quoted, None)
    return Failure(reference, statuses[0]) if reference and statuses else None


def _failed(part: EmailMessage) -> Iterator[str]:
    """The statuses of the recipients for whom a report says that delivery failed."""
    if part.get_content_type() == "message/delivery-status":
        for block in part.get_payload():
            if isinstance(block, EmailMessage) and str(block.get("Action", "")).strip().lower() == "failed":
                yield status_in(str(block.get("Status", "")))


def _quoted(part: EmailMessage) -> Iterator[Reference]:
    """Our reference, where a part quotes the headers of our own mail."""
    kind = part.get_content_type()
    text = ""
    if kind == "message/rfc822":
        for inner in part.get_payload():
            text += str(inner.get("Message-ID", "")) if isinstance(inner, EmailMessage) else ""
    elif kind == "text/rfc822-headers":
        # All of it, for a long Message-ID may stand on a line of its own; in whatever charset it claims to be.
        content = part.get_payload(decode=True)
        text = content.decode("ascii", "replace") if isinstance(content, bytes) else ""
    found = Reference.found_in(text)
    if found:
        yield found
