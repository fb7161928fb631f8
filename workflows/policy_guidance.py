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
    """The clause that it comes from."""
    says: Annotated[str, StringConstraints(pattern=r"^[A-Z].*\.$")]
    """What people are told, in one or two plain sentences."""
    at: Moments
    """The moments at which it is shown."""
    who: frozenset[Role] = frozenset()
    """Whose it is, by what they are to the matter; empty for everybody."""
    kinds: frozenset[Kind] = frozenset()
    """The kinds of session or record that it is about; empty for all."""


class Prompt(Part):
    """What people are asked; it stops nothing."""

    clause: Clause
    """The clause that it comes from."""
    asks: Annotated[str, StringConstraints(pattern=r"^[A-Z].*\?$")]
    """The question."""
    at: Moments
    """The moments at which it is asked."""
    key: Name | None = None
    """The field of the form or of the move that the answer goes into, if there is one."""
    who: frozenset[Role] = frozenset()
    """Who is asked, by role; left out, everybody."""
    kinds: frozenset[Kind] = frozenset()
    """The kinds of session or record that it is for; left out, all."""
