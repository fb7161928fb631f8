"""The five councils' policies, and how a test names a clause, a period and the policy that a clause is of."""

from __future__ import annotations

import pytest

from workflows.policy import Policy
from workflows.policy_forms import FormSection
from workflows.policy_reader import shipped
from workflows.receipts import Term
from workflows.vocabulary import RecordKind, Unit

COUNCILS = ("central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset")


PREFIXES = {
    "NS": "north-somerset",
    "LDS": "leeds",
    "DAR": "darlington",
    "HAR": "haringey",
    "CBC": "central-bedfordshire",
}


RISKS = "placement-fragile placement-unregulated missing exploitation safeguarding significant-support-needs"


def of(clause: str) -> Policy:
    """The policy that a clause belongs to."""
    return shipped()[PREFIXES[clause.partition("-")[0]]]


def by(*rows: tuple[object, ...]) -> list[object]:
    """Parameters whose first is a clause, or several, marked as shown by the test."""
    return [pytest.param(*row, marks=pytest.mark.clause(*str(row[0]).split(", "))) for row in rows]


def sections(policy: Policy, kind: RecordKind) -> list[FormSection]:
    """The sections of all forms for one kind of record."""
    return [section for form in policy.record.of(kind).forms for section in form.sections]


def term(words: str, clause: str) -> Term:
    """The words "5 working_days" as the term that a clause gives."""
    value, unit = words.split()
    return Term(int(value), Unit(unit), clause)
