"""Team and service overview: what is late, has risen or is coming; filters and sorting stay in the address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field

from service.api.asking import Asking
from service.engine.overview import Show, Sort, Wanted, counts, line_below, overview
from service.pages.dates import short_day
from service.pages.downloads import csv_file
from service.pages.languages import gettext as _
from service.pages.managers import desks_of, oversees
from service.pages.matter_words import kind_in_words, where_it_stands
from service.pages.people_words import names_of
from service.pages.rendering import page
from service.pages.sentences import translated
from service.pages.visiting import Visiting
from service.pages.wording import DEADLINES, ROLES, WORKFLOWS
from workflows.calendar import day_end, local_day
from workflows.registry import DEFINITIONS
from workflows.table import State
from workflows.vocabulary import Workflow

if TYPE_CHECKING:
    from sqlalchemy import Row

router = APIRouter()
_A_PAGE = 50
#: The most pages: whoever looks for more narrows it down.
_MOST_PAGES = 200
#: The most rows of a file.
_A_FILE = 10_000
#: The most people to choose from in one list.
_MOST_PEOPLE = 300
#: How far ahead the overview looks, in working days.
_AHEAD = 10
COLUMNS: dict[Sort, str] = {
    "due": "Due", "what": "What", "who": "Who", "team": "Team", "state": "Where it stands", "holder": "With",
}  # fmt: skip
SHOWS: dict[Show, str] = {
    "attention": "What needs attention", "overdue": "Overdue", "escalated": "Taken up the line",
    "coming": "Due in the next 10 working days", "open": "Everything that is open",
}  # fmt: skip
DUES: dict[str, str] = {
    "": "At any time", "past": "Already past", "today": "By the end of today", "5": "In the next 5 working days",
    "10": "In the next 10 working days",
}  # fmt: skip


class Asked(BaseModel):
    """What the address asks for; an empty choice is none."""

    show: Show = "attention"
    team: Annotated[str, Field(max_length=200)] = ""
    workflow: Workflow | Literal[""] = ""
    state: Annotated[str, Field(max_length=60)] = ""
    due: Literal["", "past", "today", "5", "10"] = ""
    person: Annotated[str, Field(max_length=100)] = ""
    sort: Sort = "due"
    order: Literal["up", "down"] = "up"
    page: Annotated[int, Field(ge=1, le=_MOST_PAGES)] = 1

    def address(self, **other: str | int) -> str:
        """The query of the address that asks for the same, but for what is given here."""
        given = self.model_dump(mode="json") | other
        usual = Asked().model_dump(mode="json")
        return urlencode({name: value for name, value in given.items() if value != usual[name]})

    def wanted(self, asking: Asking, line: tuple[str, ...]) -> Wanted:
        """The same as the engine takes it, for the people of a line."""
        return Wanted(
            _ahead(asking, _AHEAD), line, self.show, self.team or None, self.workflow or None, self.state or None,
            self.person or None, self._due_until(asking), self.sort, self.order == "down",
        )  # fmt: skip

    def _due_until(self, asking: Asking) -> datetime | None:
        match self.due:
            case "":
                return None
            case "past":
                return asking.work.now
            case "today":
                return day_end(asking.today)
            case days:
                return _ahead(asking, int(days))


def _ahead(asking: Asking, working_days: int) -> datetime:
    """The last instant of the working day that is so many after today."""
    return day_end(asking.work.picture.calendar.add_working_days(asking.today, working_days))


@router.get("/overview")
def show(visit: Visiting, asked: Annotated[Asked, Query()]) -> HTMLResponse:
    """The overview as a page."""

    def read(asking: Asking) -> HTMLResponse:
        below = line_below(asking.reader)
        wanted = asked.wanted(asking, below)
        looks = bool(below) or oversees(asking)
        rows = overview(asking.reader, wanted, (asked.page - 1) * _A_PAGE, _A_PAGE + 1) if looks else []
        values = {
            "asked": asked, "rows": [_shown(asking, row) for row in rows[:_A_PAGE]],
            "counts": counts(asking.reader, wanted) if looks else [],
            "columns": COLUMNS, "shows": SHOWS, "dues": DUES, "desks": desks_of(asking),
            **_choices(asking, asked, below),
            "more": len(rows) > _A_PAGE and asked.page < _MOST_PAGES,
        }  # fmt: skip
        return page(visit, asking, "overview.html", values)

    return visit.read(read)


@router.get("/overview.csv")
def download(visit: Visiting, asked: Annotated[Asked, Query()]) -> Response:
    """The same rows as a file, in the same order."""

    def read(asking: Asking) -> Response:
        below = line_below(asking.reader)
        looks = bool(below) or oversees(asking)
        rows = overview(asking.reader, asked.wanted(asking, below), 0, _A_FILE) if looks else []
        named = f"overview-{asking.today.isoformat()}.csv"
        columns = [*map(translated, COLUMNS.values()), _("Duty"), _("Overdue"), _("Case"), _("Reference")]
        return csv_file(named, columns, _lines(asking, rows))

    return visit.read(read)


def _lines(asking: Asking, rows: list[Row[Any]]) -> Iterator[list[str]]:
    for row in rows:
        one = _shown(asking, row)
        due = short_day(local_day(row.due)) if row.due else ""
        yield [
            due, one["what"], one["who"], one["team"], one["says"], one["with"], one["duty"],
            _("yes") if one["overdue"] else _("no"), one["case"] or "", one["id"],
        ]  # fmt: skip


def _shown(asking: Asking, row: Row[Any]) -> dict[str, Any]:
    name = names_of(asking)
    held = name(row.holder) if row.holder else translated(ROLES[row.holder_role]) if row.holder_role else ""
    shape = {"workflow": row.workflow, "kind": row.kind, "state": row.state}
    return {
        "id": str(row.id), "what": kind_in_words(shape), "says": where_it_stands(shape), "case": row.case_ref,
        "who": name(row.who) if row.who else "", "team": row.team or "", "with": held, "due": row.due,
        "duty": translated(DEADLINES.get(row.duty, "")) if row.duty else "",
        "overdue": row.overdue, "escalated": row.escalated,
    }  # fmt: skip


def _states(workflow: str) -> Iterable[State]:
    return DEFINITIONS[Workflow(workflow)].states.values() if workflow else ()


def _workflows() -> dict[str, str]:
    left_out = (Workflow.referral, Workflow.employment, Workflow.adoption, Workflow.retention)
    return {name: words for name, words in WORKFLOWS.items() if name not in left_out}


def _choices(asking: Asking, asked: Asked, line: tuple[str, ...]) -> dict[str, Any]:
    """What there is to choose from: the visitor's own teams and people, by refs; states once a kind is chosen."""
    people = asking.work.picture.directory.people
    below = [people[ref] for ref in line if ref in people]
    here = [person for person in below if asked.team in ("", person.team) or person.ref == asked.person]
    return {
        "teams": sorted({person.team for person in below if person.team}),
        "people": sorted(here, key=lambda person: person.name) if len(here) <= _MOST_PEOPLE else None,
        "has_line": bool(line) or oversees(asking),
        "workflows": _workflows(),
        "states": [state for state in _states(asked.workflow) if not state.final],
    }
