"""Where stories about a worker's own supervision begin: what is owed, by when, and the sessions."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec.structs import replace

from tests.fakes.council import FakeCouncil, at, standard_team
from tests.unit.workflows.stories import held
from workflows.directory import Person
from workflows.intervals import LINE_MANAGEMENT
from workflows.model import Matter
from workflows.vocabulary import SessionKind, Workflow


def owed(council: FakeCouncil, kind: str = LINE_MANAGEMENT, who: str = "wkr") -> Matter:
    """What somebody is owed."""
    return council.only(Workflow.entitlement, supervisee=who, kind=kind)


def due(council: FakeCouncil) -> date | None:
    """When the social worker is to be supervised next."""
    return council.due(owed(council), "supervise_by")


def personal(council: FakeCouncil, ended: str) -> None:
    """A session about the worker, held."""
    held(council, SessionKind.personal, ended)


def team_with(**changed: Any) -> dict[str, Person]:
    """The standard team, its social worker changed."""
    people = standard_team()
    return {**people, "wkr": replace(people["wkr"], **changed)}


def booked(council: FakeCouncil, starts_at: str, kind: str = "personal", **more: Any) -> Matter:
    """A session that is still to be reported."""
    return council.open(
        "sup",
        Workflow.session,
        supervisee=more.pop("supervisee", "wkr"),
        kind=kind,
        starts_at=at(starts_at),
        minutes=60,
        **more,
    )
