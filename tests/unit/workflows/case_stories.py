"""Where stories about a case begin: its status, the assignment that runs, a session about it."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.fakes.council import FakeCouncil
from tests.unit.workflows.stories import held
from workflows.directory import Case
from workflows.model import Matter
from workflows.vocabulary import SessionKind, Workflow


def case(category: str, *criteria: str, **more: Any) -> Case:
    """The social worker's case, allocated a week before the tests begin."""
    more = {"allocated_on": date(2025, 3, 3), **more}
    return Case("c1", "wkr", category, frozenset(criteria), **more)


def running(council: FakeCouncil) -> Matter:
    """The assignment of the case that is in force."""
    return next(m for m in council.find(Workflow.frequency) if m.closed_at is None and m.state != "awaiting_approval")


def propose(council: FakeCouncil, category: str, *criteria: str, who: str = "sup", **more: Any) -> Matter:
    """A status that somebody proposes, with a reason."""
    data = {"case": "c1", "category": category, "criteria": list(criteria), "reason": "Reviewed today.", **more}
    opened = council.open(who, Workflow.frequency, **data)
    return council.matter(opened)


def session(council: FakeCouncil, ended: str) -> None:
    """A session about the case, held."""
    held(council, SessionKind.case, ended, cases=["c1"])
