"""Looking for a person, a case or a matter.

What was typed may be a name, so it is sent in a form's body: the address of what was found has references alone.
"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from service.api.asking import Asking
from service.engine.finding import cases_called
from service.pages.reading_forms import people_named
from service.pages.rendering import page
from service.pages.visiting import Form, Visiting, see_other
from workflows.calendar import local_day

router = APIRouter()
#: Whoever finds more people than this is to type more of the name.
MOST = 50
Refs = Annotated[list[str], Query(max_length=MOST)]


@router.get("/find")
def find(
    visit: Visiting, person: Refs = [], case: Refs = [], more: bool = False, nothing: bool = False, empty: bool = False  # noqa: B006, FBT001, FBT002 - flags of the address
) -> HTMLResponse:  # fmt: skip
    """The form, and under it what was found."""

    def read(asking: Asking) -> HTMLResponse:
        values = {
            "people": _people(asking, person), "cases": case, "more": more, "nothing": nothing, "empty": empty,
            "most": MOST,
        }  # fmt: skip
        return page(visit, asking, "find.html", values)

    return visit.read(read)


@router.post("/find")
def look(visit: Visiting, posted: Form) -> Response:
    """Look for what was typed; a matter's id leads to the matter itself."""
    typed = posted.text("typed")

    def read(asking: Asking) -> Response:
        matter = _as_id(typed)
        if not typed:
            return see_other("/find?empty=true")
        if matter is not None:
            return see_other(f"/matters/{matter}")
        people = people_named(asking.work.picture.directory, typed)
        cases = cases_called(asking.reader, typed.removeprefix("case ").removeprefix("Case ").strip())
        return see_other(f"/find?{_address([p.ref for p in people], cases)}")

    return visit.read(read)


def _as_id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _address(people: list[str], cases: list[str]) -> str:
    found = [("person", ref) for ref in people[:MOST]] + [("case", ref) for ref in cases[:MOST]]
    if len(people) > MOST:
        found.append(("more", "true"))
    return urlencode(found or [("nothing", "true")])


def _people(asking: Asking, refs: list[str]) -> list[dict[str, Any]]:
    directory, today = asking.work.picture.directory, local_day(asking.work.now)
    found = (directory.get(ref) for ref in refs)
    return [
        {"ref": p.ref, "name": p.name, "job_role": p.job_role, "team": p.team, "has_left": p.has_left(today)}
        for p in found
        if p is not None
    ]
