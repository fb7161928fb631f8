"""Policies over HTTP: which there are, what they say, what differs between two, and a new version of the council's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from service.adoption import CARRIED, Adopted, Moved, NewVersion, apply_policy, foresee_policy
from service.api.asking import AdminToken, Asking, Asks, Token, save
from service.api.bodies import Body, Day, Sent
from service.api.replays import Answer, once
from service.engine.picture import Picture
from service.problems import Problem, invalid, not_here
from workflows.calendar import local_day
from workflows.policy import Policy
from workflows.policy_diff import Difference, Told, differences
from workflows.policy_mistake import PolicyMistake
from workflows.policy_reader import shipped
from workflows.policy_text import describe
from workflows.receipts import iso
from workflows.vocabulary import Carry, Role

router = APIRouter(tags=["policies"])
_DAY = timedelta(days=1)
_TOML = frozenset({"application/toml", "text/x-toml"})
#: What the file is called in what is said of its mistakes.
_BODY = "the policy"


@router.get("/policies", summary="The versions of the council's policy")
def policies(token: Token, asks: Asks) -> dict[str, Any]:
    """Every version, oldest first, with the days on which it is in force."""
    with asks.reading(token) as asking:
        found = [version_shape(asking, policy) for _, policy in asking.work.picture.in_force]
        return {"items": found, "next_cursor": None}


@router.get("/policies/{policy_id}", summary="One policy")
def policy(policy_id: str, token: Token, asks: Asks) -> dict[str, Any]:
    """A policy in sentences and as values: `id` for the version in force or as shipped, `id@version` for another."""
    with asks.reading(token) as asking:
        found = policy_named(asking, policy_id)
        told = [
            {"title": chapter.title, "lines": [{"sentence": li.sentence, "clause": li.clause} for li in chapter.lines]}
            for chapter in describe(found)
        ]
        values = _plain(found.model_dump(exclude_none=True))
        return {
            **version_shape(asking, found), "chapters": told, "contradictions": values.pop("contradictions"),
            "values": values,
        }  # fmt: skip


@router.get("/policies/{before}/diff/{after}", summary="What differs between two policies")
def diff(before: str, after: str, token: Token, asks: Asks) -> dict[str, Any]:
    """Every value that differs, in a sentence with both clauses; each policy is `id` or `id@version`."""
    with asks.reading(token) as asking:
        first, second = policy_named(asking, before), policy_named(asking, after)
        return {
            "before": {"id": first.id, "version": first.version},
            "after": {"id": second.id, "version": second.version},
            "items": [_difference(found) for found in differences(first, second)],
            "next_cursor": None,
        }


@router.post(
    "/policies", summary="Apply a new version of the council's policy", status_code=201,
    responses={200: {"description": "What a dry run foresees"}},
)  # fmt: skip
def apply(
    token: AdminToken,
    body: Body,
    asks: Asks,
    in_force_from: Annotated[Day, Query()],
    dry_run: Annotated[bool, Query()] = False,  # noqa: FBT002 - the contract's name
    deadline: Annotated[list[str] | None, Query()] = None,
) -> JSONResponse:
    """The body is a policy as TOML. Open matters move on its first day; `dry_run` says which, and keeps nothing.

    `deadline=supervise_by=keep` keeps the running ones of that name; `recompute` is meant where nothing is said, and
    `restart` counts anew from the first day.
    """

    def piece(asking: Asking) -> Answer:
        asking.must_be(Role.administrator)
        version = NewVersion(text_of(body), _BODY, in_force_from, carry_of(deadline or ()))
        route = f"policies?dry_run={dry_run}&in_force_from={in_force_from}&deadline={sorted(deadline or ())}"
        return once(asking, body, route, lambda: applied(asking, version, dry_run=dry_run))

    return asks.writing(token, piece).response()


# -- finding
def policy_named(asking: Asking, text: str) -> Policy:
    """The policy that an address names: the council's own, or one that is shipped. Raises Problem 404."""
    picture, (policy_id, at, version) = asking.work.picture, text.partition("@")
    now, known = picture.policy_on(local_day(asking.work.now)), shipped().get(policy_id)
    if not at and now.id == policy_id:
        return now
    own = picture.policies.get((policy_id, version))
    if own is None and known is not None and version == (known.version if at else ""):
        own = known
    if own is None:
        raise not_here()
    return own


