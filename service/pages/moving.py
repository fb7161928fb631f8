"""Taking a move: a page that asks for what it carries and says what it does, then the same door as every other move.

What ends a matter, or reaches many, is first shown with all that will follow from it. Whatever was typed stays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from service.api.asking import Asking, matter_id_of
from service.api.matters import Opening, opened
from service.api.moves import move_on, moves_of
from service.api.replays import was_done
from service.pages.answers import answered
from service.pages.beside import beside
from service.pages.checking import is_checked, move_open_to
from service.pages.dispute_desk import DECIDES, opened_with
from service.pages.fields import Field, chosen
from service.pages.following import follows
from service.pages.matter_words import move_in_words, title_of, where_it_stands
from service.pages.mending import FormError, mendable, problems_of
from service.pages.posted import Posted
from service.pages.questions import known, questions
from service.pages.reading_forms import Typed
from service.pages.rendering import page
from service.pages.sentences import translated
from service.pages.visiting import Form, Visit, Visiting, see_other
from service.problems import Problem, not_here
from workflows.machine import check_role
from workflows.refusals import NotYourMove, Refused, UnknownMove

router = APIRouter()


@router.get("/matters/{matter_id}/moves/{trigger}")
def ask(visit: Visiting, matter_id: str, trigger: str) -> HTMLResponse:
    """The form of one move; an answer to choose may come with the address."""
    wanted = matter_id_of(matter_id)

    def read(asking: Asking) -> HTMLResponse:
        shape = _matter(asking, matter_id)
        fields = chosen(_fields(asking, shape, trigger), visit.request.query_params)
        return _form(visit, asking, shape, trigger, fields)

    return _opened(visit, wanted, trigger, read)


@router.post("/matters/{matter_id}/moves/{trigger}")
def take(visit: Visiting, posted: Form, matter_id: str, trigger: str) -> Response:
    """Take the move, or show first what will follow; what is wrong comes back with everything that was typed."""
    try:
        match posted.text("stage"):
            case "change":
                return _again(visit, matter_id, trigger, posted, None)
            case "check":
                return _check(visit, matter_id, trigger, posted)
        return visit.write(lambda asking: _take(asking, matter_id, trigger, posted))
    except NotYourMove:
        if visit.read(lambda asking: _was_done(asking, matter_id, posted)):
            return _done(matter_id, trigger)
        raise
    except (FormError, Refused, Problem) as error:
        return _again(visit, matter_id, trigger, posted, error)


def _was_done(asking: Asking, matter_id: str, posted: Posted) -> bool:
    """Whether this form was taken before: whoever decided holds the matter no more, and pressed twice."""
    return was_done(asking, posted.sent({}), moves_of(matter_id_of(matter_id)))


def _done(matter_id: str, trigger: str) -> Response:
    return see_other(f"/matters/{matter_id}?done={trigger}")


def _take(asking: Asking, matter_id: str, trigger: str, posted: Posted) -> Response:
    shape = _matter(asking, matter_id)
    typed = _typed(asking, shape, trigger, posted)
    if typed.errors:
        raise FormError(typed)
    data = _carried(shape, trigger, typed)
    move_on(asking, matter_id_of(matter_id), posted.sent({"trigger": trigger, "data": data}))
    return _done(matter_id, trigger)


def _check(visit: Visit, matter_id: str, trigger: str, posted: Posted) -> Response:
    """The page between the form and the deed; it shows nothing of what stands beside the form."""
    opening = Opening(matter_id_of(matter_id), "matter", None)
    return opened(visit.asks, visit.token, opening, lambda asking: _checked(visit, asking, matter_id, trigger, posted))


def _checked(visit: Visit, asking: Asking, matter_id: str, trigger: str, posted: Posted) -> HTMLResponse:
    """What was typed, and what will follow."""
    shape = _matter(asking, matter_id)
    fields = _fields(asking, shape, trigger)
    typed = Typed(fields, posted, asking.work.picture.directory)
    if typed.errors:
        raise FormError(typed)
    if posted.text("version") not in ("", str(shape["version"])):
        raise Problem(412, "stale", "")
    values = {
        **_about(asking, shape, trigger), "answers": answered(asking, fields, typed), "kept": posted.kept(),
        "follows": follows(asking, matter_id_of(matter_id), trigger, _carried(shape, trigger, typed)),
    }  # fmt: skip
    return page(visit, asking, "check.html", values)


def _again(visit: Visit, matter_id: str, trigger: str, posted: Posted, error: Exception | None) -> Response:
    """The form with what was typed, and what is wrong with it, if anything is."""
    problem = mendable(error) if error else None

    def read(asking: Asking) -> HTMLResponse:
        shape = _matter(asking, matter_id)
        fields = _fields(asking, shape, trigger)
        typed = Typed(fields, posted, asking.work.picture.directory)
        problems = problems_of(problem, typed)
        return _form(visit, asking, shape, trigger, typed.shown(fields), problems, 422 if error else 200)

    return _opened(visit, matter_id_of(matter_id), trigger, read)


def _opened(visit: Visit, matter_id: UUID, trigger: str, read: Callable[[Asking], HTMLResponse]) -> HTMLResponse:
    """The form with what stands beside it, however it was asked for: whoever opens what is not theirs is noted."""
    record = visit.read(lambda asking: opened_with(asking, matter_id)) if trigger == DECIDES else None
    return opened(visit.asks, visit.token, Opening(matter_id, "matter", None, record), read)


def _matter(asking: Asking, matter_id: str) -> dict[str, Any]:
    shape = asking.reader.matter(matter_id_of(matter_id), asking.work)
    if shape is None:
        raise not_here()
    return shape


def _fields(asking: Asking, shape: dict[str, Any], trigger: str) -> list[Field]:
    """What the move asks of this visitor. Raises NotYourMove, and Problem 404 where there is no such move."""
    matter = asking.rows.matters([matter_id_of(shape["id"])], lock=False)[0].matter
    try:
        payload = check_role(matter, trigger, asking.actor, asking.work.facts(matter)).payload
    except UnknownMove:
        raise not_here() from None
    return questions(asking, payload, f"{shape['workflow']}.{trigger}", shape)


def _typed(asking: Asking, shape: dict[str, Any], trigger: str, posted: Posted) -> Typed:
    return Typed(_fields(asking, shape, trigger), posted, asking.work.picture.directory)


def _carried(shape: dict[str, Any], trigger: str, typed: Typed) -> dict[str, Any]:
    """What the move carries: what was typed, and what the matter knows without being asked."""
    return {**known(f"{shape['workflow']}.{trigger}", shape), **typed.data}


def _about(asking: Asking, shape: dict[str, Any], trigger: str) -> dict[str, Any]:
    move = next((move for move in shape["moves"] if move["trigger"] == trigger), None)
    label = translated(move["label"]) if move and move["label"] != trigger else move_in_words(shape, trigger)
    return {
        "matter": shape, "title": title_of(asking, shape), "says": where_it_stands(shape), "trigger": trigger,
        "label": label, "is_open": move is not None, "version": shape["version"],
    }  # fmt: skip


def _form(
    visit: Visit, asking: Asking, shape: dict[str, Any], trigger: str, fields: list[Field],
    problems: tuple[str, ...] = (), status: int = 200,
) -> HTMLResponse:  # fmt: skip
    about = _about(asking, shape, trigger)
    following, why_not = _at_once(asking, shape, trigger) if about["is_open"] and not fields else (None, ())
    row = move_open_to(asking, matter_id_of(shape["id"]), trigger)
    values = {
        **about, "fields": fields, "problems": (*problems, *(why for why in why_not if why not in problems)),
        "is_checked": bool(fields) and is_checked(row), "follows": following,
        "beside": beside(asking, shape, trigger),
    }  # fmt: skip
    return page(visit, asking, "move.html", values, status)


def _at_once(asking: Asking, shape: dict[str, Any], trigger: str) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """What follows from a move that asks nothing: its page says so straight away, or why it is not possible."""
    try:
        return follows(asking, matter_id_of(shape["id"]), trigger, {}), ()
    except Refused as error:
        return None, (error.why,)
