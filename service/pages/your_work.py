"""The start page: what waits for the visitor, soonest first, and what the visitor is owed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.api.asking import Asking
from service.api.matters import Cursor
from service.engine.lists import cursor_of
from service.engine.owed import owed_rows
from service.engine.prospect import what_if_nothing_of_each
from service.engine.reading import Listed
from service.engine.waiting import waiting_rows
from service.pages.forecast import in_short
from service.pages.main_deadline import main_deadline
from service.pages.matter_words import short_title_of, title_of, where_it_stands
from service.pages.next_step import next_steps
from service.pages.rendering import page
from service.pages.urgency import grouped
from service.pages.visiting import Visiting
from workflows.vocabulary import Workflow

router = APIRouter()
_A_PAGE = 25
#: The supervision that is owed first; whoever has more cases goes on to the list of them.
_OWED = 10
#: How much of what follows people are told here; the matter's own page has the rest.
_FORETOLD = 3


@router.get("/")
def your_work(visit: Visiting, cursor: Cursor = None) -> HTMLResponse:
    """What waits for the visitor, and what is owed to them."""

    def read(asking: Asking) -> HTMLResponse:
        waiting, more = waiting_rows(asking.reader, cursor, _A_PAGE)
        duties = [] if cursor else owed_rows(asking.reader, asking.ref, _OWED + 1)
        listed = asking.reader.listed([*waiting, *duties])
        mine, owed = listed[: len(waiting)], listed[len(waiting) :]
        steps = next_steps(asking, mine)
        items = [{**about(asking, shape), "step": step} for (_, shape), step in zip(mine, steps, strict=True)]
        values = {
            "groups": grouped(items, asking.work.now),
            "is_first": cursor is None,
            "next_cursor": cursor_of(more),
            **_owed(asking, owed),
        }
        return page(visit, asking, "your_work.html", values)

    return visit.read(read)


def about(asking: Asking, shape: dict[str, Any]) -> dict[str, Any]:
    """A matter with the words that lists show it with."""
    return {
        **shape, "title": title_of(asking, shape), "short": short_title_of(shape), "says": where_it_stands(shape),
        "deadline": main_deadline(shape),
    }  # fmt: skip


def owed_to(asking: Asking, ref: str) -> dict[str, Any]:
    """The supervision that somebody is owed, and what happens if the soonest of each kind does not take place."""
    return _owed(asking, asking.reader.listed(owed_rows(asking.reader, ref, _OWED + 1)))


def _owed(asking: Asking, listed: Sequence[Listed]) -> dict[str, Any]:
    found = [about(asking, shape) for _, shape in listed]
    own = [item for item in found if item["workflow"] == Workflow.entitlement]
    cases = [item for item in found if item["workflow"] == Workflow.frequency]
    foretold = [*own, *cases[:1]]
    ahead = what_if_nothing_of_each(asking.work, asking.rows, [UUID(item["id"]) for item in foretold], _FORETOLD)
    for item, steps in zip(foretold, ahead, strict=True):
        item["otherwise"] = in_short(steps)
    return {"owed": own, "owed_cases": cases[:_OWED], "has_more_cases": len(found) > _OWED}
