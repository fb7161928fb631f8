"""How long the sessions of a worker's own supervision last: what the policy asks for, and what was held."""

from __future__ import annotations

from datetime import date

from workflows.consequence_payloads import Supervised
from workflows.directory import Person
from workflows.intervals import PROFESSIONAL
from workflows.model import Facts
from workflows.policy_parts import Length
from workflows.turn import Turn


def length_asked(facts: Facts, worker: str | None, on: date) -> Length | None:
    """How long a session of somebody on the list lasts at least on a local date; None where the policy is silent."""
    rules, person = facts.policy.entitlement, facts.directory.people[worker or ""]
    row = next((row for row in rules.rows if person.job_role in row.job_roles), None)
    ordinary = row.length if row else rules.everyone_else_length
    return _of_first_year(facts, person, on) or ordinary


def _of_first_year(facts: Facts, person: Person, on: date) -> Length | None:
    """The length of the phase that a newly qualified worker is in, where it has one of its own (NS-24, CBC-06)."""
    if person.nqsw_start is None or on < person.nqsw_start:
        return None
    for phase, until in facts.policy.entitlement.ends(person.nqsw_start, person.nqsw_extended_to):
        if until is None or on < until:
            return phase.length
    return None


def keep_length(turn: Turn, data: Supervised) -> None:
    """Keep how long the session was, or the month's sessions are together, beside what is asked for.

    A short session counts as supervision all the same: no policy says that it does not. One that is reported after
    those of a later month, or after a later one where they do not add up, changes nothing.
    """
    asked = length_asked(turn.facts, turn.matter.supervisee, data.held_on)
    if asked is None or turn.matter.kind == PROFESSIONAL:
        return
    before, month = turn.data.get("length", {}), data.held_on.isoformat()[: len("2025-01")]
    adds_up = turn.facts.policy.entitlement.lengths_add_up
    together = bool(adds_up) and before.get("month") == month
    if before and not together and _is_older(turn, data):
        return
    held = data.minutes + (before["held"] if together else 0)
    turn.keep(
        length={
            "asked": asked.minutes, "held": held, "enough": held >= asked.minutes, "month": month,
            "clause": f"{asked.clause}, {adds_up}" if adds_up else asked.clause,
        }
    )  # fmt: skip


def _is_older(turn: Turn, data: Supervised) -> bool:
    """Whether a later session was counted before this one was reported."""
    known = turn.matter.data.get("last_supervised_on")
    return known is not None and data.held_on < date.fromisoformat(known)
