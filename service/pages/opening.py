"""Beginning something: what the visitor may begin, whose it is, the form, and the same door as every other opening."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, ConfigDict

from service.api.asking import Asking
from service.api.moves import Begun, begun_by, open_matter
from service.api.replays import kept_answer
from service.engine.guiding import guidance_shape
from service.engine.rehearsal import conflicts_of
from service.pages.case_policy import case_policy
from service.pages.fields import Field, filled
from service.pages.mending import FormError, mendable, problems_of
from service.pages.openings import BEGINNINGS, Beginning, cases_to_rate, offered, questions_of
from service.pages.posted import Posted
from service.pages.reading_forms import Typed
from service.pages.rendering import page
from service.pages.schedule_words import two_calendars, whose_leave_is_untold
from service.pages.session_warnings import on_its_day, seen
from service.pages.visiting import Form, Visit, Visiting, see_other
from service.problems import Problem, not_here
from workflows.guidance import at_moment
from workflows.refusals import Refused
from workflows.vocabulary import Moment, Role, Workflow

router = APIRouter()
_MOMENTS = {Workflow.session: Moment.booking, Workflow.record: Moment.writing}
#: What the address alone says of something that is begun.
_GIVEN = {"frequencies": {"case"}, "group-sessions": {"follows"}, "actions": {"record"}}
#: Where somebody who has begun something goes on; elsewhere it is the matter itself.
_GOES_ON = {Workflow.record: "/matters/{}/moves/write"}


class Given(BaseModel):
    """What the address says already; references alone."""

    model_config = ConfigDict(extra="ignore")

    supervisee: str = ""
    case: str = ""
    kind: str = ""
    cases: list[str] = []
    about: str = ""
    follows: str = ""
    record: str = ""

    def known(self) -> dict[str, Any]:
        """What is said, without what is not."""
        return {name: value for name, value in self.model_dump().items() if value}


Gives = Annotated[Given, Query()]


@router.get("/start")
def start(visit: Visiting) -> HTMLResponse:
    """What the visitor may begin."""
    return visit.read(lambda asking: page(visit, asking, "start.html", {"beginnings": offered(asking)}))


@router.get("/start/{route}")
def ask(visit: Visiting, route: str, gives: Gives) -> HTMLResponse:
    """The form, or first the choice of whose it is."""
    beginning, given = _beginning(route), gives.known()

    def read(asking: Asking) -> HTMLResponse:
        if beginning.whose and given.get("supervisee") not in beginning.whose(asking):
            values = {"beginning": beginning, "people": beginning.whose(asking), "given": given}
            return page(visit, asking, "start_whose.html", values)
        if route == "frequencies" and not _knows_case(asking, given):
            return page(visit, asking, "start_case.html", {"beginning": beginning, "cases": cases_to_rate(asking)})
        return _form(visit, asking, beginning, given, questions_of(asking, beginning, given), {})

    return visit.read(read)


@router.post("/start/{route}")
def begin(visit: Visiting, posted: Form, route: str, gives: Gives) -> Response:
    """Begin it; what is wrong, or speaks against it, comes back with everything that was typed."""
    beginning, given = _beginning(route), gives.known()

    def piece(asking: Asking) -> Response:
        typed = _typed(asking, beginning, given, posted)
        if typed.errors:
            raise FormError(typed)
        data = {**_sent_along(beginning, given), **typed.data}
        if posted.text("look"):
            return _looked(visit, asking, beginning, given, typed, data)
        sent = posted.sent(data)
        against = _against(asking, beginning, begun_by(asking, beginning.workflow, data), posted)
        if against and kept_answer(asking, sent, beginning.route) is None:
            return _again_with(visit, asking, beginning, given, typed, {"against": against})
        answer = open_matter(asking, sent, beginning.route, beginning.workflow)
        onward = _GOES_ON.get(beginning.workflow, "/matters/{}?done=open")
        return see_other(onward.format(answer.body["id"]))

    try:
        return visit.write(piece)
    except (FormError, Refused, Problem) as error:
        problem = mendable(error)
        return visit.read(lambda asking: _mend(visit, asking, beginning, given, posted, problem))


# -- what is sent
def _beginning(route: str) -> Beginning:
    if route not in BEGINNINGS:
        raise not_here()
    return BEGINNINGS[route]


def _sent_along(beginning: Beginning, given: Mapping[str, Any]) -> dict[str, Any]:
    """What is known without being asked."""
    names = {"supervisee"} if beginning.whose else set()
    names |= _GIVEN.get(beginning.route, set())
    return {**{name: given[name] for name in names if name in given}, **beginning.fixed}


def _typed(asking: Asking, beginning: Beginning, given: Mapping[str, Any], posted: Posted) -> Typed:
    if beginning.whose and given.get("supervisee") not in beginning.whose(asking):
        raise not_here()
    if beginning.route == "frequencies" and not _knows_case(asking, given):
        raise not_here()
    fields = questions_of(asking, beginning, given)
    return Typed(fields, posted, asking.work.picture.directory)


def _knows_case(asking: Asking, given: Mapping[str, Any]) -> bool:
    """Whether the address names a case that the visitor may rate."""
    ref = given.get("case", "")
    asking.work.known.read_cases([ref])
    case, directory = asking.work.known.cases.get(ref), asking.work.picture.directory
    supervisor = directory.supervisor_of(case.worker) if case else None
    return supervisor is not None and asking.ref in (supervisor, directory.manager_of(supervisor))


def _against(asking: Asking, beginning: Beginning, begun: Begun, posted: Posted) -> list[dict[str, Any]]:
    """What speaks against a session's time, unless the visitor has seen just that and books all the same."""
    if beginning.workflow is not Workflow.session:
        return []
    found = on_its_day(begun.opening.data["starts_at"], conflicts_of(asking.work, asking.rows, begun.open))
    return [] if posted.text("seen") == seen(found) else found


