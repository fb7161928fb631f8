"""Policies as pages: what the versions say, what differs, and what a new one would move before it is applied."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from service.adoption import CARRIED, NewVersion
from service.api.asking import Asking
from service.api.bodies import Sent
from service.api.policies import applied, carry_of, policy_named, version_shape
from service.api.replays import once
from service.pages.fields import Field, Option, filled
from service.pages.posted import Posted
from service.pages.reading_forms import Typed
from service.pages.rendering import page
from service.pages.visiting import Form, Visit, Visiting
from service.pages.wording import DEADLINES
from service.problems import Problem, as_problem
from workflows.policy_diff import differences
from workflows.policy_reader import shipped
from workflows.policy_text import describe
from workflows.refusals import Refused
from workflows.vocabulary import Carry, Role

router = APIRouter()
_SINCE = Field("since", "day", "First day on which it is in force", required=True)
_CARRY = {
    Carry.recompute: "Count it again from where it began",
    Carry.keep: "Leave it as it is",
    Carry.restart: "Count it anew from the first day",
}


@router.get("/policies")
def policies(visit: Visiting) -> HTMLResponse:
    """The council's versions, and the policies that come with the product to compare them with."""

    def read(asking: Asking) -> HTMLResponse:
        own = [version_shape(asking, policy) for _, policy in asking.work.picture.in_force]
        values = {"own": own, "shipped": sorted(shipped().values(), key=lambda p: p.name)}
        return page(visit, asking, "policies.html", values)

    return visit.read(read)


@router.get("/policies/compare")
def compare(visit: Visiting, before: str, after: str) -> HTMLResponse:
    """What differs between two, value by value, with both clauses."""

    def read(asking: Asking) -> HTMLResponse:
        first, second = policy_named(asking, before), policy_named(asking, after)
        values = {"first": first, "second": second, "rows": differences(first, second)}
        return page(visit, asking, "policy_compared.html", values)

    return visit.read(read)


@router.get("/policies/apply")
def choose(visit: Visiting) -> HTMLResponse:
    """Choose a new version's file and its first day."""

    def read(asking: Asking) -> HTMLResponse:
        asking.must_be(Role.administrator)
        return page(visit, asking, "policy_apply.html", {"fields": _fields(None), "text": None, "problems": []})

    return visit.read(read)


@router.get("/policies/{policy_id}")
def policy(visit: Visiting, policy_id: str) -> HTMLResponse:
    """One policy in sentences, each with its clause, and its contradictions with the choice made."""

    def read(asking: Asking) -> HTMLResponse:
        found = policy_named(asking, policy_id)
        values = {"policy": found, "version": version_shape(asking, found), "chapters": describe(found)}
        return page(visit, asking, "policy.html", values)

    return visit.read(read)


@router.post("/policies/apply")
def apply(visit: Visiting, posted: Form) -> Response:
    """Say which open matters and dates a version would move, then apply it as a whole."""
    applies = posted.text("do") == "apply"

    def piece(asking: Asking) -> Response:
        asking.must_be(Role.administrator)
        text, typed = _text(posted), _typed(asking, posted)
        if typed.errors or not text:
            raise Problem(422, "invalid", "" if text else "Choose the file of the policy.")
        chosen = {name: typed.data.get(f"carry-{name}") for name in CARRIED}
        carry = carry_of([f"{name}={how}" for name, how in chosen.items() if how])
        version = NewVersion(text, "the policy", date.fromisoformat(typed.data["since"]), carry)
        sent = Sent(text.encode(), "application/toml", posted.text("key") or None, None)
        route = f"policies?dry_run={not applies}&in_force_from={version.since}&deadline={sorted(carry.items())}"
        found = once(asking, sent, route, lambda: applied(asking, version, dry_run=not applies)).body
        values = {"found": found, "applies": applies, "text": text, "fields": _fields(typed)}
        return page(visit, asking, "policy_foreseen.html", values)

    try:
        return visit.write(piece)
    except (Problem, Refused) as error:
        problem = as_problem(error)
        if problem.status not in {409, 422}:
            raise
        return visit.read(lambda asking: _again(visit, asking, posted, problem))


def _again(visit: Visit, asking: Asking, posted: Posted, problem: Problem) -> HTMLResponse:
    said = [row["message"] for row in problem.errors] or ([problem.detail] if problem.detail else [])
    values: dict[str, Any] = {"fields": _fields(_typed(asking, posted)), "text": _text(posted), "problems": said}
    return page(visit, asking, "policy_apply.html", values, 422)


def _text(posted: Posted) -> str:
    """The policy that was chosen, or that came back with the page; what is no text is no policy."""
    chosen = posted.file("file")
    return chosen.decode("utf-8", "replace") if chosen else posted.text("text")


def _questions() -> list[Field]:
    options = tuple(Option(carry.value, label) for carry, label in _CARRY.items())
    return [_SINCE, *(Field(f"carry-{name}", "choice", DEADLINES[name], options=options) for name in CARRIED)]


def _typed(asking: Asking, posted: Posted) -> Typed:
    return Typed(_questions(), posted, asking.work.picture.directory)


def _fields(typed: Typed | None) -> list[Field]:
    return filled(_questions(), typed.values, typed.errors) if typed else _questions()
