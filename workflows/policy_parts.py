"""What every part of a policy is made of: values that carry their clause, and refuse what they do not know."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from workflows.calendar import add_months
from workflows.receipts import Term
from workflows.vocabulary import SessionKind, Unit

#: A clause id of the sources ("CBC-42"), several of them, or the mark of a value that no policy gives.
Clause = Annotated[
    str, StringConstraints(pattern=r"^(product default|[A-Z]{2,4}-\d{2,3}[a-z]?(, [A-Z]{2,4}-\d{2,3}[a-z]?)*)$")
]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]


class Part(BaseModel):
    """Any part of a policy: unknown keys are mistakes, and nothing changes once it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


#: Longer than anything that a policy means, and short enough for every date that is counted with it.
MOST = 1000


class Period(Part):
    """A length of time as the policy gives it."""

    value: int = Field(gt=0, le=MOST)
    unit: Unit
    clause: Clause
    note: str = ""

    @property
    def term(self) -> Term:
        """The same period in the form that time is counted with."""
        return Term(self.value, self.unit, self.clause)

    def ends(self, start: date) -> date:
        """The local date on which weeks, months or years from `start` are over."""
        if self.unit is Unit.weeks:
            return start + timedelta(weeks=self.value)
        return add_months(start, self.value * (1 if self.unit is Unit.months else 12))


class Switch(Part):
    """A yes or no with its clause."""

    value: bool
    clause: Clause
    note: str = ""


class PeriodFor(Period):
    """A period that holds for some kinds of session."""

    kinds: frozenset[SessionKind]


class Length(Part):
    """How long a session lasts at least."""

    minutes: int = Field(gt=0, le=MOST)
    clause: Clause
    note: str = ""


class Place(Part):
    """Where the council itself keeps something."""

    place: str
    clause: Clause


class Store(Place):
    """The system in which the council itself keeps a kind of record, and by when a final record is there."""

    #: Names the layout in which a record is handed over to it.
    system: Slug
    #: Counted from the moment at which the record became final.
    file_by: Period
    #: A limit that the policy counts from the end of the session. Whichever of the two ends later counts, since
    #: nothing can be filed before it is final.
    file_by_after_session: Period | None = None


class Section(Part):
    """One section of a record's form, in the order of the form."""

    name: Name
    title: str
    clause: Clause
    required: bool = False
    wellbeing: bool = False
