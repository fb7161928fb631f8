"""The frozen values that rules take and give: a matter, what is known of the world, and what was decided."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct, field
from msgspec.structs import replace

from workflows.calendar import Calendar
from workflows.directory import Case, Directory
from workflows.policy import Policy
from workflows.receipts import Receipt
from workflows.vocabulary import Role, Status, Workflow

_SECOND = timedelta(seconds=1)


class Actor(Struct, frozen=True):
    """Who makes a move: a person by ref, or the service itself where there is none.

    `acts_as` are roles that the way of acting gives: whoever imports a list does so in the place of HR.
    """

    ref: str | None
    acts_as: frozenset[Role] = frozenset()

    @property
    def is_system(self) -> bool:
        """Whether nobody but a deadline or a consequence acts."""
        return self.ref is None


SYSTEM = Actor(None)


class Deadline(Struct, frozen=True):
    """One deadline. `due` is the last instant that is in time; `fires_at` the first one after, None while paused."""

    number: int
    name: str
    status: Status
    enforces: str
    due: datetime | None
    fires_at: datetime | None
    receipt: Receipt

    @property
    def live(self) -> bool:
        """Whether it may still act."""
        return self.status in LIVE

    def became(self, status: Status, fires_at: datetime | None = None) -> Deadline:
        """The same deadline in another status; it enforces itself at `fires_at`, or never more."""
        return Deadline(self.number, self.name, status, self.enforces, self.due, fires_at, self.receipt)


LIVE = frozenset({Status.running, Status.paused, Status.awaiting_report})


class Ladder(Struct, frozen=True):
    """The line that an escalation climbs, frozen when it starts."""

    rungs: tuple[str, ...]
    parties: frozenset[str]
    route: str
    asked: tuple[str, ...] = ()
    #: The first rung of this route is above the line manager (NS-53).
    starts_high: bool = False


class Matter(Struct, frozen=True):
    """One thing that moves through one workflow. People and cases are named by ref."""

    id: UUID
    workflow: Workflow
    state: str
    policy: str
    policy_version: str
    opened_at: datetime
    last_at: datetime
    kind: str | None = None
    version: int = 0
    supervisee: str | None = None
    supervisor: str | None = None
    person: str | None = None
    case: str | None = None
    parent: UUID | None = None
    holder: str | None = None
    holder_role: Role | None = None
    waiting_for: tuple[str, ...] = ()
    closed_at: datetime | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    ladder: Ladder | None = None
    #: Live deadlines and missed ones; those that were met or superseded are history.
    deadlines: tuple[Deadline, ...] = ()
    deadline_count: int = 0

    def live(self, name: str) -> Deadline | None:
        """The deadline of this name that may still act."""
        for deadline in self.deadlines:
            if deadline.name == name and deadline.status in LIVE:
                return deadline
        return None

    def passed(self, name: str) -> Deadline | None:
        """The deadline of this name whose time is over, while a report may still show that it was met."""
        return next((d for d in self.deadlines if d.name == name and d.status is Status.awaiting_report), None)

    def missed(self, name: str) -> Deadline | None:
        """The deadline of this name that was missed last."""
        return next((d for d in reversed(self.deadlines) if d.name == name and d.status is Status.missed), None)

    def changed(self, **columns: Any) -> Matter:
        """The matter with other values."""
        return replace(self, **columns)

    def parties(self) -> dict[str, str]:
        """The people whose matter it is, by what they are to it."""
        named = {"supervisee": self.supervisee, "supervisor": self.supervisor, "person": self.person}
        return {role: ref for role, ref in named.items() if ref}


def child_id(parent: UUID, version: int, index: int, at: datetime) -> UUID:
    """The id of the matter that a step opens: a UUIDv7 of the step's instant, the same however often it is decided."""
    digest = hashlib.sha256(b"%b:%d:%d" % (parent.bytes, version, index)).digest()
    milliseconds = int(at.timestamp() * 1000)
    value = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(digest[:10])
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


class Tally(Struct, frozen=True):
    """How many matters of one workflow somebody has as supervisee: those that are open, and all."""

    open: int
    all: int


