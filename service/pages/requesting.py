"""Taking in a request for supervision records: what is asked for, by whom, and whether telling people has to wait."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from msgspec.structs import replace

from service.api.asking import Asking
from service.api.moves import open_matter
from service.engine.guiding import guidance_shape
from service.pages.fields import Field, Option, filled
from service.pages.languages import gettext as _
from service.pages.mending import FormError, mendable, problems_of
from service.pages.posted import Posted
from service.pages.reading_forms import Typed
from service.pages.rendering import page
from service.pages.sentences import translated
from service.pages.visiting import Form, Visit, Visiting, see_other
from service.pages.wording import option_label
from service.problems import Problem
from workflows.guidance import at_moment
from workflows.policy_disclosure import DisclosurePolicy, ReleaseRule
from workflows.refusals import Refused
from workflows.vocabulary import Moment, ReleaseKind, Role, Workflow

router = APIRouter()
_PATH, _ROUTE = "/start/disclosures", "disclosures"
Ref = Annotated[str, Query(max_length=200)]
_WAIT = "wait"
#: One of these is needed, so none of them is called optional.
_ABOUT = ("supervisee", "case")


@router.get(_PATH)
def ask(visit: Visiting, supervisee: Ref = "", case: Ref = "") -> HTMLResponse:
    """The form, with whom or what it is about where the link said so."""
    known = {"supervisee": supervisee, "case": case}
    return visit.read(lambda asking: _form(visit, asking, filled(_questions(asking), known, {})))


@router.post(_PATH)
def take_in(visit: Visiting, posted: Form) -> Response:
    """Open the request; what is wrong comes back with everything that was typed."""

    def piece(asking: Asking) -> Response:
        asking.must_be(Role.hr)
        typed = _typed(asking, posted)
        if typed.errors:
            raise FormError(typed)
        answer = open_matter(asking, posted.sent(_carried(typed)), _ROUTE, Workflow.disclosure)
        return see_other(f"/matters/{answer.body['id']}?done=open")

    try:
        return visit.write(piece)
    except (FormError, Refused, Problem) as error:
        problem = mendable(error)
        return visit.read(lambda asking: _mend(visit, asking, posted, problem))


# -- what is asked
def _questions(asking: Asking) -> list[Field]:
    rules = asking.policy.disclosure
    kinds = tuple(_kind(rules, kind) for kind in ReleaseKind)
    a_person = _("A name, or a reference such as p012.")
    or_a_case = " ".join((a_person, _("Or else enter a case.")))
    or_a_worker = _("Its reference. Or else enter a worker.")
    return [
        Field("kind", "choice", _("What the records are wanted for"), required=True, options=kinds),
        Field("requester", "line", _("Who asks"), _("Such as: a parent, by letter of 3 March."), required=True),
        Field("requested_by", "person", _("Which colleague that is, if they work here"), a_person),
        Field("supervisee", "person", _("The worker whose records are asked for"), or_a_case),
        Field("case", "case", _("The case whose records are asked for"), or_a_worker),
        *(_waiting(a_person) if any(rule.delay_clause for rule in rules.requests) else ()),
    ]


def _kind(rules: DisclosurePolicy, kind: ReleaseKind) -> Option:
    return Option(kind, option_label(Workflow.disclosure, "kind", kind), " ".join(_says(rules.of(kind))))


def _says(rule: ReleaseRule) -> list[str]:
    """What the policy says of one kind of request, with its clauses."""
    clause = translated(rule.clause)
    if rule.refer:
        return [_("It goes to information governance, for the policy has no rule for it (%(clause)s).", clause=clause)]
    said = [_("Decided here (%(clause)s).", clause=clause)]
    if not rule.personal.value:
        kept_back = _("Records of personal supervision are kept back (%(clause)s).", clause=rule.personal.clause)
        said += [kept_back, translated(rule.personal.note)]
    if rule.freeze_clause:
        said.append(_("The records stay as they are meanwhile (%(clause)s).", clause=rule.freeze_clause))
    if rule.anonymous_clause:
        said.append(_("Nobody may be recognised in what goes out (%(clause)s).", clause=rule.anonymous_clause))
    if rule.delay_clause:
        said.append(_("Telling the people concerned may wait (%(clause)s).", clause=rule.delay_clause))
    return [part.strip() for part in said if part]


def _waiting(a_person: str) -> tuple[Field, ...]:
    hint = _("Only where telling them would spoil an investigation. A head of service has to allow it.")
    return (
        Field(_WAIT, "yes_no", _("Does telling the people concerned have to wait?"), hint, value="no"),
        Field("authorised_by", "person", _("Which head of service allows it"), a_person),
        Field("authority", "text", _("Why the investigation requires it")),
    )


# -- what is sent
def _typed(asking: Asking, posted: Posted) -> Typed:
    typed = Typed(_questions(asking), posted, asking.work.picture.directory)
    named = [name for name in _ABOUT if name in typed.data or name in typed.errors]
    if not named:
        typed.errors["supervisee"] = _("Enter the worker whose records are asked for, or a case")
    elif len(named) > 1:
        typed.errors["case"] = _("Enter either a worker or a case: each needs a request of its own")
    if typed.data.get(_WAIT):
        missing = {"authorised_by": _("Enter who allows it"), "authority": _("Enter why it has to wait")}
        typed.errors |= {name: why for name, why in missing.items() if name not in typed.data | typed.errors}
    return typed


def _carried(typed: Typed) -> dict[str, Any]:
    waits = ("authorised_by", "authority")
    data = {name: value for name, value in typed.data.items() if name not in (_WAIT, *waits)}
    delay = {"delay": {name: typed.data[name] for name in waits}} if typed.data.get(_WAIT) else {}
    return {**data, **delay, "about": "person" if "supervisee" in data else "case"}


# -- what is shown
def _mend(visit: Visit, asking: Asking, posted: Posted, problem: Problem | None) -> HTMLResponse:
    typed = _typed(asking, posted)
    problems = problems_of(problem, typed)
    return _form(visit, asking, filled(_questions(asking), typed.values, typed.errors), problems, 422)


def _form(
    visit: Visit, asking: Asking, fields: list[Field], problems: tuple[str, ...] = (), status: int = 200
) -> HTMLResponse:
    asking.must_be(Role.hr)
    values = {
        "fields": [replace(field, required=field.required or field.name in _ABOUT) for field in fields],
        "problems": problems, "rules": asking.policy.disclosure,
        "guidance": guidance_shape(at_moment(asking.policy, Moment.disclosure)),
    }  # fmt: skip
    return page(visit, asking, "request_form.html", values, status)
