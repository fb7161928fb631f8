"""Group supervision in a policy: what a group agrees before it meets, what it leaves to others, and how it works."""

from __future__ import annotations

from typing import Literal

from workflows.policy_parts import Clause, Name, Part
from workflows.vocabulary import PRODUCT_DEFAULT


class GroupNeed(Part):
    """Something that a group has before its first meeting."""

    name: Literal["purpose", "ground_rules", "confidentiality"]
    clause: Clause
    #: Whether the meeting cannot be reported as held without it; otherwise it is shown as missing.
    is_condition: bool = False


class NoDecisions(Part):
    """Sections of a case record in which a group decides nothing: the decision has a note of its own."""

    sections: frozenset[Name]
    clause: Clause


class ReportBack(Part):
    """The section of a group's record whose suggestions the next meeting asks about."""

    section: Name
    clause: Clause


class Guidance(Part):
    """How a group works, shown to those who lead and attend it."""

    text: str
    clause: Clause


class GroupPolicy(Part):
    """Group supervision: an addition to supervision of one person, and no replacement of it."""

    needs: tuple[GroupNeed, ...]
    #: The clause that has what was decided and agreed recorded and shared with everybody in the group.
    shared_clause: Clause = PRODUCT_DEFAULT
    #: The clause under which a group may lower how often somebody is supervised, never below the least that is owed.
    reduces_clause: Clause | None = None
    no_decisions: NoDecisions | None = None
    #: The clause that has the next meeting report on the suggestions that the last one picked.
    report_back: ReportBack | None = None
    guidance: tuple[Guidance, ...] = ()