class Facts(Struct, frozen=True):
    """What a rule may know besides its matter. `clock` is when the work is done, which may lag behind its instant."""

    policy: Policy
    calendar: Calendar
    directory: Directory
    live_from: date
    clock: datetime
    related: tuple[Matter, ...] = ()
    cases: Mapping[str, Case] = field(default_factory=dict)
    #: Whether a person's own act began what is decided now: then people are told at once, whatever the hour.
    prompted: bool = False
    #: The supervisee's matters by workflow, for the rules that ask for them.
    tallies: Mapping[Workflow, Tally] = field(default_factory=dict)
    #: Every case that is not closed; known only where a sample is drawn.
    population: tuple[Case, ...] = ()


class Selector(Struct, frozen=True):
    """Which other matters a rule looks at or moves; the engine finds them, open ones only unless it says more."""

    workflow: Workflow
    id: UUID | None = None
    supervisee: str | None = None
    supervisor: str | None = None
    person: str | None = None
    holder: str | None = None
    case: str | None = None
    parent: UUID | None = None
    kind: str | None = None
    #: In one of these; any where there is none.
    states: frozenset[str] = frozenset()
    accepts: Callable[[Matter], bool] | None = None
    oldest_only: bool = False
    #: Closed ones as well.
    closed_too: bool = False


class Notice(Struct, frozen=True):
    """Something that somebody is told. `at` is when it is sent; no text of a record is ever in it."""

    to: str
    kind: str
    subject: str
    body: str
    at: datetime
    urgent: bool = False
    bounced: bool = False


class Consequence(Struct, frozen=True):
    """A move that follows on other matters. Where the matter's state has no such move, nothing follows."""

    target: Selector
    trigger: str
    data: Mapping[str, Any]


class Opening(Struct, frozen=True):
    """A matter to open, under the policy version of its parent or of the day."""

    workflow: Workflow
    id: UUID | None = None
    kind: str | None = None
    supervisee: str | None = None
    supervisor: str | None = None
    person: str | None = None
    case: str | None = None
    parent: UUID | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    def with_id(self, matter_id: UUID) -> Opening:
        """The same opening under an id that the edge chose."""
        return self.below(self.parent, matter_id)

    def below(self, parent: UUID | None, matter_id: UUID) -> Opening:
        """The same opening under this id and parent."""
        return replace(self, id=matter_id, parent=parent)


class PersonChange(Struct, frozen=True):
    """What a step changes about a person: who covers, or who supervises from now on."""

    ref: str
    field: str
    value: str | date | None


class Admission(Struct, frozen=True):
    """Somebody who may see, from a step on, every matter of one workflow that a supervisee has, open or closed."""

    person: str
    workflow: Workflow
    supervisee: str


class Incident(Struct, frozen=True):
    """Something that an administrator must see because no rule can settle it."""

    kind: str
    detail: str


class Step(Struct, frozen=True):
    """A move that was taken. It holds no free text: `texts` are sealed apart and only committed to here."""

    number: int
    trigger: str
    source: str | None
    dest: str
    actor: str | None
    role: Role
    at: datetime
    clause: str | None
    data: Mapping[str, Any]
    texts: Mapping[str, str]


class Decision(Struct, frozen=True):
    """Everything that follows from one move, to be written in one transaction."""

    matter: Matter
    step: Step
    deadlines: tuple[Deadline, ...] = ()
    notices: tuple[Notice, ...] = ()
    openings: tuple[Opening, ...] = ()
    then: tuple[Consequence, ...] = ()
    people: tuple[PersonChange, ...] = ()
    incidents: tuple[Incident, ...] = ()
    #: People who came to the matter with this step and may see it from now on.
    joined: tuple[str, ...] = ()
    #: Who comes with this step to other matters, whole sets of them.
    admissions: tuple[Admission, ...] = ()
    #: Matters whose texts and keys are destroyed with this step.
    destroyed: tuple[UUID, ...] = ()


def fires_at(due: datetime) -> datetime:
    """The first instant at which a deadline may be enforced."""
    return due + _SECOND
