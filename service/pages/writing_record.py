"""Writing a record on the council's own form: saved as often as wanted, with what was prepared and agreed beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from msgspec.structs import replace

from service.api.asking import Asking, matter_id_of
from service.api.matters import Opening, opened
from service.api.moves import move_on
from service.engine.lists import Filter, list_matters
from service.pages.fields import Field
from service.pages.matter_content import offered_passages
from service.pages.matter_words import title_of, where_it_stands
from service.pages.meanwhile import standing
from service.pages.mending import FormError, mendable, problems_of
from service.pages.posted import Posted
from service.pages.questions import questions
from service.pages.reading_forms import Typed
from service.pages.rendering import page
from service.pages.sentences import translated
from service.pages.visiting import Form, Visit, Visiting, see_other
from service.problems import Problem, not_here
from workflows.machine import check_role
from workflows.refusals import Refused
from workflows.vocabulary import Workflow

router = APIRouter()
_PATH = "/matters/{matter_id}/moves/write"
_WRITE = "write"
#: Actions that are looked at in every session (LDS-36); more of them are a link away.
_ACTIONS = 25


@router.get(_PATH)
def ask(visit: Visiting, matter_id: str, saved: bool = False) -> HTMLResponse:  # noqa: FBT001, FBT002 - of the address
    """The form as it stands."""
    wanted = matter_id_of(matter_id)

    def read(asking: Asking) -> HTMLResponse:
        shape = _record(asking, wanted)
        return _form(visit, asking, shape, _fields(asking, shape), {"saved": saved})

    return _opened(visit, wanted, read)


@router.post(_PATH)
def save(visit: Visiting, posted: Form, matter_id: str) -> Response:
    """Keep what was written; what is the same as before makes no step."""
    wanted = matter_id_of(matter_id)

    def piece(asking: Asking) -> Response:
        shape = _record(asking, wanted)
        fields = _fields(asking, shape)
        typed = Typed(fields, posted, asking.work.picture.directory)
        if typed.errors:
            raise FormError(typed)
        changed = _changed(fields, typed)
        if changed:
            move_on(asking, wanted, posted.sent({"trigger": _WRITE, "data": {"sections": changed}}))
        return see_other(_onward(matter_id, posted))

    try:
        return visit.write(piece)
    except (FormError, Refused, Problem) as error:
        problem = mendable(error)
        return _opened(visit, wanted, lambda asking: _mend(visit, asking, wanted, posted, problem))


def _opened(visit: Visit, wanted: UUID, read: Callable[[Asking], HTMLResponse]) -> HTMLResponse:
    """The form, new or sent back; whoever opens what is not theirs is noted."""
    return opened(visit.asks, visit.token, Opening(wanted, "matter", None), read)


def _onward(matter_id: str, posted: Posted) -> str:
    return f"/matters/{matter_id}/moves/{'circulate' if posted.text('send') else 'write?saved=true'}"


def _changed(fields: list[Field], typed: Typed) -> dict[str, str]:
    """The sections that the visitor wrote in: what they left as it was shown is read as it stands."""
    before = {field.name: standing(field) for field in fields}
    return {
        name.removeprefix("sections."): text
        for name, text in typed.values.items()
        if name.startswith("sections.") and text != before[name]
    }


def _mend(visit: Visit, asking: Asking, wanted: UUID, posted: Posted, problem: Problem | None) -> HTMLResponse:
    shape = _record(asking, wanted)
    fields = _fields(asking, shape)
    typed = Typed(fields, posted, asking.work.picture.directory)
    problems = problems_of(problem, typed)
    more = {"problems": problems, "status": 422}
    return _form(visit, asking, shape, typed.shown(fields), more)


def _record(asking: Asking, wanted: UUID) -> dict[str, Any]:
    """A record that the visitor may see. Raises Problem 404."""
    shape = asking.reader.matter(wanted, asking.work)
    if shape is None or shape["workflow"] != Workflow.record:
        raise not_here()
    return shape


def _fields(asking: Asking, shape: dict[str, Any]) -> list[Field]:
    """The sections that are the visitor's to write, each with what the policy asks there. Raises NotYourMove."""
    matter = asking.rows.matters([UUID(shape["id"])], lock=False)[0].matter
    payload = check_role(matter, _WRITE, asking.actor, asking.work.facts(matter)).payload
    prompts = {f"sections.{rule['key']}": rule["says"] for rule in shape["guidance"] if rule.get("key")}
    fields = questions(asking, payload, "record.write", shape)
    return [replace(field, hint=prompts.get(field.name, field.hint)) for field in fields]


def _form(
    visit: Visit, asking: Asking, shape: dict[str, Any], fields: list[Field], more: dict[str, Any]
) -> HTMLResponse:
    asked = {field.name for field in fields}
    moves = {move["trigger"]: translated(move["label"]) for move in shape["moves"]}
    values = {
        "matter": shape, "title": title_of(asking, shape), "says": where_it_stands(shape), "fields": fields,
        "is_open": _WRITE in moves, "send": moves.get("circulate"), "version": shape["version"], "problems": (),
        "offered": offered_passages(asking, shape.get("offered") or {}), "actions": _actions(asking, shape),
        "guidance": [rule for rule in shape["guidance"] if f"sections.{rule.get('key')}" not in asked], **more,
    }  # fmt: skip
    return page(visit, asking, "write_record.html", values, more.get("status", 200))


def _actions(asking: Asking, shape: dict[str, Any]) -> list[dict[str, Any]]:
    """What was agreed with the supervisee before and is still open."""
    supervisee = shape["parties"].get("supervisee")
    if supervisee is None:
        return []
    wanted = Filter(workflow=Workflow.action, party=supervisee, open=True)
    found = list_matters(asking.reader, wanted, None, _ACTIONS)["items"]
    return [action for action in found if action["parties"].get("supervisee") == supervisee and action["data"]]
