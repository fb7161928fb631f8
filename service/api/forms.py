"""The forms of records, as they are in force today."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from service.api.asking import Asks, Token
from service.problems import not_here
from workflows.calendar import local_day
from workflows.policy_forms import Form, RecordRules
from workflows.record_form import shape
from workflows.vocabulary import RecordKind

router = APIRouter(tags=["matters"])


@router.get("/forms", summary="The forms of records")
def forms(token: Token, asks: Asks, kind: RecordKind | None = None, supervisee: str | None = None) -> dict[str, Any]:
    """The forms for each kind of record; with a supervisee, the one that a record of theirs is opened with today."""
    with asks.reading(token) as asking:
        policy = asking.work.picture.policy_on(local_day(asking.work.now))
        person = asking.work.picture.directory.get(supervisee)
        if supervisee is not None and person is None:
            raise not_here()
        kinds = [one for one in RecordKind if kind in {None, one}]
        found = [
            {"kind": one.value, **shape(form)}
            for one in kinds
            for form in _forms(policy.record.of(one), (person.job_role, person.setting) if person else None)
        ]
        return {"items": found, "next_cursor": None}


def _forms(rules: RecordRules, post: tuple[str, str] | None) -> tuple[Form, ...]:
    return rules.forms if post is None else (rules.form_for(*post),)
