"""The parts of a policy that no machine can carry out: what people are told, and asked, where it matters."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from workflows.policy_parts import Clause, Name, Part
from workflows.vocabulary import Moment, Role

#: The kinds of session and of record.
Kind = Literal["personal", "case", "combined", "group", "unplanned", "decision"]
#: Nobody could ever see what has no moment.
Moments = Annotated[frozenset[Moment], Field(min_length=1)]


class Guidance(Part):
    """What people are told: what a clause asks of them, in plain words."""

    clause: Clause
    says: Annotated[str, StringConstraints(pattern=r"^[A-Z].*\.$")]
    at: Moments
    #: Whose it is, by what they are to the matter; empty for everybody.
    who: frozenset[Role] = frozenset()
    #: The kinds of session or record that it is about; empty for all.
    kinds: frozenset[Kind] = frozenset()


class Prompt(Part):
    """What people are asked; it stops nothing."""

    clause: Clause
    asks: Annotated[str, StringConstraints(pattern=r"^[A-Z].*\?$")]
    at: Moments
    #: The field of the form or of the move that the answer goes into, if there is one.
    key: Name | None = None
    who: frozenset[Role] = frozenset()
    kinds: frozenset[Kind] = frozenset()
