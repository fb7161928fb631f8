"""How stories begin: a meeting that is booked or held, a record that is written or sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.fixtures.served import Story, deadline, london
from workflows.policy_reader import shipped

#: The policies of the councils, for what every one of them has an answer to.
POLICIES = ("north-somerset", "leeds", "darlington", "haringey", "central-bedfordshire")
CASE = {"ref": "c1", "worker_ref": "wkr", "category": "family-support", "allocated_on": "2025-01-06"}

#: A category that each policy's list of cases has.
CATEGORIES = {
    "north-somerset": "child-in-need", "leeds": "child", "darlington": "rated", "haringey": "adult",
    "central-bedfordshire": "family-support",
}  # fmt: skip


def case_of(policy: str, **more: Any) -> dict[str, Any]:
    """The social worker's case, in a category that the policy knows."""
    return {**CASE, "category": CATEGORIES[policy], **more}


def meeting(starts_at: str = "2025-03-05T10:00", supervisee: str = "wkr", kind: str = "personal") -> dict[str, Any]:
    """What the opening of a session carries."""
    return {"supervisee": supervisee, "kind": kind, "starts_at": london(starts_at), "minutes": 60}


def booked(story: Story, starts_at: str = "2025-03-05T10:00", supervisee: str = "wkr", **more: Any) -> dict[str, Any]:
    """A session that the supervisor has booked."""
    return story.open("sup", "sessions", **meeting(starts_at, supervisee), **more)


def drafted(story: Story, **sections: str) -> dict[str, Any]:
    """The draft of a personal record."""
    return story.open("sup", "records", supervisee="wkr", kind="personal", sections=sections)


def sent(story: Story, **sections: str) -> dict[str, Any]:
    """A personal record that waits for the supervisee's signature."""
    return story.move("sup", drafted(story, **sections), "circulate")


def disputed(story: Story, statement: str = "That is not what was said.") -> dict[str, Any]:
    """A personal record that the supervisee disputes."""
    return story.move("wkr", sent(story), "dispute", statement=statement)


def raised(story: Story, statement: str = "The visits cannot wait.") -> dict[str, Any]:
    """A disagreement about casework, which the supervisee has raised."""
    return story.open("wkr", "disputes", supervisee="wkr", about="casework", statement=statement)


def away(story: Story, person: str, first_day: str = "2025-03-03", cause: str = "sickness") -> dict[str, Any]:
    """An absence that HR has recorded."""
    return story.open("hr1", "absences", person=person, first_day=first_day, cause=cause)


def held(
    story: Story, ends: str, kind: str = "personal", cases: tuple[str, ...] = (), supervisee: str = "wkr",
    by: str = "sup",
) -> dict[str, Any]:  # fmt: skip
    """A session of an hour that has just ended and is reported: the clock moves to its end."""
    story.at(ends)
    starts_at = (datetime.fromisoformat(ends) - timedelta(hours=1)).isoformat()
    session = story.open(by, "sessions", **meeting(starts_at, supervisee, kind), cases=list(cases))
    return story.move(by, session, "hold", held_at=london(ends), minutes=60)


def owed(story: Story, session: dict[str, Any], who: str = "sup") -> dict[str, Any]:
    """The duty to replace a session that was cancelled."""
    return story.one(who, workflow="cancellation", parent=session["id"])


def entitlement(story: Story, who: str = "wkr") -> dict[str, Any]:
    """The duty to supervise somebody, as they see it; the professional one beside it is another."""
    [found] = [m for m in story.items(who, "/matters", workflow="entitlement", party=who) if _is_theirs(m, who)]
    return story.matter(who, found)


def _is_theirs(matter: dict[str, Any], who: str) -> bool:
    return bool(matter["kind"] == "line_management" and matter["parties"]["supervisee"] == who)


def due(matter: dict[str, Any], name: str) -> tuple[str | None, str]:
    """The last London day of a deadline, None while it stands still, and where it stands."""
    found = deadline(matter, name)
    return found["due"] and found["due"][:10], found["status"]


def clause(matter: dict[str, Any], name: str) -> str:
    """The clause that a deadline is counted under."""
    found: str = deadline(matter, name)["receipt"]["clause"]
    return found


def reasons(story: Story, matter: dict[str, Any], who: str = "sup") -> list[str]:
    """The reasons that the steps of a matter carry, oldest first."""
    return [step["reason"] for step in story.items(who, f"/matters/{matter['id']}/history") if "reason" in step]


def names(matter: dict[str, Any]) -> set[str]:
    """The deadlines that a matter has or had."""
    return {limit["name"] for limit in matter["deadlines"]}


def agreed_terms(policy: str, **more: Any) -> dict[str, Any]:
    """Every required field of a council's agreement, as its policy lists them."""
    answers: dict[str, Any] = {
        "text": "As agreed.", "person": "sup", "neither_party": "lm", "yes_or_no": False, "accepted": True,
    }  # fmt: skip
    terms = shipped()[policy].agreement.terms
    return {**{term.name: answers[term.kind] for term in terms if term.required}, **more}
