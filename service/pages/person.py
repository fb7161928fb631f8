"""The page of a person: what they are owed, and of their supervision what the visitor may see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.api.asking import Asking
from service.engine.lists import Filter, list_matters, newest_matters
from service.engine.schedule import supervision_of
from service.pages.my_people_list import supervised
from service.pages.rendering import page
from service.pages.visiting import Visit, Visiting
from service.pages.your_work import about, owed_to
from service.problems import not_here
from workflows.calendar import local_day
from workflows.directory import Person
from workflows.vocabulary import Role, Workflow

router = APIRouter()
#: Of each list the first few; the whole list is a link away.
_FEW = 5
_BACK, _AHEAD = timedelta(days=92), timedelta(days=92)


@router.get("/me")
def me(visit: Visiting) -> HTMLResponse:
    """The visitor's own page."""
    return visit.read(lambda asking: _page(visit, asking, asking.ref))


@router.get("/people/{ref}")
def person(visit: Visiting, ref: str) -> HTMLResponse:
    """One person."""
    return visit.read(lambda asking: _page(visit, asking, ref))


def _page(visit: Visit, asking: Asking, ref: str) -> HTMLResponse:
    found = asking.work.picture.directory.get(ref)
    if found is None:
        raise not_here()
    values = {"person": found, **_post(asking, found), **_supervision(asking, ref)}
    return page(visit, asking, "person.html", values)


def _post(asking: Asking, found: Person) -> dict[str, Any]:
    """Who they are to the council today."""
    directory, today = asking.work.picture.directory, local_day(asking.work.now)
    return {
        "is_me": found.ref == asking.ref, "is_mine": found.ref in supervised(asking),
        "in_post": found.in_post(today), "has_left": found.has_left(today),
        "away": _is_told_of_leave(asking, found.ref) and directory.away(found.ref, today) is not None,
        "supervisor": directory.supervisor_of(found.ref),
        "takes_requests": asking.has(Role.hr) and found.ref != asking.ref,
        "administers": asking.has(Role.administrator),
    }  # fmt: skip


def _is_told_of_leave(asking: Asking, ref: str) -> bool:
    """Whether the visitor learns that somebody is away: they themself, whoever answers for them, and HR."""
    return ref == asking.ref or asking.has(Role.hr) or asking.work.picture.directory.answers_for(asking.ref, ref)


def _supervision(asking: Asking, ref: str) -> dict[str, Any]:
    """What there is of their supervision, all of it as the visitor may see it."""
    today = local_day(asking.work.now)
    meetings = supervision_of(asking.reader, [ref], today - _BACK, today + _AHEAD)
    records = newest_matters(asking.reader, Filter(workflow=Workflow.record, party=ref), None, _FEW)
    actions = list_matters(asking.reader, Filter(workflow=Workflow.action, party=ref, open=True), None, _FEW)
    agreements = list_matters(asking.reader, Filter(workflow=Workflow.agreement, party=ref, open=True), None, _FEW)
    return {
        **owed_to(asking, ref),
        "coming": [m for m in meetings if m.state == "scheduled"][:_FEW],
        "past": [m for m in reversed(meetings) if m.state != "scheduled"][:_FEW],
        "records": [about(asking, shape) for shape in records["items"]], "has_more_records": records["next_cursor"],
        "actions": [about(asking, shape) for shape in actions["items"]], "has_more_actions": actions["next_cursor"],
        "agreements": [
            about(asking, shape) for shape in agreements["items"] if shape["parties"].get("supervisee") == ref
        ],
    }  # fmt: skip
