"""What the routes answer, field by field: for the description of the API, and for the tests that hold them to it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Generic, Literal, NotRequired, TypeVar
from uuid import UUID

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

from workflows.vocabulary import Role, Status, Workflow

_T = TypeVar("_T")
#: Nothing is answered that is not described.
_closed = with_config(ConfigDict(extra="forbid"))


@_closed
class Page(TypedDict, Generic[_T]):
    """A page of a list; `next_cursor` is for the next one, and null on the last."""

    items: list[_T]
    next_cursor: str | None


@_closed
class FieldProblem(TypedDict):
    """One mistake in what was sent, and where it is: a JSON pointer, and for files the line and the column."""

    pointer: str
    message: str
    line: NotRequired[int]
    column: NotRequired[str | None]


@_closed
class ProblemDetails(TypedDict):
    """What went wrong (RFC 9457), with a stable code and a sentence that says what to do next."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    #: The rule that refused a move.
    guard: NotRequired[str]
    errors: NotRequired[list[FieldProblem]]


# -- matters
@_closed
class PolicyVersion(TypedDict):
    """A version of a policy."""

    id: str
    version: str


@_closed
class Child(TypedDict):
    """A matter below another one."""

    id: UUID
    workflow: Workflow
    state: str


@_closed
class DeadlineShown(TypedDict):
    """A deadline; `due` is the last instant that is still in time, and the receipt says how it was counted."""

    name: str
    due: datetime | None
    status: Status
    enforces: str
    receipt: dict[str, Any]


@_closed
class MoveShown(TypedDict):
    """A move that the asker could make now."""

    trigger: str
    label: str
    needs: list[str]


@_closed
class GuidanceShown(TypedDict):
    """What the policy tells people, or asks them."""

    clause: str
    says: str
    kind: Literal["guidance", "prompt"]
    key: NotRequired[str]


@_closed
class FormSectionShown(TypedDict):
    """A section of a form, and who fills it in."""

    name: str
    title: str
    required: bool
    wellbeing: bool
    by: list[str]
    clause: str


@_closed
class FormShown(TypedDict):
    """A form as the policy has it."""

    id: str
    version: str
    title: str
    clause: str
    #: The clause that lets it be changed.
    may_be_changed: str | None
    sections: list[FormSectionShown]


@_closed
class MatterListed(TypedDict):
    """A matter as lists show it; `data` is empty for those who know of it and may not read it."""

    id: UUID
    workflow: Workflow
    kind: str | None
    state: str
    version: int
    policy: PolicyVersion
    parties: dict[str, str]
    holder: str | None
    holder_role: Role | None
    waiting_for: list[str]
    case: str | None
    parent: UUID | None
    children: list[Child]
    opened_at: datetime
    closed_at: datetime | None
    deadlines: list[DeadlineShown]
    data: dict[str, Any]


@_closed
class WhyException(TypedDict):
    """Why an interval is an exception, and what it goes by meanwhile."""

    because: str | None
    every: dict[str, Any] | None
    clause: str | None


@_closed
class ExceptionListed(MatterListed):
    """An interval that is an exception."""

    exception: WhyException


@_closed
class MatterMoved(MatterListed):
    """A matter with the asker's own moves."""

    moves: list[MoveShown]
    form: NotRequired[FormShown]


@_closed
class MatterShown(MatterMoved):
    """A matter by itself, with the guidance for where it stands."""

    guidance: list[GuidanceShown]
    offered: NotRequired[dict[str, Any]]


@_closed
class Actor(TypedDict):
    """Who took a step: a person, or the service."""

    ref: NotRequired[str]
    system: NotRequired[bool]


@_closed
class StepShown(TypedDict):
    """A step of a matter's history; `hash` covers it and the hash of the one before."""

    seq: int
    trigger: str
    source: str | None
    dest: str
    actor: Actor
    role: Role
    at: datetime
    clause: str | None
    data: dict[str, Any]
    hash: str
    reason: NotRequired[str]


@_closed
class NoticeForeseen(TypedDict):
    """Who will be told what, and when."""

    to: str
    kind: str
    subject: str
    at: datetime


@_closed
class StepForeseen(TypedDict):
    """What happens if nobody acts."""

    at: datetime
    deadline: str | None
    trigger: str
    state: str
    holder: str | None
    told: list[NoticeForeseen]


@_closed
class NoticeShown(TypedDict):
    """What the asker was told."""

    to: str
    about: UUID
    kind: str
    subject: str
    body: str
    at: datetime
    status: str


@_closed
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


@_closed
class FeedMade(TypedDict):
    """The address of a calendar feed, which is shown this once."""

    url: str


@_closed
class IncidentShown(TypedDict):
    """What no rule could settle."""

    id: UUID
    about: UUID | None
    kind: str
    detail: str
    at: datetime
    closed_at: datetime | None


@_closed
class Mended(TypedDict):
    """An incident that was closed."""

    id: UUID
    closed_at: datetime


@_closed
class ViewShown(TypedDict):
    """That somebody opened the content of a matter: who, when, how they stand to it, and what for."""

    matter: UUID
    workflow: Workflow
    kind: str | None
    viewer: str
    at: datetime
    what: str
    standing: str
    purpose: str | None
    disclosure: UUID | None


