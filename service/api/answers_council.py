"""What the routes answer about the council: people, days, policies, notices, incidents, and the sandbox."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from service.api.answers import PolicyVersion, closed
from workflows.vocabulary import Role, Workflow


@closed
class NoticeShown(TypedDict):
    """What the asker was told."""

    to: str
    about: UUID
    kind: str
    subject: str
    body: str
    at: datetime
    status: str


@closed
class Undelivered(TypedDict):
    """A message that reached nobody."""

    to: str
    at: datetime
    channel: str
    status: str
    why: str | None
    attempts: int
    digest: bool
    notices: int


@closed
class FeedMade(TypedDict):
    """The address of a calendar feed, which is shown this once: a retry is not told it again."""

    url: str | None


@closed
class IncidentShown(TypedDict):
    """What no rule could settle."""

    id: UUID
    about: UUID | None
    kind: str
    detail: str
    at: datetime
    closed_at: datetime | None


@closed
class Mended(TypedDict):
    """An incident that was closed."""

    id: UUID
    closed_at: datetime


@closed
class PersonShown(TypedDict):
    """A colleague; dates, address and roles are there for themselves, HR and administrators."""

    ref: str
    name: str
    job_role: str
    team: str
    line_manager: str | None
    supervisor: str | None
    in_post: bool
    email: NotRequired[str]
    app_roles: NotRequired[list[Role]]
    start_date: NotRequired[date | None]
    end_date: NotRequired[date | None]
    nqsw_start: NotRequired[date | None]
    nqsw_extended_to: NotRequired[date | None]


@closed
class Above(TypedDict):
    """Somebody in the line of management."""

    ref: str
    name: str
    in_post: bool
    away: bool


@closed
class DayOff(TypedDict):
    """A day that is not worked."""

    date: date
    reason: str


@closed
class CalendarYear(TypedDict):
    """The days of a year that are not worked."""

    id: str
    version: str
    items: list[DayOff]
    next_cursor: None


@closed
class Closed(TypedDict):
    """A closure, and how many deadlines moved for it."""

    date: date
    moved: int
    reason: NotRequired[str]


@closed
class RowChanged(TypedDict):
    """A row that a file adds or changes, and each of its fields from what to what."""

    ref: str
    change: Literal["added", "changed"]
    fields: dict[str, list[Any]]


@closed
class Imported(TypedDict):
    """How many rows of a file were new, changed or the same, and what somebody must look at."""

    added: int
    changed: int
    unchanged: int
    unknown_job_roles: NotRequired[list[str]]
    exceptions: NotRequired[list[dict[str, str]]]
    #: Of a dry run alone: the first rows that it would add or change.
    items: NotRequired[list[RowChanged]]


@closed
class VersionShown(TypedDict):
    """A version of a policy, with the days on which it is in force here."""

    id: str
    version: str
    name: str
    council: str
    in_force: bool
    in_force_from: date | None
    in_force_to: date | None


@closed
class Line(TypedDict):
    """A sentence of a policy."""

    sentence: str
    clause: str | None


@closed
class Chapter(TypedDict):
    """A chapter of a policy."""

    title: str
    lines: list[Line]


@closed
class PolicyShown(VersionShown):
    """A policy in sentences and as values."""

    chapters: list[Chapter]
    contradictions: list[dict[str, Any]]
    values: dict[str, Any]


@closed
class ValueTold(TypedDict):
    """A value of a policy in words."""

    value: str
    clause: str | None
    note: str | None


@closed
class DifferenceShown(TypedDict):
    """Where two policies differ."""

    kind: str
    where: str
    before: ValueTold | None
    after: ValueTold | None
    sentence: str


@closed
class Differences(TypedDict):
    """What differs between two policies."""

    before: PolicyVersion
    after: PolicyVersion
    items: list[DifferenceShown]
    next_cursor: None


_FromTo = TypedDict("_FromTo", {"from": datetime | None, "to": datetime | None})


@closed
class DeadlineMoved(_FromTo):
    """A deadline that a new version of a policy moves, and by which clauses it was and is counted."""

    matter: UUID
    workflow: Workflow
    parties: dict[str, str]
    case: str | None
    deadline: str
    clause_before: str | None
    clause_after: str | None


@closed
class PolicyApplied(TypedDict):
    """A new version of the policy, and how many deadlines it moves; a dry run lists them."""

    id: str
    version: str
    in_force_from: date
    dry_run: bool
    moved: int
    items: NotRequired[list[DeadlineMoved]]
    adoption: NotRequired[UUID]


@closed
class TokenListed(TypedDict):
    """A token that works, without its text, which nothing keeps."""

    id: UUID
    person: str
    name: str
    scopes: list[str]
    created_at: datetime
    #: Some minutes behind.
    last_used_at: datetime | None
    expires_at: datetime | None


@closed
class TokenShown(TokenListed):
    """A token that was just made; a repeated request is answered without its text."""

    token: str | None


@closed
class Made(TypedDict):
    """An organisation of the sandbox and its administrator's token, which is shown this once."""

    organisation: UUID
    token: str


@closed
class TokenMade(TypedDict):
    """A token, which is shown this once."""

    token: str


@closed
class Clock(TypedDict):
    """What time it is here, and how many deadlines were enforced on the way."""

    now: datetime
    fired: NotRequired[int]


@closed
class BouncingShown(TypedDict):
    """Whether somebody's notices come back."""

    person: str
    bounce: bool
