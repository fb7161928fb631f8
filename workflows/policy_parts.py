"""What a policy's values are made of: clauses, periods, switches, lengths, and what the policy says against itself.

Each key's docstring is what `supervision policy new` prints beside it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from workflows.calendar import add_months
from workflows.receipts import Term
from workflows.vocabulary import PRODUCT_DEFAULT, SessionKind, Unit

#: A clause id of the sources ("CBC-42"), several of them, or the mark of a value that no policy gives.
Clause = Annotated[
    str, StringConstraints(pattern=r"^(product default|[A-Z]{2,4}-\d{2,3}[a-z]?(, [A-Z]{2,4}-\d{2,3}[a-z]?)*)$")
]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]


class Part(BaseModel):
    """Any part of a policy: unknown keys are mistakes, and nothing changes once it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


#: Longer than anything that a policy means, and short enough for every date that is counted with it.
MOST = 1000


class Period(Part):
    """A length of time as the policy gives it."""

    value: int = Field(gt=0, le=MOST)
    """How many, a whole number."""
    unit: Unit
    """What is counted; working days leave out weekends, bank holidays and the council's closure days."""
    clause: Clause
    """The clause that gives the period."""
    note: str = ""
    """A remark for people, printed after the sentence that tells the value."""

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
    """true or false."""
    clause: Clause
    """The clause that says so."""
    note: str = ""
    """A remark for people."""


class Sessions(Part):
    """A number of sessions with its clause."""

    value: int = Field(gt=0, le=MOST)
    """How many, a whole number."""
    clause: Clause
    """The clause that gives the number."""
    note: str = ""
    """A remark for people."""

    @model_validator(mode="before")
    @classmethod
    def _without_a_clause(cls, given: Any) -> Any:
        """Versions that were adopted earlier give the number alone."""
        return {"value": given, "clause": PRODUCT_DEFAULT} if isinstance(given, int) else given


class PeriodFor(Period):
    """A period that holds for some kinds of session."""

    model_config = ConfigDict(title="period for kinds of session")

    kinds: frozenset[SessionKind]
    """The kinds of session that it holds for."""


class Length(Part):
    """How long a session lasts at least."""

    minutes: int = Field(gt=0, le=MOST)
    """Minutes, a whole number."""
    clause: Clause
    """The clause that gives the length."""
    note: str = ""
    """A remark for people."""


class Place(Part):
    """Where the council itself keeps something."""

    place: str
    """What the place is called, as it fits after "keeps it in"."""
    clause: Clause
    """The clause that names the place."""


class Store(Place):
    """The system in which the council itself keeps a kind of record, and by when a final record is there."""

    system: Slug
    """The name of the layout in which a record is handed over to it."""
    file_by: Period
    """How soon it is there, from the moment at which the record became final."""
    file_by_after_session: Period | None = None
    """A limit that the policy counts from the end of the session; whichever of the two ends later counts."""


class Section(Part):
    """One section of a record's form, in the order of the form."""

    name: Name
    """The key under which the text is sent: small letters, digits and underscores."""
    title: str
    """What the section is called on the form."""
    clause: Clause
    """The clause that asks for the section."""
    required: bool = False
    """true where an empty section is shown as missing; it stops nobody."""
    wellbeing: bool = False
    """true where the text is about wellbeing and is left out of copies for audit."""


class Contradiction(Part):
    """Two things that the policy says against each other, and which of them acts here."""

    clause: Clause
    """All the clauses that are involved."""
    says: str
    """What they say against each other, in one sentence."""
    choice: str
    """What acts in this service, in one sentence."""
    reason: str
    """Why that was chosen, in one sentence."""
