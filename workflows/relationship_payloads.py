"""What agreements, concerns, referrals and actions carry."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StrictBool, model_validator

from workflows.payloads import Instant, Payload, Ref, Refs, SectionName, Text
from workflows.vocabulary import ConcernAbout, Unit


# -- agreement
class Every(Payload):
    """An agreed interval."""

    value: Annotated[int, Field(gt=0, le=366)]
    unit: Literal[Unit.weeks, Unit.months, Unit.calendar_days]


Term = StrictBool | Every | Text
Terms = Annotated[dict[SectionName, Term], Field(min_length=1, max_length=60)]


class OpenAgreement(Payload):
    """What the two have agreed, on the council's form."""

    supervisee: Ref
    terms: Terms


class Renegotiate(Payload):
    """Other terms, and why."""

    terms: Terms
    reason: Text


class FirstSession(Payload):
    """The first formal session of the two took place on this local date."""

    held_on: date


class Event(Payload):
    """What has changed, as a short code."""

    event: str


class SupervisorChanged(Payload):
    """Another supervisor from now on; None: nobody."""

    supervisor: str | None


class Agreed(Payload):
    """The interval that two people have agreed; None: none."""

    every: dict[str, Any] | None


# -- concern
class OpenConcern(Payload):
    """What a supervisee misses in their supervision."""

    about: ConcernAbout
    statement: Text


class Attempt(Payload):
    """What the supervisee has tried with the supervisor, and on which day."""

    on: date
    note: Text


class Outcomes(Payload):
    """What was agreed or decided; `change_supervisor` is one that acts by itself."""

    outcomes: Annotated[list[Text], Field(min_length=1, max_length=40)]


class MeetThree(Payload):
    """A meeting: when, and who was told of it beforehand."""

    at: Instant
    told: Annotated[Refs, Field(min_length=1)]


# -- referral
class OpenReferral(Payload):
    """A serious concern about somebody's work."""

    supervisee: Ref
    about: Text
    facts: Text
    discussed_on: date | None = None


class Discuss(Payload):
    """The talk with the supervisee, or why an immediate risk does not leave time for it."""

    discussed_on: date | None = None
    override_reason: Text | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Discuss:
        if (self.discussed_on is None) == (self.override_reason is None):
            raise ValueError("Give either discussed_on or override_reason.")
        return self


class Accept(Payload):
    """The procedure under which HR takes it on, with HR's own reference."""

    procedure: Literal["capability", "disciplinary"]
    reference: Text


class ReturnReferral(Payload):
    """The support that is tried first, and when that is looked at again (a local date)."""

    support_plan: Text
    review_on: date


# -- action
class OpenAction(Payload):
    """Something agreed: what, why, whose, and until which local date."""

    what: Text
    why: Text
    owner: Ref
    #: May be left out for a protective action, which is due the same day.
    due: date | None = None
    record: UUID | None = None
    #: The section of the record's form that it comes from (HAR-51).
    section: SectionName | None = None
    supervisee: Ref | None = None
    protective: StrictBool = False
    sensitive: StrictBool = False

    @model_validator(mode="after")
    def _has_a_date(self) -> OpenAction:
        if self.due is None and not self.protective:
            raise ValueError("Say until when: give due.")
        return self


class Done(Payload):
    """An action was done; a note may say how."""

    note: Text | None = None


class Carried(Payload):
    """A session took place and the action is still open."""

    session: UUID
