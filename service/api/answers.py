"""What the routes answer about matters, field by field: for the description of the API, which the tests hold it to."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Generic, Literal, NotRequired, TypeVar
from uuid import UUID

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

from workflows.vocabulary import Role, Status, Workflow

_T = TypeVar("_T")

#: Nothing is answered that is not described.
closed = with_config(ConfigDict(extra="forbid"))


@closed
class Page(TypedDict, Generic[_T]):
    """A page of a list; `next_cursor` is for the next one, and null on the last."""

    items: list[_T]
    next_cursor: str | None


@closed
class FieldProblem(TypedDict):
    """One mistake in what was sent, and where it is: a JSON pointer, and for files the line and the column."""

    pointer: str
    message: str
    line: NotRequired[int]
    column: NotRequired[str | None]


@closed
class ProblemDetails(TypedDict):
    """What went wrong (RFC 9457), with a stable code and a sentence that says what to do next."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    #: The rule that refused a move.
    guard: NotRequired[str]
    #: What the token would have to be good for.
    scope: NotRequired[str]
    #: In how many seconds it may be sent again.
    retry_after: NotRequired[int]
    errors: NotRequired[list[FieldProblem]]


@closed
class PolicyVersion(TypedDict):
    """A version of a policy."""

    id: str
    version: str


@closed
class Child(TypedDict):
    """A matter below another one."""

    id: UUID
    workflow: Workflow
    state: str


@closed
class DeadlineShown(TypedDict):
    """A deadline; `due` is the last instant that is still in time, and the receipt says how it was counted."""

    name: str
    due: datetime | None
    status: Status
    enforces: str
    receipt: dict[str, Any]


@closed
class MoveShown(TypedDict):
    """A move that the asker could make now."""

    trigger: str
    label: str
    needs: list[str]


@closed
class GuidanceShown(TypedDict):
    """What the policy tells people, or asks them."""

    clause: str
    says: str
    kind: Literal["guidance", "prompt"]
    key: NotRequired[str]


@closed
class FormSectionShown(TypedDict):
    """A section of a form, and who fills it in."""

    name: str
    title: str
    required: bool
    wellbeing: bool
    by: list[str]
    clause: str


@closed
class FormShown(TypedDict):
    """A form as the policy has it."""

    id: str
    version: str
    title: str
    clause: str
    #: The clause that lets it be changed.
    may_be_changed: str | None
    sections: list[FormSectionShown]


@closed
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


@closed
class WhyException(TypedDict):
    """Why an interval is an exception, and what it goes by meanwhile."""

    because: str | None
    every: str | None
    clause: str | None


@closed
class ExceptionListed(MatterListed):
    """An interval that is an exception."""

    exception: WhyException


@closed
class MatterMoved(MatterListed):
    """A matter with the asker's own moves."""

    moves: list[MoveShown]
    form: NotRequired[FormShown]


@closed
class MatterShown(MatterMoved):
    """A matter by itself, with the guidance for where it stands."""

    guidance: list[GuidanceShown]
    offered: NotRequired[dict[str, Any]]


@closed
class Actor(TypedDict):
    """Who took a step: a person, or the service."""

    ref: NotRequired[str]
    system: NotRequired[bool]


@closed
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


@closed
class NoticeForeseen(TypedDict):
    """Who will be told what, and when."""

    to: str
    kind: str
    subject: str
    at: datetime


@closed
class StepForeseen(TypedDict):
    """What happens if nobody acts."""

    at: datetime
    deadline: str | None
    trigger: str
    state: str
    holder: str | None
    told: list[NoticeForeseen]


@closed
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


@closed
class WorkflowListed(TypedDict):
    """A workflow, and the addresses of its drawings by format."""

    name: Workflow
    states: list[str]
    opened: Any
    diagrams: dict[str, str]


class FormOfKind(FormShown):
    """A form, and what it is for."""

    kind: str


@closed
class GuidanceAt(GuidanceShown):
    """Guidance, with when and for whom it is shown."""

    at: list[str]
    who: list[str]
    kinds: list[str]


@closed
class MoveSent(TypedDict):
    """A move, and what it carries."""

    trigger: str
    data: NotRequired[dict[str, Any]]