@_closed
class Part(TypedDict):
    """A piece of a text, or the mark of what is withheld."""

    text: NotRequired[str]
    withheld: NotRequired[str]
    title: NotRequired[str]
    clause: NotRequired[str]
    goes_to: NotRequired[str | None]


@_closed
class SectionCopied(TypedDict):
    """A section of a record that is given out."""

    name: str
    title: str
    step: int
    parts: list[Part]


@_closed
class Comments(TypedDict):
    """The supervisee's own comments on a disputed record."""

    step: int
    parts: list[Part]


@_closed
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


@_closed
class DisclosureCopy(TypedDict):
    """The copy of what was asked for."""

    disclosure: UUID
    state: str
    kind: str
    goes_to: list[str]
    records: list[RecordCopied]


@_closed
class SectionForPortfolio(TypedDict):
    """A section with what somebody could be recognised by withheld."""

    name: str
    title: str
    parts: list[Part]


@_closed
class PortfolioCopy(TypedDict):
    """A final record for the portfolio of whom it is about."""

    record: UUID
    kind: str
    held_at: str | None
    clause: str
    read_through: str
    sections: list[SectionForPortfolio]


@_closed
class SectionAudited(TypedDict):
    """A section for an audit: with its text and salt, or with the set words in its place."""

    name: str
    title: str
    step: int
    commitment: str
    text: str
    replaced: bool
    salt: NotRequired[str]


@_closed
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


@_closed
class AuditCopy(TypedDict):
    """A record for an audit, with the proof that nothing but what is said about wellbeing was changed."""

    matter: UUID
    kind: str
    state: str
    clause: str
    sections: list[SectionAudited]
    steps: list[StepAudited]
    head: str


# -- the council
@_closed
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


@_closed
class Above(TypedDict):
    """Somebody in the line of management."""

    ref: str
    name: str
    in_post: bool
    away: bool


@_closed
class DayOff(TypedDict):
    """A day that is not worked."""

    date: date
    reason: str


@_closed
class CalendarYear(TypedDict):
    """The days of a year that are not worked."""

    id: str
    version: str
    items: list[DayOff]
    next_cursor: None


@_closed
class Closed(TypedDict):
    """A closure, and how many deadlines moved for it."""

    date: date
    moved: int
    reason: NotRequired[str]


@_closed
class Imported(TypedDict):
    """How many rows of a file were new, changed or the same, and what somebody must look at."""

    added: int
    changed: int
    unchanged: int
    unknown_job_roles: NotRequired[list[str]]
    exceptions: NotRequired[list[dict[str, str]]]


class FormOfKind(FormShown):
    """A form, and what it is for."""

    kind: str


@_closed
class GuidanceAt(GuidanceShown):
    """Guidance, with when and for whom it is shown."""

    at: list[str]
    who: list[str]
    kinds: list[str]


# -- policies
@_closed
class VersionShown(TypedDict):
    """A version of a policy, with the days on which it is in force here."""

    id: str
    version: str
    name: str
    council: str
    in_force: bool
    in_force_from: date | None
    in_force_to: date | None


@_closed
class Line(TypedDict):
    """A sentence of a policy."""

    sentence: str
    clause: str | None


@_closed
class Chapter(TypedDict):
    """A chapter of a policy."""

    title: str
    lines: list[Line]


@_closed
class PolicyShown(VersionShown):
    """A policy in sentences and as values."""

    chapters: list[Chapter]
    contradictions: list[dict[str, Any]]
    values: dict[str, Any]


@_closed
class ValueTold(TypedDict):
    """A value of a policy in words."""

    value: str
    clause: str | None
    note: str | None


@_closed
class DifferenceShown(TypedDict):
    """Where two policies differ."""

    kind: str
    where: str
    before: ValueTold | None
    after: ValueTold | None
    sentence: str


@_closed
class Differences(TypedDict):
    """What differs between two policies."""

    before: PolicyVersion
    after: PolicyVersion
    items: list[DifferenceShown]
    next_cursor: None


_FromTo = TypedDict("_FromTo", {"from": datetime | None, "to": datetime | None})


@_closed
class DeadlineMoved(_FromTo):
    """A deadline that a new version of a policy moves, and by which clauses it was and is counted."""

    matter: UUID
    workflow: Workflow
    parties: dict[str, str]
    case: str | None
    deadline: str
    clause_before: str | None
    clause_after: str | None


@_closed
class PolicyApplied(TypedDict):
    """A new version of the policy, and how many deadlines it moves; a dry run lists them."""

    id: str
    version: str
    in_force_from: date
    dry_run: bool
    moved: int
    items: NotRequired[list[DeadlineMoved]]
    adoption: NotRequired[UUID]


# -- the sandbox
@_closed
class Made(TypedDict):
    """An organisation of the sandbox and its administrator's token, which is shown this once."""

    organisation: UUID
    token: str


@_closed
class TokenMade(TypedDict):
    """A token, which is shown this once."""

    token: str


@_closed
class Clock(TypedDict):
    """What time it is here, and how many deadlines were enforced on the way."""

    now: datetime
    fired: NotRequired[int]


@_closed
class BouncingShown(TypedDict):
    """Whether somebody's notices come back."""

    person: str
    bounce: bool


# -- what is sent without a payload of its own
@_closed
class MoveSent(TypedDict):
    """A move, and what it carries."""

    trigger: str
    data: NotRequired[dict[str, Any]]
