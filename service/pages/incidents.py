"""What no rule could settle, for administrators: each with what can be done about it, and never what it is about."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from service.api.asking import Asking, matter_id_of
from service.api.bodies import parsed
from service.api.matters import Cursor
from service.api.repairs import mended
from service.engine.incident_groups import list_incident_groups
from service.engine.lists import list_matters_by_id
from service.pages.fields import Field, filled
from service.pages.matter_words import kind_in_words, where_it_stands
from service.pages.mending import FormError, mendable, problems_of
from service.pages.posted import Posted
from service.pages.reading_forms import Typed
from service.pages.rendering import page
from service.pages.visiting import Form, Visit, Visiting, see_other
from service.problems import Problem, not_here
from workflows.refusals import Refused
from workflows.registry import DEFINITIONS
from workflows.repair import REROUTE, Repair, Reroute
from workflows.vocabulary import Role, Workflow

router = APIRouter()
_A_PAGE = 50
_REASON = Field("reason", "text", "Why", "It is kept in the history of what the incident is about.", required=True)
_HOLDER = Field("holder", "person", "Who takes it over", "A name, or a reference such as p012.", required=True)
#: What can be done, with the questions that it asks.
_WAYS: dict[str, tuple[str, tuple[Field, ...]]] = {
    "retry": ("Try again", (_REASON,)),
    "reroute": ("Give it to somebody", (_HOLDER, _REASON)),
    "release": ("Let it go", (_REASON,)),
}


def _may_see(asking: Asking) -> None:
    if not asking.has(Role.hr):
        asking.must_be(Role.administrator)


@router.get("/incidents")
def incidents(
    visit: Visiting,
    cursor: Cursor = None,
    done: str | None = None,
    closed: bool = False,  # noqa: FBT001, FBT002
) -> HTMLResponse:
    """Incidents that are open, or those that were, newest first."""

    def read(asking: Asking) -> HTMLResponse:
        _may_see(asking)
        found = list_incident_groups(asking.reader, cursor, _A_PAGE, is_open=not closed)
        about = list_matters_by_id(asking.reader, [row["about"] for row in found["items"] if row["about"]])
        items = [{**row, **_words(row, about.get(row["about"]))} for row in found["items"]]
        values = {"items": items, "next_cursor": found["next_cursor"], "done": done, "closed": closed}
        return page(visit, asking, "incidents.html", values)

    return visit.read(read)


def _words(row: dict[str, Any], shape: dict[str, Any] | None) -> dict[str, Any]:
    """What an incident is about in words, and what can be done about it."""
    if shape is None:
        return {"ways": {"release": _WAYS["release"]}}
    rows = DEFINITIONS[Workflow(shape["workflow"])].by_trigger.get(REROUTE, ())
    can_be_given = row["kind"] == "stranded" and any(shape["state"] in move.source for move in rows)
    wanted = {"release": True, "retry": row["kind"] == "undecidable", "reroute": can_be_given}
    ways = {way: about for way, about in _WAYS.items() if wanted[way]}
    return {"title": kind_in_words(shape), "says": where_it_stands(shape), "ways": ways}


@router.get("/incidents/{incident_id}/{way}")
def ask(visit: Visiting, incident_id: str, way: str) -> HTMLResponse:
    """The form of one way to mend it."""
    return visit.read(lambda asking: _form(visit, asking, incident_id, way, None))


@router.post("/incidents/{incident_id}/{way}")
def do(visit: Visiting, posted: Form, incident_id: str, way: str) -> Response:
    """Mend it; what the rules refuse comes back with what was typed."""
    wanted = matter_id_of(incident_id)

    def piece(asking: Asking) -> Response:
        typed = _typed(asking, way, posted)
        if typed.errors:
            raise FormError(typed)
        mending = parsed(Reroute, typed.data) if way == "reroute" else parsed(Repair, {"what": way, **typed.data})
        mended(asking, wanted, posted.sent({"way": way, "data": typed.data}), mending)
        return see_other(f"/incidents?done={way}")

    try:
        return visit.write(piece)
    except (FormError, Problem, Refused) as error:
        problem = mendable(error)
        return visit.read(lambda asking: _form(visit, asking, incident_id, way, _typed(asking, way, posted), problem))


def _typed(asking: Asking, way: str, posted: Posted) -> Typed:
    if way not in _WAYS:
        raise not_here()
    return Typed(_WAYS[way][1], posted, asking.work.picture.directory)


def _form(
    visit: Visit, asking: Asking, incident_id: str, way: str, typed: Typed | None, problem: Problem | None = None
) -> HTMLResponse:
    _may_see(asking)
    if way not in _WAYS:
        raise not_here()
    label, fields = _WAYS[way]
    problems = problems_of(problem, typed) if typed else ()
    values = {
        "incident_id": incident_id, "way": way, "label": label,
        "fields": filled(fields, typed.values, typed.errors) if typed else fields,
        "problems": problems,
    }  # fmt: skip
    return page(visit, asking, "incident_way.html", values, 422 if typed else 200)
