"""Lists for those who hear, cover and decide: disagreements, absences and referrals, what is theirs to do first."""

from __future__ import annotations

from typing import Any, NamedTuple

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.api.asking import Asking
from service.api.matters import Cursor
from service.engine.lists import Filter, list_matters
from service.engine.waiting import inbox
from service.pages.languages import gettext as _
from service.pages.main_deadline import main_deadline
from service.pages.managers import desks_of
from service.pages.matter_facts import facts_of
from service.pages.matter_words import title_of, where_it_stands
from service.pages.openings import BEGINNINGS
from service.pages.rendering import page
from service.pages.visiting import Visit, Visiting
from workflows.vocabulary import Workflow

router = APIRouter()
_A_PAGE = 50


class Desk(NamedTuple):
    """One kind of list: what it holds, what it is called, and what to say where there is nothing in it."""

    path: str
    workflow: Workflow
    heading: str
    waiting: str
    nothing: str


_DISPUTES = Desk(
    "disputes", Workflow.dispute, "Disagreements", "To be heard by you",
    "No disagreement waits for you. When one is taken up to you, it stands here, and you are told.",
)  # fmt: skip
_ABSENCES = Desk(
    "absences", Workflow.absence, "Absences", "Cover to be found by you",
    "No cover is to be found by you. When a supervisor is away for long, the plan for their people stands here.",
)  # fmt: skip
_REFERRALS = Desk(
    "referrals", Workflow.referral, "Referrals to HR", "To be done by you",
    "No referral waits for you. Only those whom a referral concerns, and HR, know that there is one.",
)  # fmt: skip
_REQUESTS = Desk(
    "disclosures", Workflow.disclosure, "Requests for records", "To be done by human resources",
    "No request waits. When somebody asks for supervision records, take the request in here.",
)  # fmt: skip


@router.get("/disputes")
def disputes(visit: Visiting, cursor: Cursor = None, *, ended: bool = False) -> HTMLResponse:
    """The disagreements that the visitor hears, and those that they may know of."""
    return _shown(visit, _DISPUTES, cursor, ended=ended)


@router.get("/absences")
def absences(visit: Visiting, cursor: Cursor = None, *, ended: bool = False) -> HTMLResponse:
    """Who is away, of those whom the visitor may know of, and where cover is to be found."""
    return _shown(visit, _ABSENCES, cursor, ended=ended)


@router.get("/referrals")
def referrals(visit: Visiting, cursor: Cursor = None, *, ended: bool = False) -> HTMLResponse:
    """The referrals of which the visitor is to know: none is counted or hinted at for anybody else."""
    return _shown(visit, _REFERRALS, cursor, ended=ended)


@router.get("/disclosures")
def disclosures(visit: Visiting, cursor: Cursor = None, *, ended: bool = False) -> HTMLResponse:
    """The requests for records that the visitor deals with, or may know of."""
    return _shown(visit, _REQUESTS, cursor, ended=ended)


def _shown(visit: Visit, desk: Desk, cursor: str | None, *, ended: bool) -> HTMLResponse:
    def read(asking: Asking) -> HTMLResponse:
        waiting = [] if cursor or ended else inbox(asking.reader, None, _A_PAGE, desk.workflow)["items"]
        wanted = Filter(workflow=desk.workflow, open=not ended)
        found = list_matters(asking.reader, wanted, cursor, _A_PAGE)
        beginning = BEGINNINGS[desk.path] if desk is not _DISPUTES else None
        mine = {shape["id"] for shape in waiting}
        values = {
            "desk": desk, "ended": ended, "next_cursor": found["next_cursor"],
            "beginning": beginning if beginning and beginning.offered_to(asking) else None,
            "desks": desks_of(asking),
            "waiting": [_item(asking, shape) for shape in waiting],
            "others": [_item(asking, shape) for shape in found["items"] if shape["id"] not in mine],
        }  # fmt: skip
        return page(visit, asking, "desk.html", values)

    return visit.read(read)


def _item(asking: Asking, shape: dict[str, Any]) -> dict[str, Any]:
    return {
        **shape, "title": title_of(asking, shape), "says": where_it_stands(shape), "deadline": main_deadline(shape),
        "facts": [fact for fact in facts_of(asking, shape) if fact.title in _in_lists()],
    }  # fmt: skip


def _in_lists() -> tuple[str, ...]:
    """The facts that people look for in a list of absences or of requests."""
    return _("First day away"), _("Expected back"), _("Last day away"), _("Wanted for"), _("Asked by")
