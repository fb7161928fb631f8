"""The forms that are in force today: those of records, of the agreement and of preparing for a session."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from fastapi import APIRouter

from service.api.asking import Asks, Token
from service.problems import not_here
from workflows.calendar import local_day
from workflows.policy import Policy
from workflows.policy_forms import Form, FormSection, RecordRules, Side
from workflows.record_form import shape
from workflows.vocabulary import RecordKind

router = APIRouter(tags=["matters"])
FormKind = RecordKind | Literal["agreement", "preparation"]


@router.get("/forms", summary="The forms")
def forms(token: Token, asks: Asks, kind: FormKind | None = None, supervisee: str | None = None) -> dict[str, Any]:
    """The forms of each kind; with a supervisee, of a kind of record the one that theirs is opened with today."""
    with asks.reading(token) as asking:
        policy = asking.work.picture.policy_on(local_day(asking.work.now))
        person = asking.work.picture.directory.get(supervisee)
        if supervisee is not None and person is None:
            raise not_here()
        post = (person.job_role, person.setting) if person else None
        of_records = [(one.value, form) for one in RecordKind for form in _forms(policy.record.of(one), post)]
        others = [("agreement", _of_agreement(policy)), *(("preparation", form) for form in _of_preparation(policy))]
        found = [{"kind": of, **shape(form)} for of, form in (*of_records, *others) if kind in {None, of}]
        return {"items": found, "next_cursor": None}


def _of_agreement(policy: Policy) -> Form:
    """The terms that the two agree on, in the shape of a form that both fill in."""
    both: frozenset[Side] = frozenset({"supervisee", "supervisor"})
    sections = tuple(
        FormSection(name=term.name, title=term.title, clause=term.clause, required=term.required, by=both)
        for term in policy.agreement.terms
    )
    clause = policy.agreement.sign_clause
    return Form(id="agreement", version=policy.version, title="Agreement", clause=clause, sections=sections)


def _forms(rules: RecordRules, post: tuple[str, str] | None) -> tuple[Form, ...]:
    return rules.forms if post is None else (rules.form_for(*post),)


def _of_preparation(policy: Policy) -> Iterator[Form]:
    """The form with which a supervisee prepares, where the policy has one."""
    own: frozenset[Side] = frozenset({"supervisee"})
    rules = policy.session.preparation
    if rules is not None and rules.form:
        sections = tuple(FormSection(**{**section.model_dump(), "by": own}) for section in rules.form)
        title = "Preparing for a session"
        yield Form(id="preparation", version=policy.version, title=title, clause=rules.agenda_clause, sections=sections)
