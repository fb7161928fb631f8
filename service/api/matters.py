"""Reading matters: one, lists, the inbox, histories, and what happens if nobody acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query
from msgspec import Struct
from pydantic import AfterValidator, AwareDatetime, BeforeValidator

from service.api.asking import Asking, Asks, Requests, Token, matter_id_of
from service.api.bodies import near, written_out
from service.engine.exception_list import list_exceptions
from service.engine.lists import (
    Filter,
    list_history,
    list_incidents,
    list_matters,
    list_notices,
)
from service.engine.prospect import what_if_nothing
from service.engine.views import View, note_views, unless_own
from service.engine.waiting import inbox
from service.identity.access import standing_of
from service.identity.scopes import Credential
from service.problems import invalid, not_here
from workflows.calendar import local_day
from workflows.vocabulary import Role, Workflow

router = APIRouter(tags=["matters"])
_T = TypeVar("_T")
Limit = Annotated[int, Query(ge=1, le=200)]
Purpose = Annotated[str | None, Query(max_length=60)]
#: The workflows that watch an interval: a case's, and a worker's.
Interval = Literal[Workflow.frequency, Workflow.entitlement]
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
    due_before: Annotated[AwareDatetime, BeforeValidator(written_out), AfterValidator(near)] | None = None,
    open: bool | None = None,  # noqa: A002, FBT001 - the contract's name
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """The matters that you may see, oldest first; what somebody wrote is here for those whose own it is alone."""
    due: datetime | None = due_before
    wanted = Filter(workflow, state, party, holder, case, parent, due, open)
    with asks.reading(token) as asking:
        return list_matters(asking.reader, wanted, cursor, limit)


@router.get("/exceptions", summary="Intervals that are exceptions")
def exceptions(
    token: Token,
    asks: Asks,
    workflow: Interval | None = None,
    party: str | None = None,
    case: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Cases and workers whose interval no clause gives, or which somebody has approved, with the reason of each."""
    wanted = Filter(workflow, party=party, case=case, open=True)
    with asks.reading(token) as asking:
        return list_exceptions(asking.reader, wanted, cursor, limit)


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
def incidents(
    token: Token,
    asks: Asks,
    open: bool | None = None,  # noqa: A002, FBT001 - as for matters
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Incidents, newest first; for administrators, and for HR those of what only HR may know.

    One is closed when it was mended, or when what it is about has come to its end.
    """
    with asks.reading(token) as asking:
        if not asking.has(Role.hr):
            asking.must_be(Role.administrator)
        return list_incidents(asking.reader, cursor, limit, open=open)


@router.get("/people/{ref}/actions", summary="What somebody has still to do")
def actions(ref: str, token: Token, asks: Asks, cursor: Cursor = None, limit: Limit = 50) -> dict[str, Any]:
    """Every open action of a worker that you may see, whoever has it to do, across sessions and records."""
    wanted = Filter(workflow=Workflow.action, party=ref, open=True)
    with asks.reading(token) as asking:
        return list_matters(asking.reader, wanted, cursor, limit)


@router.get("/matters/{matter_id}", summary="One matter")
def matter(matter_id: str, token: Token, asks: Asks, purpose: Purpose = None) -> dict[str, Any]:
    """A matter with its deadlines, their receipts, and the moves that you could make now.

    Whoever opens a matter that is not their own is written down, with the purpose that they give.
    """
    wanted = matter_id_of(matter_id)

    def read(asking: Asking) -> dict[str, Any]:
        found = asking.reader.matter(wanted, asking.work)
        if found is None:
            raise not_here()
        return found

    return opened(asks, token, Opening(wanted, "matter", purpose), read)


@router.get("/matters/{matter_id}/history", summary="Every step of a matter")
def history(
    matter_id: str, token: Token, asks: Asks, purpose: Purpose = None, cursor: Cursor = None, limit: Limit = 50
) -> dict[str, Any]:
    """The steps, oldest first, each with the hash that chains it to the one before."""
    wanted = matter_id_of(matter_id)

    def read(asking: Asking) -> dict[str, Any]:
        return list_history(asking.reader, wanted, _standing(asking, wanted), cursor, limit)

    return opened(asks, token, Opening(wanted, "history", purpose), read)


class Opening(Struct, frozen=True):
    """That somebody opens a matter: which one, what of it, the purpose that they give, and what is opened with it."""

    matter_id: UUID
    what: str
    purpose: str | None
    also: UUID | None = None


def opened(asks: Requests, token: Credential, opening: Opening, read: Callable[[Asking], _T]) -> _T:
    """Read a matter; where that is to be written down, both happen in one writing transaction."""
    with asks.reading(token) as asking:
        found = read(asking)
        if not _views(asking, opening):
            return found
    return asks.writing(token, lambda asking: _noted(asking, opening, read))


def _noted(asking: Asking, opening: Opening, read: Callable[[Asking], _T]) -> _T:
    found = read(asking)
    note_views(asking.reader, _views(asking, opening))
    return found


def _views(asking: Asking, opening: Opening) -> list[View]:
    """What is to be written down: that somebody reads what is not their own. Raises Problem 422."""
    _check_purpose(asking, opening.purpose)
    viewer, opened_now = asking.reader.viewer, (opening.matter_id, opening.also)
    standings = ((one, unless_own(asking.connection, viewer, one)) for one in opened_now if one is not None)
    return [View(one, opening.what, how, opening.purpose) for one, how in standings if viewer.reads(how)]


def _check_purpose(asking: Asking, purpose: str | None) -> None:
    known = [p.name for p in asking.work.picture.policy_on(local_day(asking.work.now)).disclosure.purposes]
    if purpose is not None and purpose not in known:
        message = f"The policy has no purpose of that name; it has: {', '.join(known) or 'none'}."
        raise invalid([{"pointer": "/purpose", "message": message}])


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
