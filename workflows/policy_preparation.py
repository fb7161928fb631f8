"""The parts of a policy about what comes before a session: its preparation, its hours, and the yearly review in one."""

from __future__ import annotations

from datetime import time

from workflows.policy_parts import Clause, Part, Period, Section


class Preparation(Part):
    """How both prepare a session."""

    #: The clause by which each puts on the agenda what they want to talk about.
    agenda_clause: Clause
    #: How long before the session those who have not are reminded; nobody is late.
    remind_before: Period
    #: The supervisee's own preparation, section by section; empty where the policy has no such form.
    form: tuple[Section, ...] = ()

    def names(self) -> frozenset[str]:
        """The sections that the form has."""
        return frozenset(section.name for section in self.form)


class PaidHours(Part):
    """The hours for which both are paid (London wall-clock times), as long as no working patterns are known."""

    opens: time
    closes: time
    #: The clause by which sessions lie in paid hours.
    clause: Clause
    #: The clause that gives the hours themselves.
    hours_clause: Clause


class YearlyReview(Part):
    """A review that one session a year is made longer for."""

    every: Period
    #: How long after the last one the supervisor is reminded.
    remind_after: Period
    #: How often, once it is late.
    remind_again: Period
