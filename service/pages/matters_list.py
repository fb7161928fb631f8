"""Everything that the visitor may see, narrowed by filters that stay in the address."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict

from service.api.asking import Asking
from service.engine.counting import Narrowed
from service.engine.lists import Filter, newest_matters
from service.pages.dates import short_day
from service.pages.fields import Option
from service.pages.languages import gettext as _
from service.pages.rendering import page
from service.pages.sentences import translated
from service.pages.visiting import Visiting
from service.pages.wording import WORKFLOWS
from service.pages.workflow_address import day_of
from service.pages.your_work import about
from workflows.calendar import at_local, local_day
from workflows.registry import DEFINITIONS
from workflows.vocabulary import Workflow

router = APIRouter()
_A_PAGE = 25
#: How far ahead something may be due, in days from the end of today.
_DUE = {"today": ("Today or before", 0), "week": ("In the next 7 days", 7), "month": ("In the next 30 days", 30)}
_OPEN = {"yes": ("Still open", True), "no": ("Closed", False)}


class Wanted(BaseModel):
    """The filters as they stand in the address; an empty one narrows nothing."""

    model_config = ConfigDict(extra="ignore")

    workflow: str = ""
    state: str = ""
    open: str = ""
    due: str = ""
    party: str = ""
    case: str = ""
    holder: str = ""
    team: str = ""
    opened_from: str = ""
    opened_to: str = ""
    policy_version: str = ""
    cursor: str = ""

    def address(self, **changed: str) -> str:
        """The list's address with these filters, some of them changed."""
        kept = {name: value for name, value in {**self.model_dump(), **changed}.items() if value}
        return f"/matters?{urlencode(kept)}" if kept else "/matters"

    def without_cursor(self) -> dict[str, str]:
        """The filters themselves."""
        return self.model_dump(exclude={"cursor"})


@router.get("/matters")
def matters(visit: Visiting, wanted: Annotated[Wanted, Query()]) -> HTMLResponse:
    """A page of matters, newest first."""

    def read(asking: Asking) -> HTMLResponse:
        problems = _problems(asking, wanted)
        found: dict[str, Any] = {"items": [], "next_cursor": None}
        if not problems:
            found = newest_matters(asking.reader, _filter(asking, wanted), wanted.cursor or None, _A_PAGE)
        values = {
            "wanted": wanted, "problems": problems, "items": [about(asking, shape) for shape in found["items"]],
            "more": wanted.address(cursor=found["next_cursor"]) if found["next_cursor"] else None,
            "chosen": _chosen(asking, wanted), "choices": _choices(wanted),
        }  # fmt: skip
        return page(visit, asking, "matters.html", values, 422 if problems else 200)

    return visit.read(read)


def _problems(asking: Asking, wanted: Wanted) -> dict[str, str]:
    """What is wrong with which filter."""
    found = {}
    if wanted.workflow and wanted.workflow not in WORKFLOWS:
        found["workflow"] = _("Choose a kind from the list")
    elif wanted.state and wanted.state not in _states(wanted):
        found["state"] = _("Choose a stage from the list")
    for name, known in (("open", _OPEN), ("due", _DUE)):
        if getattr(wanted, name) and getattr(wanted, name) not in known:
            found[name] = _("Choose an answer from the list")
    for name in ("party", "holder"):
        ref = getattr(wanted, name)
        if ref and ref not in asking.work.picture.directory.people:
            found[name] = _("Nobody has the reference %(ref)s: use Find to look for a name", ref=ref)
    return found


def _states(wanted: Wanted) -> dict[str, str]:
    """The states of the chosen kind, by name, as sentences."""
    if wanted.workflow not in WORKFLOWS:
        return {}
    return {
        name: translated(state.says).rstrip(".")
        for name, state in DEFINITIONS[Workflow(wanted.workflow)].states.items()
    }


def _filter(asking: Asking, wanted: Wanted) -> Filter:
    return Filter(
        workflow=wanted.workflow or None, state=wanted.state or None, party=wanted.party or None,
        holder=wanted.holder or None, case=wanted.case or None,
        due_before=_due_before(asking.work.now, wanted.due),
        open=_OPEN[wanted.open][1] if wanted.open else None, narrowed=_narrowed(wanted),
    )  # fmt: skip


def _narrowed(wanted: Wanted) -> Narrowed:
    """As the drawing was narrowed from which somebody came; what is no day narrows nothing."""
    first, last = day_of(wanted.opened_from), day_of(wanted.opened_to)
    return Narrowed.of(wanted.team or None, first, last, wanted.policy_version or None)


def _due_before(now: datetime, due: str) -> datetime | None:
    if not due:
        return None
    return at_local(local_day(now) + timedelta(days=_DUE[due][1] + 1), time())


def _choices(wanted: Wanted) -> dict[str, list[Option]]:
    """The answers of each filter that has a list of them."""
    anything = Option("", _("Any"))
    return {
        "workflow": [anything, *(Option(name, words) for name, words in WORKFLOWS.items())],
        "state": [anything, *(Option(name, words) for name, words in _states(wanted).items())],
        "open": [anything, *(Option(name, words) for name, (words, _) in _OPEN.items())],
        "due": [anything, *(Option(name, words) for name, (words, _) in _DUE.items())],
    }


def _chosen(asking: Asking, wanted: Wanted) -> list[dict[str, Any]]:
    """The filters that narrow the list, each with the address that takes it away."""
    people = asking.work.picture.directory.people
    words = {
        "workflow": translated(WORKFLOWS.get(wanted.workflow, "")), "state": _states(wanted).get(wanted.state, ""),
        "open": translated(_OPEN.get(wanted.open, ("", False))[0]),
        "due": translated(_DUE.get(wanted.due, ("", 0))[0]),
        "party": people[wanted.party].name if wanted.party in people else "",
        "case": _("Case %(case)s", case=wanted.case),
        "holder": _("with %(name)s", name=people[wanted.holder].name) if wanted.holder in people else "",
        "team": wanted.team,
        "policy_version": _("Version %(version)s", version=wanted.policy_version),
        "opened_from": _since(_("Begun from"), wanted.opened_from),
        "opened_to": _since(_("Begun until"), wanted.opened_to),
    }  # fmt: skip
    gone = {"workflow": {"workflow": "", "state": ""}}
    return [
        {"text": words[name],
         "href": wanted.address(**{name: "", "cursor": "", **gone.get(name, {})})}
        for name, value in wanted.without_cursor().items()
        if value and words[name]
    ]  # fmt: skip


def _since(words: str, text: str) -> str:
    day = day_of(text)
    return f"{words} {short_day(day)}" if day else ""
