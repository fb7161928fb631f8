"""How stories begin: a meeting that is booked or held, a record that is written or sent."""

from __future__ import annotations

from typing import Any

from tests.fixtures.served import Story, london

CASE = {"ref": "c1", "worker_ref": "wkr", "category": "family-support", "allocated_on": "2025-01-06"}


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
