"""Reading matters: one, lists, the inbox, histories, and what happens if nobody acts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AfterValidator, AwareDatetime

from service.api.asking import Asking, Asks, Token, matter_id_of
from service.api.bodies import near
from service.engine.lists import Filter, inbox, list_history, list_incidents, list_matters, list_notices
from service.engine.prospect import what_if_nothing
from service.identity.access import standing_of
from service.problems import not_here
from workflows.vocabulary import Role, Workflow

router = APIRouter(tags=["matters"])
Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=500)]


@router.get("/matters", summary="List matters")
def matters(  # noqa: PLR0913, PLR0917 - each is a filter of the contract
    token: Token,
    asks: Asks,
    workflow: Workflow | None = None,
    state: str | None = None,
    party: str | None = None,
    holder: str | None = None,
    case: str | None = None,
    parent: UUID | None = None,
    due_before: Annotated[AwareDatetime, AfterValidator(near)] | None = None,
    open: bool | None = None,  # noqa: A002, FBT001 - the contract's name
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """The matters that you may see, oldest first."""
    due: datetime | None = due_before
    wanted = Filter(workflow, state, party, holder, case, parent, due, open)
    with asks.reading(token) as asking:
        return list_matters(asking.reader, wanted, cursor, limit)


@router.get("/inbox", summary="What waits for you")
def my_inbox(token: Token, asks: Asks, cursor: Cursor = None, limit: Limit = 50) -> dict[str, Any]:
    """The matters in which it is your turn, soonest due first."""
    with asks.reading(token) as asking:
        return inbox(asking.reader, cursor, limit)


@router.get("/notices", summary="What you were told")
def my_notices(token: Token, asks: Asks, cursor: Cursor = None, limit: Limit = 50) -> dict[str, Any]:
    """Your notices, newest first."""
    with asks.reading(token) as asking:
        return list_notices(asking.reader, cursor, limit)


@router.get("/incidents", summary="What no rule could settle")
def incidents(token: Token, asks: Asks, cursor: Cursor = None, limit: Limit = 50) -> dict[str, Any]:
    """Incidents, newest first; for administrators, and for HR those of what only HR may know."""
    with asks.reading(token) as asking:
        if not asking.has(Role.hr):
            asking.must_be(Role.administrator)
        return list_incidents(asking.reader, cursor, limit)


@router.get("/people/{ref}/actions", summary="What somebody has still to do")
def actions(ref: str, token: Token, asks: Asks, cursor: Cursor = None, limit: Limit = 50) -> dict[str, Any]:
    """Every open action of a worker that you may see, whoever has it to do, across sessions and records."""
    wanted = Filter(workflow=Workflow.action, party=ref, open=True)
    with asks.reading(token) as asking:
        return list_matters(asking.reader, wanted, cursor, limit)


@router.get("/matters/{matter_id}", summary="One matter")
def matter(matter_id: str, token: Token, asks: Asks) -> dict[str, Any]:
    """A matter with its deadlines, their receipts, and the moves that you could make now."""
    wanted = matter_id_of(matter_id)
    with asks.reading(token) as asking:
        found = asking.reader.matter(wanted, asking.work)
        if found is None:
            raise not_here()
        return found


@router.get("/matters/{matter_id}/history", summary="Every step of a matter")
def history(matter_id: str, token: Token, asks: Asks, cursor: Cursor = None, limit: Limit = 200) -> dict[str, Any]:
    """The steps, oldest first, each with the hash that chains it to the one before."""
    wanted = matter_id_of(matter_id)
    with asks.reading(token) as asking:
        return list_history(asking.reader, wanted, _standing(asking, wanted), cursor, limit)


@router.get("/matters/{matter_id}/what-if-nothing", summary="What happens if nobody acts")
def what_if(matter_id: str, token: Token, asks: Asks) -> dict[str, Any]:
    """Who will be told what, and when, if nobody acts."""
    wanted = matter_id_of(matter_id)
    with asks.reading(token) as asking:
        _standing(asking, wanted)
        return {"items": what_if_nothing(asking.work, asking.rows, wanted), "next_cursor": None}


def _standing(asking: Asking, matter_id: UUID) -> int:
    standing = standing_of(asking.connection, asking.reader.viewer, matter_id)
    if not standing:
        raise not_here()
    return standing
