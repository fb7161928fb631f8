"""The page of one matter: where it stands, what it says, what can be done, until when and why, and how it came here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.api.asking import Asking, matter_id_of
from service.api.matters import Opening, opened
from service.engine.lists import list_history
from service.engine.prospect import what_if_nothing
from service.identity.access import standing_of
from service.pages.covering import plan_shown
from service.pages.dates_shown import dates_shown
from service.pages.dispute_desk import desk_of, opened_with
from service.pages.forecast import in_short
from service.pages.main_deadline import main_deadline
from service.pages.matter_content import content_of
from service.pages.matter_facts import facts_of
from service.pages.matter_words import kind_in_words, step_in_words, title_of, where_it_stands, without_repetition
from service.pages.next_step import besides, in_order
from service.pages.records_asked_for import BY_RECORD, request_shown
from service.pages.rendering import page
from service.pages.visiting import Visiting
from service.problems import not_here

router = APIRouter()
#: Steps on one page; whoever needs older ones goes on from there.
_STEPS = 200


@router.get("/matters/{matter_id}")
def matter(visit: Visiting, matter_id: str, done: str | None = None) -> HTMLResponse:
    """One matter. Whoever opens one that is not their own is written down, as over the API."""
    wanted = matter_id_of(matter_id)

    def read(asking: Asking) -> HTMLResponse:
        shape = asking.reader.matter(wanted, asking.work)
        if shape is None:
            raise not_here()
        return page(visit, asking, "matter.html", {**_about(asking, shape), "done": done})

    record = visit.read(lambda asking: opened_with(asking, wanted))
    return opened(visit.asks, visit.token, Opening(wanted, "matter", None, record), read)


def _about(asking: Asking, shape: dict[str, Any]) -> dict[str, Any]:
    own = UUID(shape["id"])
    standing = standing_of(asking.connection, asking.reader.viewer, own)
    history = list_history(asking.reader, own, standing, None, _STEPS)["items"]
    return {
        "matter": shape,
        "council": asking.work.picture.policies[shape["policy"]["id"], shape["policy"]["version"]].council,
        "title": title_of(asking, shape),
        "says": where_it_stands(shape),
        "deadline": main_deadline(shape),
        "dates": dates_shown(shape["deadlines"]),
        "content": content_of(asking, shape),
        "facts": facts_of(asking, shape),
        "desk": desk_of(asking, shape, history),
        "plan": plan_shown(asking, shape) if _may_assign(shape) else None,
        "request": request_shown(asking, shape),
        "moves": [move for move in in_order(asking, shape) if move["trigger"] not in BY_RECORD],
        "besides": besides(asking, shape),
        "children": [{**child, "title": kind_in_words(child), "says": where_it_stands(child)}
                     for child in shape["children"]],
        "steps": [
            {**step, "title": step_in_words(step, shape["workflow"])} for step in reversed(without_repetition(history))
        ],
        "otherwise": in_short(what_if_nothing(asking.work, asking.rows, own)),
    }  # fmt: skip


def _may_assign(shape: dict[str, Any]) -> bool:
    return any(move["trigger"] == "assign_cover" for move in shape["moves"])
