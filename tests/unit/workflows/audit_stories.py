"""Where stories about audits begin: a council whose teams have cases, a draw, a report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, standard_team
from workflows.directory import Case, Person
from workflows.model import Matter
from workflows.policy import Policy
from workflows.vocabulary import AuditKind, Workflow

#: The two social workers' cases, all in the team of `sup`.
CASES = tuple(
    Case(f"c{number}", "wkr" if number % 2 else "wkr2", "family-support", allocated_on=date(2025, 1, 6))
    for number in range(1, 7)
)
LEARNING = ["Say why each action was set."]


def council(
    policy: str | Policy = "central-bedfordshire", cases: Iterable[Case] = CASES, **people: dict[str, Any] | Person
) -> FakeCouncil:
    """The standard team with six cases on Monday 3 March 2025, and the programmes begun; `people` changes the team."""
    team = standard_team()
    for ref, change in people.items():
        team[ref] = change if isinstance(change, Person) else replace(team.get(ref, Person(ref)), **change)
    made = FakeCouncil(policy, people=team, cases=cases)
    made.start_programmes()
    return made


def second_auditor() -> Person:
    """Another auditor beside `aud`."""
    return replace(standard_team()["aud"], ref="aud2", name="Person aud2")


def programme(found: FakeCouncil, programme_id: str = "monthly-cases") -> Matter:
    """The running programme of this id."""
    return next(m for m in found.find(Workflow.audit, kind="programme") if m.data["programme"] == programme_id)


def audits(found: FakeCouncil, kind: AuditKind = AuditKind.case_sample) -> list[Matter]:
    """The audits of a kind, oldest first."""
    return found.find(Workflow.audit, kind=kind)


def opened(found: FakeCouncil, case: str = "c1") -> Matter:
    """An audit of a case that an auditor has chosen."""
    return found.open("aud", Workflow.audit, kind="case_sample", case=case)


def taken(found: FakeCouncil, case: str = "c1") -> Matter:
    """One that an auditor is at work on."""
    return found.move("aud", opened(found, case), "take")


def reported(found: FakeCouncil, case: str = "c1", learning: list[str] | None = None) -> Matter:
    """One that was reported, with learning unless it is left out."""
    points = LEARNING if learning is None else learning
    findings = {found.policy.audit.questions[0].name: "Yes, each month."}
    return found.move("aud", taken(found, case), "report", findings=findings, learning=points)
