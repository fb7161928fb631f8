"""What the opening and the moves of an audit carry."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from workflows.payloads import Payload, Ref, SectionName, Slug, Text
from workflows.vocabulary import AuditKind, Grade

#: More people than any survey asks.
_MOST_PEOPLE = 1_000_000
Findings = Annotated[dict[SectionName, Text], Field(max_length=60)]
Points = Annotated[list[Text], Field(max_length=50)]
People = Annotated[int, Field(ge=0, le=_MOST_PEOPLE)]


class OpenAudit(Payload):
    """An audit that an auditor opens by hand: of a case, of one drawn from a team, of a theme, of a supervisor."""

    kind: AuditKind
    #: Which of the policy's programmes it goes by; left out, the first one of this kind.
    programme: Slug | None = None
    case: Ref | None = None
    #: Whose team a case is drawn from.
    team_manager: Ref | None = None
    #: Whose supervision a peer observes.
    observed: Ref | None = None
    theme: Text | None = None
    #: What the draw is repeated with; left out, the audit's own id.
    seed: Ref | None = None


class TakeAudit(Payload):
    """An auditor takes it; a themed audit that a programme opened gets its theme now."""

    theme: Text | None = None


class AssignObserver(Payload):
    """Who observes, from among those who supervise as well."""

    observer: Ref


class ReportAudit(Payload):
    """What was found, question by question, and what is to be learned from it."""

    findings: Findings = Field(default_factory=dict)
    rating: Grade | None = None
    learning: Points = Field(default_factory=list)


class FollowUp(Payload):
    """What became of learning that no session carries by itself."""

    done: Text


class CloseSurvey(Payload):
    """How many were asked and how many answered: all that is kept of an anonymous survey."""

    responses: People
    invited: People


# -- what one matter tells another: made by rules, never by a sender
class Sampled(Payload):
    """A case that was drawn or chosen for an audit elsewhere, or is free again."""

    case: str


class Learned(Payload):
    """The record that learning has landed in, and who were in its session."""

    record: UUID
    held_at: datetime
    supervisee: str | None
    supervisor: str | None


class Unlearned(Payload):
    """The record that was to carry the learning and was withdrawn."""

    record: UUID
