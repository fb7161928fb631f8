"""Group supervision in a policy: what a group agrees before it meets, what it leaves to others, and how it works."""

from __future__ import annotations

from typing import Literal

from workflows.policy_parts import Clause, Name, Part
from workflows.vocabulary import PRODUCT_DEFAULT


class GroupNeed(Part):
    """Something that a group has before its first meeting."""

    name: Literal["purpose", "ground_rules", "confidentiality"]
    """What it is: purpose, ground_rules or confidentiality."""
    clause: Clause
    """The clause that asks for it."""
    is_condition: bool = False
    """Whether the meeting cannot be reported as held without it; otherwise it is shown as missing."""


class NoDecisions(Part):
    """Sections of a case record in which a group decides nothing: the decision has a note of its own."""

    sections: frozenset[Name]
    """The sections of a case record that a group leaves empty."""
    clause: Clause
    """The clause that says so."""


class ReportBack(Part):
    """The section of a group's record whose suggestions the next meeting asks about."""

    section: Name
    """The section of the group's record."""
    clause: Clause
    """The clause that has it asked about."""
    picked_clause: Clause = PRODUCT_DEFAULT
    """The clause under which whoever picks a suggestion carries it out."""


class GroupPolicy(Part):
    """Group supervision: an addition to supervision of one person, and no replacement of it."""

    needs: tuple[GroupNeed, ...]
    shared_clause: Clause = PRODUCT_DEFAULT
    """The clause that has what was decided and agreed recorded and shared with everybody in the group."""
    reduces_clause: Clause | None = None
    """The clause under which a group may lower how often somebody is supervised, never below the least that is owed.
    """
    no_decisions: NoDecisions | None = None
    report_back: ReportBack | None = None
    """The clause that has the next meeting report on the suggestions that the last one picked."""
