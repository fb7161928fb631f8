"""Copies of records as the routes answer them: for those who asked, for audits and for portfolios."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from service.api.answers import closed


@closed
class Part(TypedDict):
    """A piece of a text, or the mark of what is withheld."""

    text: NotRequired[str]
    withheld: NotRequired[str]
    title: NotRequired[str]
    clause: NotRequired[str]
    goes_to: NotRequired[str | None]


@closed
class SectionCopied(TypedDict):
    """A section of a record that is given out."""

    name: str
    title: str
    step: int
    parts: list[Part]


@closed
class Comments(TypedDict):
    """The supervisee's own comments on a disputed record."""

    step: int
    parts: list[Part]


@closed
class RecordCopied(TypedDict):
    """A record that is given out."""

    id: UUID
    kind: str
    case: str | None
    state: str
    says: str
    disposed_on: str | None
    sections: list[SectionCopied]
    comments: Comments | None


@closed
class DisclosureCopy(TypedDict):
    """The copy of what was asked for."""

    disclosure: UUID
    state: str
    kind: str
    goes_to: list[str]
    records: list[RecordCopied]


@closed
class SectionForPortfolio(TypedDict):
    """A section with what somebody could be recognised by withheld."""

    name: str
    title: str
    parts: list[Part]


@closed
class PortfolioCopy(TypedDict):
    """A final record for the portfolio of whom it is about."""

    record: UUID
    kind: str
    held_at: str | None
    clause: str
    read_through: str
    sections: list[SectionForPortfolio]


@closed
class SectionAudited(TypedDict):
    """A section for an audit: with its text and salt, or with the set words in its place."""

    name: str
    title: str
    step: int
    commitment: str
    text: str
    replaced: bool
    salt: NotRequired[str]


@closed
class StepAudited(TypedDict):
    """A step with everything that its hash covers."""

    number: int
    trigger: str
    source: str | None
    dest: str
    actor: str | None
    role: str
    at: datetime
    clause: str | None
    data: dict[str, Any]
    commitments: dict[str, str]
    hash: str


@closed
class AuditCopy(TypedDict):
    """A record for an audit, with the proof that nothing but what is said about wellbeing was changed."""

    matter: UUID
    kind: str
    state: str
    clause: str
    sections: list[SectionAudited]
    steps: list[StepAudited]
    head: str
