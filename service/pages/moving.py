"""Taking a move: a page that asks for what it carries and says what it does, then the same door as every other move."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from service.api.asking import Asking, matter_id_of
from service.api.matters import Opening, opened
from service.api.moves import move_on
from service.pages.fields import Field, filled
from service.pages.matter_words import title_of, where_it_stands
from service.pages.mending import FormError, mendable, problems_of
from service.pages.posted import Posted
from service.pages.questions import known, questions
from service.pages.reading_forms import Typed
from service.pages.rendering import page
from service.pages.visiting import Form, Visit, Visiting, see_other
from service.pages.wording import plain
from service.problems import Problem, not_here
from workflows.machine import check_role
from workflows.refusals import Refused

router = APIRouter()


@router.get("/matters/{matter_id}/moves/{trigger}")
def ask(visit: Visiting, matter_id: str, trigger: str) -> HTMLResponse:
    """The form of one move."""
    wanted = matter_id_of(matter_id)

    def read(asking: Asking) -> HTMLResponse:
        return _form(visit, asking, _matter(asking, matter_id), trigger, None, ())

    return opened(visit.asks, visit.token, Opening(wanted, "matter", None), read)


@router.post("/matters/{matter_id}/moves/{trigger}")
def take(visit: Visiting, posted: Form, matter_id: str, trigger: str) -> Response:
    """Take the move; what is wrong comes back with everything that was typed."""
    wanted = matter_id_of(matter_id)

    def piece(asking: Asking) -> Response:
        shape = _matter(asking, matter_id)
        typed = Typed(_fields(asking, shape, trigger), posted, asking.work.picture.directory)
        if typed.errors:
            raise FormError(typed)
        data = {**known(f"{shape['workflow']}.{trigger}", shape), **typed.data}
        move_on(asking, wanted, posted.sent({"trigger": trigger, "data": data}))
        return see_other(f"/matters/{matter_id}?done={trigger}")

    try:
        return visit.write(piece)
    except (FormError, Refused, Problem) as error:
        return _again(visit, matter_id, trigger, posted, error)


def _again(visit: Visit, matter_id: str, trigger: str, posted: Posted, error: Exception) -> Response:
    problem = mendable(error)

    def read(asking: Asking) -> HTMLResponse:
        shape = _matter(asking, matter_id)
        typed = Typed(_fields(asking, shape, trigger), posted, asking.work.picture.directory)
        return _form(visit, asking, shape, trigger, typed, problems_of(problem, typed))

    return visit.read(read)


def _matter(asking: Asking, matter_id: str) -> dict[str, Any]:
    shape = asking.reader.matter(matter_id_of(matter_id), asking.work)
    if shape is None:
        raise not_here()
    return shape


def _fields(asking: Asking, shape: dict[str, Any], trigger: str) -> list[Field]:
    """What the move asks of this visitor. Raises NotYourMove and UnknownMove."""
    matter = asking.rows.matters([matter_id_of(shape["id"])], lock=False)[0].matter
    payload = check_role(matter, trigger, asking.actor, asking.work.facts(matter)).payload
    return questions(asking, payload, f"{shape['workflow']}.{trigger}", shape)


def _form(
    visit: Visit, asking: Asking, shape: dict[str, Any], trigger: str, typed: Typed | None, problems: tuple[str, ...]
) -> HTMLResponse:
    fields = _fields(asking, shape, trigger)
    move = next((move for move in shape["moves"] if move["trigger"] == trigger), None)
    values = {
        "matter": shape, "title": title_of(asking, shape), "says": where_it_stands(shape), "trigger": trigger,
        "label": move["label"] if move else plain(trigger), "is_open": move is not None,
        "fields": filled(fields, typed.values, typed.errors) if typed else fields, "problems": problems,
        "version": shape["version"],
    }  # fmt: skip
    return page(visit, asking, "move.html", values, 422 if typed else 200)
