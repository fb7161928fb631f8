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
from service.pages.posted import Posted
from service.pages.questions import questions
from service.pages.reading_forms import Typed
from service.pages.rendering import page
from service.pages.visiting import Form, Visit, Visiting, see_other
from service.pages.wording import plain
from service.problems import Problem, as_problem, not_here
from workflows.machine import check_role
from workflows.refusals import Refused

router = APIRouter()
#: What can be mended in the form itself; all else is an answer of its own.
_MENDED_HERE = frozenset({409, 412, 422})


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
            raise FormError(typed, ())
        move_on(asking, wanted, posted.sent({"trigger": trigger, "data": typed.data}))
        return see_other(f"/matters/{matter_id}?done={trigger}")

    try:
        return visit.write(piece)
    except (FormError, Refused, Problem) as error:
        return _again(visit, matter_id, trigger, posted, error)


class FormError(Exception):
    """Something in a form is to be mended: what was typed, and what is wrong with no single field."""

    def __init__(self, typed: Typed, problems: tuple[str, ...]) -> None:
        super().__init__()
        self.typed, self.problems = typed, problems


def _again(visit: Visit, matter_id: str, trigger: str, posted: Posted, error: Exception) -> Response:
    problem = None if isinstance(error, FormError) else as_problem(error)
    if problem is not None and problem.status not in _MENDED_HERE:
        raise error

    def read(asking: Asking) -> HTMLResponse:
        shape = _matter(asking, matter_id)
        typed = Typed(_fields(asking, shape, trigger), posted, asking.work.picture.directory)
        return _form(visit, asking, shape, trigger, typed, _problems(problem, typed))

    return visit.read(read)


def _problems(problem: Problem | None, typed: Typed) -> tuple[str, ...]:
    """What is wrong with the whole; what is wrong with one field goes to that field."""
    if problem is None:
        return ()
    if problem.status == 412:  # noqa: PLR2004 - the status itself
        return ("Somebody else has changed this since you opened it. Look at it again; what you wrote is still here.",)
    for row in problem.errors:
        name = row["pointer"].removeprefix("/data/").replace("/", ".")
        typed.errors[name if name in typed.values else name.partition(".")[0]] = row["message"]
    return () if problem.errors else (problem.detail,)


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