# -- what is shown
def _looked(
    visit: Visit, asking: Asking, beginning: Beginning, given: Mapping[str, Any], typed: Typed, data: dict[str, Any]
) -> HTMLResponse:
    """What the policy gives for what was typed, before it is proposed."""
    return _again_with(
        visit, asking, beginning, given, typed, {"policy_says": case_policy(asking, given["case"], data)}
    )


def _again_with(
    visit: Visit, asking: Asking, beginning: Beginning, given: Mapping[str, Any], typed: Typed, more: dict[str, Any]
) -> HTMLResponse:
    fields = filled(questions_of(asking, beginning, given), typed.values, typed.errors)
    return _form(visit, asking, beginning, given, fields, more)


def _mend(
    visit: Visit, asking: Asking, beginning: Beginning, given: Mapping[str, Any], posted: Posted,
    problem: Problem | None,
) -> HTMLResponse:  # fmt: skip
    typed = _typed(asking, beginning, given, posted)
    problems = problems_of(problem, typed)
    return _again_with(visit, asking, beginning, given, typed, {"problems": problems, "status": 422})


def _form(
    visit: Visit, asking: Asking, beginning: Beginning, given: Mapping[str, Any], fields: list[Field],
    more: dict[str, Any],
) -> HTMLResponse:  # fmt: skip
    values = {
        "beginning": beginning, "given": given, "fields": fields, "action": _action(beginning, given),
        "guidance": _guidance(asking, beginning, given),
        "problems": (), **_beside(asking, beginning, given), **more,
    }  # fmt: skip
    if "against" in values:
        values["seen"] = seen(values["against"])
    return page(visit, asking, "start_form.html", values, more.get("status", 200))


def _guidance(asking: Asking, beginning: Beginning, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the policy tells whoever begins this, by which of the two they are."""
    moment = _MOMENTS.get(beginning.workflow, Moment.__members__.get(beginning.workflow))
    role = Role.supervisee if given.get("supervisee", asking.ref) == asking.ref else Role.supervisor
    entries = at_moment(asking.policy, moment) if moment else ()
    kind = beginning.fixed.get("kind", given.get("kind"))
    return guidance_shape(
        entry
        for entry in entries
        if (not entry.who or role in entry.who) and (kind is None or not entry.kinds or kind in entry.kinds)
    )


def _action(beginning: Beginning, given: Mapping[str, Any]) -> str:
    address = f"/start/{beginning.route}"
    return f"{address}?{urlencode(given, doseq=True)}" if given else address


def _beside(asking: Asking, beginning: Beginning, given: Mapping[str, Any]) -> dict[str, Any]:
    """What helps to fill in the form."""
    if beginning.route == "sessions":
        people = [asking.ref, given["supervisee"]]
        return {"calendar": two_calendars(asking, people), "untold": whose_leave_is_untold(asking, people)}
    if beginning.route == "frequencies":
        case = asking.work.known.cases[given["case"]]
        stands = {"category": case.category, "criteria": sorted(case.criteria), "rating": case.rating}
        return {"policy_says": case_policy(asking, given["case"], stands), "rows": asking.policy.frequency.rows}
    return {}
