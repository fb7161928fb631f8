"""Where stories about a disagreement begin: raised, or taken up to a manager at once."""

from __future__ import annotations

from tests.fakes.council import FakeCouncil
from workflows.model import Matter
from workflows.vocabulary import Workflow


def about(council: FakeCouncil, what: str = "casework", who: str = "wkr", supervisee: str = "wkr") -> Matter:
    """A disagreement that is about no record."""
    return council.open(who, Workflow.dispute, supervisee=supervisee, about=what, statement="The visits cannot wait.")


def escalated(council: FakeCouncil, what: str = "casework") -> Matter:
    """A disagreement that was taken up at once."""
    return council.move("wkr", about(council, what), "escalate")
