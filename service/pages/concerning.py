"""A concern about one's own supervision, and its way past the supervisor, in one form.

The concern goes to the supervisor first. Whoever has tried that already, or may pass it over under the policy, takes it
further up at once; all of it is one transaction.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from service.api.asking import Asking
from service.api.bodies import parsed
from service.api.moves import Begun, begun_by
from service.api.replays import Answer, once
from service.engine.guiding import guidance_shape
from service.pages.fields import Field, Option, fields_of, filled
from service.pages.languages import gettext as _
from service.pages.mending import FormError, mendable, problems_of
from service.pages.people_words import names_of
from service.pages.posted import Posted
from service.pages.reading_forms import Typed
from service.pages.rendering import page
from service.pages.visiting import Form, Visit, Visiting, see_other
from service.problems import Problem
from workflows.calendar import local_day
from workflows.guidance import at_moment
from workflows.payloads import Payload, Reason, Text
from workflows.refusals import Refused
from workflows.registry import DEFINITIONS
from workflows.relationship_payloads import Attempt
from workflows.vocabulary import ConcernAbout, Moment, Workflow

router = APIRouter()
About = Annotated[ConcernAbout | None, Query()]
_PAST = "past"


class _Tried(Payload):
    """What the two moves past the supervisor carry, by the names of the questions."""

    tried: Text
    tried_on: date | None = None


@router.get("/start/concerns")
def ask(visit: Visiting, about: About = None) -> HTMLResponse:
    """The form, with what it is about where the link said so."""
    return visit.read(lambda asking: _form(visit, asking, _fields(asking, about), about))


@router.post("/start/concerns")
def raise_concern(visit: Visiting, posted: Form, about: About = None) -> Response:
    """Raise it, and take it past the supervisor where that was asked for."""

    def piece(asking: Asking) -> Response:
        typed = _typed(asking, about, posted)
        if typed.errors:
            raise FormError(typed)
        sent = {name: typed.data[name] for name in ("about", "statement")}
        begun = begun_by(asking, Workflow.concern, sent)
        answer = once(
            asking, posted.sent(typed.data), "pages/concerns", lambda: _raised(asking, begun, typed.data)
        )  # fmt: skip
        return see_other(f"/matters/{answer.body['id']}?done=open")

    try:
        return visit.write(piece)
    except (FormError, Refused, Problem) as error:
        problem = mendable(error)
        return visit.read(lambda asking: _mend(visit, asking, about, posted, problem))


def _raised(asking: Asking, begun: Begun, typed: dict[str, Any]) -> Answer:
    concern = begun.open(asking.work)
    if typed["route"] == _PAST:
        _take_up(asking, concern.id, typed)
    return Answer(201, {"id": str(concern.id), "data": {}})


def _take_up(asking: Asking, concern: UUID, typed: dict[str, Any]) -> None:
    """Past the supervisor, with what was tried. Raises Problem 422, and Refused where the policy has it tried first."""
    given = {"tried": typed.get("tried") or typed["statement"], "tried_on": typed.get("tried_on")}
    said = parsed(_Tried, given)
    if said.tried_on is not None:
        asking.work.fire(concern, "attempt", Attempt(on=said.tried_on, note=said.tried), asking.actor)
    asking.work.fire(concern, "escalate", Reason(reason=said.tried), asking.actor)


# -- the form
def _fields(asking: Asking, about: ConcernAbout | None) -> list[Field]:
    known = {"about": about.value if about else None}
    payload = DEFINITIONS[Workflow.concern].opening.payload
    first, above = _route(asking)
    routes = (
        Option(
            "first", _("%(name)s first", name=first),
            _("As the policy has it. It goes further up by itself if nobody answers."),
        ),
        Option(
            _PAST, _("%(above)s, past %(name)s", above=above, name=first),
            _("For this you have tried already, or there is a reason not to."),
        ),
    )  # fmt: skip
    return [
        *filled(fields_of(payload, "concern"), known, {}),
        Field("route", "choice", _("Who is to look into it"), required=True, options=routes, value="first"),
        Field("tried_on", "day", _("When you raised it yourself, if you have")),
        Field("tried", "text", _("What you tried, or why you do not want to raise it there")),
    ]


def _route(asking: Asking) -> tuple[str, str]:
    """Whoever supervises the visitor, and the first above them who is at work."""
    directory, today = asking.work.picture.directory, local_day(asking.work.now)
    supervisor, name = directory.supervisor_of(asking.ref), names_of(asking)
    line = directory.line(supervisor)
    above = next((ref for ref in line if directory.in_post(ref, today) and not directory.away(ref, today)), None)
    return name(supervisor), name(above) if above else _("The next manager above")


def _typed(asking: Asking, about: ConcernAbout | None, posted: Posted) -> Typed:
    typed = Typed(_fields(asking, about), posted, asking.work.picture.directory)
    if typed.data.get("route") == _PAST and "tried_on" in typed.data and "tried" not in typed.data:
        typed.errors["tried"] = _("Enter what you tried")
    return typed


def _mend(
    visit: Visit, asking: Asking, about: ConcernAbout | None, posted: Posted, problem: Problem | None
) -> HTMLResponse:
    typed = _typed(asking, about, posted)
    problems = problems_of(problem, typed)
    fields = filled(_fields(asking, about), typed.values, typed.errors)
    return _form(visit, asking, fields, about, problems, 422)


def _form(
    visit: Visit, asking: Asking, fields: list[Field], about: ConcernAbout | None, problems: tuple[str, ...] = (),
    status: int = 200,
) -> HTMLResponse:  # fmt: skip
    rules = asking.policy.concern
    values = {
        "fields": fields, "about": about.value if about else None, "problems": problems, "rules": rules,
        "supervisor": asking.work.picture.directory.supervisor_of(asking.ref),
        "guidance": guidance_shape(at_moment(asking.policy, Moment.concern)),
    }  # fmt: skip
    return page(visit, asking, "concern_form.html", values, status)
