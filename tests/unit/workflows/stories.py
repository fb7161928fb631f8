"""How stories about records, disputes and frequencies begin: a session that was held, a record that was sent."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from tests.fakes.council import FakeCouncil, at
from workflows.directory import Case
from workflows.model import Deadline, Matter
from workflows.vocabulary import SessionKind, Status, Workflow

#: A case of the standard team's social worker, in a category that Central Bedfordshire has.
C1 = Case("c1", "wkr", "family-support", allocated_on=date(2025, 1, 6))


def held(council: FakeCouncil, kind: SessionKind, ended: str | datetime, **more: Any) -> Matter:
    """A session with the social worker, booked for the hour before it ended and reported as it ends."""
    end = at(ended) if isinstance(ended, str) else ended
    booking = {"supervisee": "wkr", "kind": kind, "starts_at": end - timedelta(hours=1), "minutes": 60, **more}
    session = council.open("sup", Workflow.session, **booking)
    council.until(end)
    return council.move("sup", session, "hold", held_at=end, minutes=60, **agreed(kind))


def agreed(kind: str) -> dict[str, Any]:
    """What the report of a group says besides: that its people have agreed the limits of confidentiality."""
    return {"confidentiality_agreed": True} if kind == SessionKind.group else {}


def draft(council: FakeCouncil, kind: str = "personal") -> Matter:
    """A record that the supervisor opened by itself."""
    case = "c1" if kind == "case" else None
    return council.open("sup", Workflow.record, supervisee="wkr", kind=kind, case=case)


def sent(council: FakeCouncil, kind: str = "personal") -> Matter:
    """A record that waits for the supervisee's signature."""
    return council.move("sup", draft(council, kind), "circulate")


def disputed(council: FakeCouncil, kind: str = "personal") -> tuple[Matter, Matter]:
    """A record that the supervisee disputes, and the dispute about it."""
    record = council.move("wkr", sent(council, kind), "dispute", statement="That is not what was said.")
    return record, council.only(Workflow.dispute)


def away(council: FakeCouncil, person: str, first_day: date, cause: str = "sickness", **more: Any) -> Matter:
    """An absence that HR records."""
    return council.open("hr1", Workflow.absence, person=person, first_day=first_day, cause=cause, **more)


def bounces(council: FakeCouncil, person: str, *, from_now_on: bool = True) -> None:
    """Whether a person's notices come back undelivered."""
    council.relist(person, bounces=from_now_on)


def deadline(council: FakeCouncil, matter: Matter, name: str) -> Deadline:
    """The live deadline of this name."""
    found = council.matter(matter).live(name)
    assert found is not None, [(d.name, d.status) for d in council.matter(matter).deadlines]
    return found


def statuses(council: FakeCouncil, matter: Matter, name: str) -> list[Status]:
    """What became of every deadline of this name, in the order in which they were set."""
    rows = [row for (found, _), row in sorted(council.deadlines.items()) if found == matter.id]
    return [Status(row["status"]) for row in rows if row["name"] == name]


def step(council: FakeCouncil, matter: Matter, trigger: str) -> dict[str, Any]:
    """The last step of this trigger."""
    return next(row for row in reversed(council.steps) if (row["matter_id"], row["trigger"]) == (matter.id, trigger))


def incidents(council: FakeCouncil, matter: Matter) -> list[str]:
    """The kinds of incident about a matter, in the order in which they came."""
    return [row["kind"] for row in council.incidents if row["matter_id"] == matter.id]
