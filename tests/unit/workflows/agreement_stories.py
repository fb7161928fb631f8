"""How stories about agreements begin: the form filled in, and signed by both."""

from __future__ import annotations

from typing import Any

from tests.fakes.council import FakeCouncil
from workflows.model import Matter
from workflows.vocabulary import Workflow


def terms(council: FakeCouncil, **more: Any) -> dict[str, Any]:
    """Every required field of the council's form."""
    answers = {"text": "As agreed.", "person": "sup", "neither_party": "lm", "yes_or_no": False, "accepted": True}
    required = {term.name: answers[term.kind] for term in council.policy.agreement.terms if term.required}
    return {**required, **more}


def draft(council: FakeCouncil, supervisee: str = "wkr") -> Matter:
    """The agreement that the service has opened for the two, the newest that is open if there is one."""
    found = council.find(Workflow.agreement, supervisee=supervisee)
    return max(found, key=lambda matter: (matter.closed_at is None, matter.opened_at))


def filled(council: FakeCouncil, **more: Any) -> Matter:
    """The form as the supervisor has filled it in."""
    return council.open("sup", Workflow.agreement, supervisee="wkr", terms=terms(council, **more))


def signed(council: FakeCouncil, **more: Any) -> Matter:
    """An agreement in force."""
    agreement = filled(council, **more)
    council.move("sup", agreement, "sign")
    return council.move("wkr", agreement, "sign")
