"""What every part of a policy is made of: clauses, identifiers, periods and switches."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from workflows.receipts import Term
from workflows.vocabulary import Unit

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


class Switch(Part):
    """A yes or no with its clause."""

    value: bool
    clause: Clause
    note: str = ""