def version_shape(asking: Asking, policy: Policy) -> dict[str, Any]:
    """A policy as lists show it; one that is only shipped is never in force here."""
    since, until = _days(asking.work.picture, policy)
    today = local_day(asking.work.now)
    in_force = since is not None and since <= today and (until is None or today <= until)
    return {
        "id": policy.id, "version": policy.version, "name": policy.name, "council": policy.council,
        "in_force": in_force, "in_force_from": since, "in_force_to": until,
    }  # fmt: skip


def _days(picture: Picture, policy: Policy) -> tuple[date | None, date | None]:
    """The first and the last day on which the council's version is in force; a later one of the same day takes all."""
    days = [since for since, _ in picture.in_force]
    for index, (since, known) in enumerate(picture.in_force):
        if (known.id, known.version) == (policy.id, policy.version):
            return since, days[index + 1] - _DAY if index + 1 < len(days) else None
    return None, None


# -- shapes
def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a policy holds
    """Values as other programs read them; what has no order of its own always in the same one."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    return [_plain(inner) for inner in value] if isinstance(value, tuple) else value


def _difference(found: Difference) -> dict[str, Any]:
    return {
        "kind": found.kind, "where": found.where, "before": _told(found.before), "after": _told(found.after),
        "sentence": found.sentence,
    }  # fmt: skip


def _told(told: Told | None) -> dict[str, str] | None:
    return None if told is None else {"value": told.words, "clause": told.clause, "note": told.note}


def _moved(moved: Moved) -> dict[str, Any]:
    matter = moved.matter
    return {
        "matter": str(matter.id), "workflow": matter.workflow, "parties": matter.parties(), "case": matter.case,
        "deadline": moved.deadline, "from": moved.before and iso(moved.before), "to": moved.after and iso(moved.after),
        "clause_before": moved.clause_before, "clause_after": moved.clause_after,
    }  # fmt: skip


# -- applying
def text_of(body: Sent) -> str:
    """The policy that was sent. Raises Problem 415 or 400."""
    if body.content_type not in _TOML:
        raise Problem(415, "not_toml", "Send the policy with the header “Content-Type: application/toml”.")
    try:
        return body.body.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(400, "malformed", "The policy is not in UTF-8.") from None


def carry_of(given: list[str] | tuple[()]) -> dict[str, Carry]:
    """What becomes of running deadlines, by name. Raises Problem 422."""
    found: dict[str, Carry] = {}
    for text in given:
        name, _, how = text.partition("=")
        if name not in CARRIED or how not in set(Carry):
            known = f"one of {', '.join(CARRIED)}, with = and one of {', '.join(Carry)}"
            raise invalid([{"pointer": "/query/deadline", "message": f"Found {text!r}, expected {known}."}])
        found[name] = Carry(how)
    return found


def applied(asking: Asking, version: NewVersion, *, dry_run: bool) -> Answer:
    """Apply a version, or say what it would move. Raises Problem 422 that names every mistake."""
    do = foresee_policy if dry_run else apply_policy
    try:
        adopted = do(asking.work, version, asking.actor)
    except PolicyMistake as mistake:
        raise invalid(
            [{"pointer": f"/{problem.key}", "message": str(problem)} for problem in mistake.problems]
        ) from None
    if not dry_run:
        save(asking)
    return _answer(adopted, dry_run=dry_run)


def _answer(adopted: Adopted, *, dry_run: bool) -> Answer:
    body: dict[str, Any] = {
        "id": adopted.policy.id, "version": adopted.policy.version, "in_force_from": adopted.since.isoformat(),
        "dry_run": dry_run, "moved": len(adopted.moved),
    }  # fmt: skip
    if dry_run:
        return Answer(200, body | {"items": [_moved(moved) for moved in adopted.moved]})
    location = f"/api/v1/policies/{adopted.policy.id}@{adopted.policy.version}"
    return Answer(201, body | {"adoption": str(adopted.adoption)}, location)
