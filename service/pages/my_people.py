"""The people whom the visitor supervises: their year month by month, what is due next, their cases and drafts."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from msgspec import Struct

from service.api.asking import Asking
from service.engine.caseload import CaseStanding, caseload_of
from service.engine.lists import Filter, list_matters
from service.engine.owed import duties_of
from service.engine.schedule import Meeting, supervision_of
from service.pages.main_deadline import main_deadline
from service.pages.my_people_list import own_people, supervised
from service.pages.rendering import page
from service.pages.visiting import Visiting
from service.pages.your_work import about
from workflows.calendar import add_months, local_day
from workflows.vocabulary import Workflow

router = APIRouter()
_MONTHS = 12
_DRAFTS = 25
#: Cases are shown that are late, or due within so many days; all of them are a link away.
_SOON = timedelta(days=14)
#: What renews somebody's own supervision, wherever the policy has it otherwise.
_PERSONAL = frozenset({"personal", "combined"})


class Month(Struct, frozen=True):
    """One cell of the year: what took place, and what did not."""

    month: date
    held: int
    off: int

    @property
    def shade(self) -> str:
        """How it is coloured besides what it says."""
        if self.held:
            return "held"
        return "off" if self.off else "none"


@router.get("/my-people")
def my_people(visit: Visiting, cases: Annotated[Literal["soon", "all"], Query()] = "soon") -> HTMLResponse:
    """Everybody whom the visitor supervises."""

    def read(asking: Asking) -> HTMLResponse:
        people = supervised(asking)
        if not people:
            return page(visit, asking, "my_people.html", {"people": []})
        values = {
            "people": people, **_year(asking, people), "which": cases, **_cases(asking, cases),
            "drafts": _drafts(asking),
        }  # fmt: skip
        return page(visit, asking, "my_people.html", values)

    return visit.read(read)


def _year(asking: Asking, people: list[str]) -> dict[str, Any]:
    """Twelve months up to this one, for each of the people, and when each is to be supervised next."""
    today = local_day(asking.work.now)
    this = today.replace(day=1)
    months = [add_months(this, number - _MONTHS + 1) for number in range(_MONTHS)]
    meetings = supervision_of(asking.reader, people, months[0], today)
    duties: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for shape in duties_of(asking.reader, people):
        duties[shape["parties"]["supervisee"]].append({**shape, "deadline": main_deadline(shape)})
    return {"months": months, "rows": _rows(people, months, meetings), "duties": duties}


def _rows(people: list[str], months: list[date], meetings: list[Meeting]) -> dict[str, list[Month]]:
    own = [m for m in meetings if m.kind in _PERSONAL]
    held = Counter((m.members[0], m.day.replace(day=1)) for m in own if m.state == "held")
    off = Counter((m.members[0], m.day.replace(day=1)) for m in own if m.state in ("cancelled", "missed"))
    return {ref: [Month(month, held[ref, month], off[ref, month]) for month in months] for ref in people}


def _cases(asking: Asking, which: str) -> dict[str, Any]:
    found = caseload_of(asking.reader, own_people(asking), local_day(asking.work.now))
    soon = [one for one in found if _is_soon(one, asking.work.now)]
    shown = sorted(soon if which == "soon" else found, key=lambda one: (one.due is None, one.due, one.case.ref))
    return {"cases": shown, "number_of_cases": len(found)}


def _is_soon(one: CaseStanding, now: datetime) -> bool:
    return one.state not in (None, "on_track") or one.due is None or one.due <= now + _SOON


def _drafts(asking: Asking) -> list[dict[str, Any]]:
    wanted = Filter(workflow=Workflow.record, state="draft", holder=asking.ref)
    return [about(asking, shape) for shape in list_matters(asking.reader, wanted, None, _DRAFTS)["items"]]
