"""What a message says: neutral titles and where to read on, and never a name, a case or a word that anybody wrote."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from service.notices.reference import Reference

#: Said of a notice by its kind; whatever is not here might tell too much.
_TITLES = {
    "signature_asked": "A supervision record waits for your signature",
    "session_booked": "A supervision session is booked",
    "session_moved": "A supervision session was moved",
    "prepare_session": "A supervision session is to be prepared",
    "agreement_due": "A supervision agreement is to be signed",
}
_URGENT, _NEWS = "Something in Supervision needs your attention", "There is news in Supervision"
#: The most notices that a digest names one by one.
_MOST = 25
_FOOT = "For privacy, this message says no more. Sign in to read it."


class Told(Struct, frozen=True):
    """A notice as far as a message may speak of it."""

    matter_id: UUID
    kind: str
    urgent: bool

    @property
    def title(self) -> str:
        """What a message calls it."""
        return _TITLES.get(self.kind, _URGENT if self.urgent else _NEWS)


class Letter(Struct, frozen=True):
    """One message to one person, as every channel can say it. `again` tells that it was tried before."""

    reference: Reference
    person: str
    address: str | None
    subject: str
    lines: tuple[tuple[str, str], ...]
    again: bool
    digest: bool

    @property
    def text(self) -> str:
        """The message as plain text."""
        said = "\n\n".join(f"{title}:\n{link}" for title, link in self.lines)
        return f"{said}\n\n{_FOOT}\n"


def subject_of(notices: Sequence[Told], *, digest: bool) -> str:
    """The title of a message."""
    if not digest:
        return notices[0].title
    return "Supervision: 1 new notice" if len(notices) == 1 else f"Supervision: {len(notices)} new notices"


def lines_of(notices: Sequence[Told], base_url: str) -> tuple[tuple[str, str], ...]:
    """What a message lists: a title and an address for each notice, and one for those that are too many."""
    lines = [(notice.title, f"{base_url}/matters/{notice.matter_id}") for notice in notices[:_MOST]]
    if len(notices) > _MOST:
        lines.append((f"And {len(notices) - _MOST} more", f"{base_url}/"))
    return tuple(lines)
