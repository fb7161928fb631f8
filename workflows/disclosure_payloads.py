"""What a request for supervision records carries, from the opening to what goes out."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator

from workflows.payloads import Payload, Ref, SectionName, Text
from workflows.vocabulary import ReleaseKind

ShortName = SectionName
Position = Annotated[int, Field(ge=0, le=1_000_000)]


class Authority(Payload):
    """Who allows that telling the people concerned is put off, and why an investigation requires it."""

    authorised_by: Ref
    authority: Text


class OpenDisclosure(Payload):
    """Supervision records are asked for: about a worker or about a case."""

    about: Literal["person", "case"]
    kind: ReleaseKind
    #: Who asks, in words; a colleague is named by `requested_by` as well.
    requester: Text
    requested_by: Ref | None = None
    supervisee: Ref | None = None
    case: Ref | None = None
    #: Left out, every record of the worker or the case.
    records: Annotated[list[UUID], Field(min_length=1, max_length=200)] | None = None
    delay: Authority | None = None

    @model_validator(mode="after")
    def _names_what_it_is_about(self) -> OpenDisclosure:
        named = {"person": self.supervisee, "case": self.case}
        if named[self.about] is None or [*named.values()].count(None) != 1:
            raise ValueError("A request about a person names a supervisee, one about a case a case, and neither both.")
        return self


class Redact(Payload):
    """A section that is withheld on a ground: whole, or from one character up to another of the text of a step."""

    record: UUID
    section: SectionName
    ground: ShortName
    #: The step in which the text was written, with the first character and the one after the last, counted from 0.
    step: Annotated[int, Field(gt=0, lt=2**31)] | None = None
    start: Position | None = None
    end: Position | None = None

    @model_validator(mode="after")
    def _is_whole_or_a_part(self) -> Redact:
        given = (self.step, self.start, self.end)
        if any(part is None for part in given) and any(part is not None for part in given):
            raise ValueError("A part of a section is named by step, start and end; a whole section by none of them.")
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise ValueError("A part of a section ends after it starts.")
        return self


class LiftRedaction(Payload):
    """A section that is shown after all."""

    record: UUID
    section: SectionName


class Disclose(Payload):
    """What is to go out goes out."""

    #: What was done about notes on paper, where a clause has them looked through.
    paper_notes: Literal["none", "reviewed"] | None = None
    #: That nobody can be recognised in it, where a clause asks for that.
    anonymous: bool = False


# -- what a request tells a record: made by rules, never by a sender
class Frozen(Payload):
    """The request for which a record is evidence, and the clause."""

    by: UUID
    clause: str
