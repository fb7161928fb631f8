"""What each opening and move carries: checked at the edge, so that rules only ever see good values.

Free text is `Text`; people and cases are refs; instants are aware and whole seconds; days are London dates.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from workflows.trimmed import TRIMMED
from workflows.vocabulary import AbsenceCause, Cause, DisputeAbout, Outcome, RecordKind, SessionKind

Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000), TRIMMED]
Ref = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f]{1,100}$"), TRIMMED]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
SectionName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$", max_length=60)]
Sections = Annotated[dict[SectionName, Annotated[str, StringConstraints(max_length=50_000)]], Field(max_length=60)]
Instant = Annotated[AwareDatetime, AfterValidator(lambda at: at.replace(microsecond=0))]
Minutes = Annotated[int, Field(gt=0, le=1440)]
Refs = Annotated[list[Ref], Field(max_length=200)]
OneOfTheTwo = Literal["supervisee", "supervisor"]
#: A point of an agenda, on one line.
Item = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\n\r]*$"), TRIMMED]


class Payload(BaseModel):
    """What a move carries; a field that it does not know is a mistake of the sender."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def needs(cls) -> list[str]:
        """The fields that may not be left out."""
        return [name for name, info in cls.model_fields.items() if info.is_required()]


class Nothing(Payload):
    """A move that says it all by its name."""


class Reason(Payload):
    """A move that must say why."""

    reason: Text


# -- session
class OpenSession(Payload):
    """A meeting that is booked."""

    #: May be left out for a group, whose members are `participants`.
    supervisee: Ref | None = None
    kind: SessionKind
    starts_at: Instant
    minutes: Minutes
    place: Text | None = None
    cases: Refs = []
    participants: Refs = []
    #: For a group: what it is for, what everybody in it holds to, and the meeting of the same group before this one.
    purpose: Text | None = None
    ground_rules: Text | None = None
    follows: UUID | None = None
    #: Whoever joins the two: the professional supervisor or the line manager (HAR-17).
    joined_by: Refs = []
    #: Whether people meet by video or telephone (HAR-12).
    remote: bool = False
    #: Whether it is made longer for the yearly review (NS-38).
    includes_review: bool = False
    #: Which of the two enters what is said of its cases, where the policy lets them choose (NS-78).
    case_recorder: OneOfTheTwo | None = None


class Prepare(Payload):
    """What somebody wants to talk about, in place of what they put on the agenda before; none confirms it as it is."""

    items: Annotated[list[Item], Field(max_length=50)]
    #: The council's preparation form, filled in by the supervisee.
    preparation: Sections = {}
    #: The case that the preparation is about.
    case: Ref | None = None


class MoveSession(Payload):
    """A new time, agreed ahead of the day."""

    starts_at: Instant
    reason: Text


class HoldSession(Payload):
    """A session took place: when it ended, how long it was, which cases were discussed."""

    held_at: Instant
    minutes: Minutes
    #: Those discussed; left out, the ones that the session was booked for.
    cases: Refs | None = None
    reason: Text | None = None
    #: For a group: whether it has agreed how far what is said stays among its members, and on what else.
    confidentiality_agreed: bool = False
    purpose: Text | None = None
    ground_rules: Text | None = None
    #: As it was booked, unless it is said here.
    remote: bool | None = None
    includes_review: bool | None = None
    #: Whether somebody or something broke in (NS-10).
    interrupted: bool | None = None
    case_recorder: OneOfTheTwo | None = None


class CancelSession(Payload):
    """A session will not take place; `whose` sickness or leave it is."""

    cause: Cause
    whose: Ref | None = None
    reason: Text


# -- cancellation
class Rebook(Payload):
    """The session that replaces the cancelled one."""

    session: UUID
    reason: Text | None = None


class Direct(Payload):
    """What a manager directs: a new time, another supervisor, or both."""

    starts_at: Instant | None = None
    supervisor: Ref | None = None
    reason: Text


# -- record
class OpenRecord(Payload):
    """A record of unplanned supervision or of a decision."""

    supervisee: Ref
    kind: RecordKind
    case: Ref | None = None
    sections: Sections = {}
    #: Which of the two writes it, where the policy lets them choose (NS-78).
    recorder: OneOfTheTwo | None = None


class WriteSections(Payload):
    """Sections of the council's form."""

    sections: Sections


class Delegate(Payload):
    """Who writes a case record in the supervisor's stead."""

    person: Ref


class Handwritten(Payload):
    """Where the scan of handwritten notes is kept: a reference, such as a file's name or number."""

    scan: Ref


class Picked(Payload):
    """A suggestion of a group that somebody in it carries out until a local date (NS-58)."""

    who: Ref
    suggestion: Text
    due: date


class Circulate(Payload):
    """The record goes to the supervisee; last changes may come with it."""

    sections: Sections = {}
    #: The notes were written by hand, where the agreement of the two allows that.
    handwritten: Handwritten | None = None
    #: For the record of a group: the suggestions that were picked, each of which becomes an action.
    picked: Annotated[list[Picked], Field(max_length=50)] = []


class DisputeRecord(Payload):
    """What the supervisee does not accept."""

    statement: Text
    passages: list[Text] = []


class ObjectLate(Payload):
    """An objection to a record that silence has accepted."""

    statement: Text


class Amend(Payload):
    """The supervisor's amendment, and when it was talked over (CBC-44)."""

    discussed_on: date
    sections: Sections


class Note(Payload):
    """The supervisor's closing note (CBC-43)."""

    note: Text


# -- dispute
class OpenDispute(Payload):
    """A disagreement about anything but a record."""

    supervisee: Ref
    about: DisputeAbout
    statement: Text


class Agree(Payload):
    """What one proposes and the other confirms."""

    proposal: Text | None = None


class Meet(Payload):
    """A meeting: when, and who was told of it beforehand."""

    at: Instant
    told: Annotated[Refs, Field(min_length=1)]


class Decide(Payload):
    """A holder's decision with its reasons."""

    outcome: Outcome
    reasons: Text


# -- frequency
class Propose(Payload):
    """How often a case is to be supervised, by its status."""

    case: Ref
    category: Slug
    criteria: list[Slug] = []
    rating: Slug | None = None
    reason: Text


# -- absence
class OpenAbsence(Payload):
    """Somebody is away."""

    person: Ref
    first_day: date
    expected_return: date | None = None
    cause: AbsenceCause


class AmendAbsence(Payload):
    """What was recorded wrongly about an absence."""

    first_day: date | None = None
    expected_return: date | None = None
    last_day: date | None = None
    cause: AbsenceCause | None = None
    reason: Text


class Return(Payload):
    """The last day absent; the return is the day after."""

    last_day: date


class AssignCover(Payload):
    """Who covers for whom: supervisee to cover supervisor."""

    cover: Annotated[dict[Ref, Ref], Field(min_length=1, max_length=500)]
