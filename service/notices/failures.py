"""What mail servers say about mail that they could not deliver: RFC 3464 reports, read with the standard library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

from service.notices.reference import Reference

#: An enhanced status of this class says that it failed for good.
_FOR_GOOD = "5"


@dataclass(frozen=True, slots=True)
class Failure:
    """A message of ours that was not delivered: its enhanced status, such as 5.1.1."""

    reference: Reference
    status: str

    @property
    def for_good(self) -> bool:
        """Whether the address itself is at fault, and not a full mailbox or a server that is away."""
        return self.status.startswith(_FOR_GOOD) and not self.status.startswith("5.2.2")


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
                yield str(block.get("Status", "")).strip()


def _quoted(part: EmailMessage) -> Iterator[Reference]:
    """Our reference, where a part quotes the headers of our own mail."""
    kind = part.get_content_type()
    text = ""
    if kind == "message/rfc822":
        for inner in part.get_payload():
            text += str(inner.get("Message-ID", "")) if isinstance(inner, EmailMessage) else ""
    elif kind == "text/rfc822-headers":
        text = next(
            (line for line in str(part.get_content()).splitlines() if line.lower().startswith("message-id:")), ""
        )
    found = Reference.found_in(text)
    if found:
        yield found
