"""How stories about requests for records begin: records that exist, and somebody who asks for them."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, standard_team
from tests.unit.workflows.stories import C1
from workflows.directory import Person
from workflows.model import Matter
from workflows.vocabulary import Role, Workflow


def council_of(policy: str = "central-bedfordshire", now: str = "2025-03-03T09:00", **people: Person) -> FakeCouncil:
    """A council with a second person in human resources, and one case."""
    team = standard_team()
    team["hr2"] = replace(team["hr1"], ref="hr2", name="Person hr2")
    return FakeCouncil(policy, now, {**team, **people}, [C1])


def case_record(council: FakeCouncil, **sections: str) -> Matter:
    """A case record that waits for its signature."""
    written = sections or {"case_discussion": "What was said."}
    record = council.open("sup", Workflow.record, supervisee="wkr", kind="case", case="c1", sections=written)
    return council.move("sup", record, "circulate")


def personal_record(council: FakeCouncil, supervisee: str = "wkr") -> Matter:
    """A personal record that is signed."""
    record = council.open("sup", Workflow.record, supervisee=supervisee, kind="personal")
    council.move("sup", record, "circulate")
    return council.move(supervisee, record, "sign")


def asked(council: FakeCouncil, kind: str = "access_to_files", who: str = "hr1", **more: Any) -> Matter:
    """A request about the case, unless it names a worker."""
    about: dict[str, Any] = {"about": "person"} if "supervisee" in more else {"about": "case", "case": "c1"}
    return council.open(who, Workflow.disclosure, kind=kind, requester="Somebody", **{**about, **more})


def in_review(council: FakeCouncil, kind: str = "access_to_files", **more: Any) -> Matter:
    """A request whose records are looked through."""
    return council.move("hr1", asked(council, kind, **more), "review")


def without_hr(council: FakeCouncil) -> None:
    """Nobody is left in human resources."""
    for ref in ("hr1", "hr2"):
        council.relist(ref, app_roles=frozenset())


def gives_hr(council: FakeCouncil, ref: str) -> None:
    """Somebody works in human resources as well."""
    council.relist(ref, app_roles=frozenset({Role.hr}))
