"""Every route, asked by every kind of person about what is theirs, another line's, and another organisation's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from msgspec import Struct
from pydantic import SecretStr
from starlette.routing import Mount

from service.app import app_for
from service.engine.door import Door
from service.settings import Settings
from tests.acceptance.beginnings import booked, case_of, sent
from tests.acceptance.route_matrix import (
    ANSWERED,
    HIDDEN,
    MAY,
    MAY_NOT,
    OPEN,
    PAGES,
    PEOPLE,
    READS,
    ROWS,
    SHELL,
    Row,
)
from tests.fixtures.served import SECRET, STANDARD_TEAM, Sandbox, Story, ok, problem

#: Part of every text that is written here, and of everybody's name.
SAID, NAME = "marmalade", "quince"
#: Where the line above, human resources and auditors read records, and a request may be put off (NS-21, NS-44, NS-48).
POLICY = "north-somerset"
SECTIONS = ("support", "reflection", "learning_and_development", "review_of_actions", "actions_to_take_forward")
ELSEWHERE = (
    {"ref": "hos2", "job_role": "head_of_service", "above": "ad", "app_roles": "head_of_service"},
    {"ref": "lm2", "job_role": "service_manager", "above": "hos2"},
    {"ref": "sup3", "job_role": "team_manager", "above": "lm2"},
    {"ref": "wkr3", "job_role": "social_worker", "above": "sup3"},
)
_MAY = frozenset({409, 412, 415, 422})
_EVERY = [
    pytest.param(route, row, id=f"{route.split()[0]} {row.path} {'&'.join(row.params)}")
    for route, rows in ROWS.items() for row in rows
]  # fmt: skip


class Told(Struct, frozen=True):
    """A council in which wkr has a record that waits for them, a session, a sealed referral and a secret request."""

    story: Story
    ids: dict[str, str]

    def ask(self, who: str, route: str, row: Row, ids: dict[str, str] | None = None) -> httpx.Response:
        """One row of the matrix as somebody; `ids` are of other matters than the council's own."""
        return self.story.send(who, *_request(route, row, ids or self.ids)[:2], **_request(route, row, {})[2])


def _request(route: str, row: Row, ids: dict[str, str]) -> tuple[str, str, dict[str, Any]]:
    path = row.path.format_map(_Named(ids))
    if row.text is not None:
        more: dict[str, Any] = {"content": row.text, "headers": {"Content-Type": row.content_type}}
    else:
        more = {} if row.body is None else {"json": row.body}
    return route.split(maxsplit=1)[0], path, {"params": dict(row.params), **more}


class _Named(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


def told_by(sandbox: Sandbox) -> Told:
    named = [{"ref": row["ref"], "name": f"{NAME} {row['ref']}"} for row in (*STANDARD_TEAM, *ELSEWHERE)]
    people = {row["ref"]: dict(row) for row in ELSEWHERE}
    story = sandbox.story(POLICY, people=[{**people.get(n["ref"], {}), **n} for n in named], cases=[case_of(POLICY)])
    said = dict.fromkeys(SECTIONS, f"Tired of {SAID}.")
    record = sent(story, **said)
    session = booked(story, place=f"{SAID} room")
    elsewhere = story.open("sup3", "records", supervisee="wkr3", kind="personal", sections=said)
    referral = story.open("sup", "referrals", supervisee="wkr", about=SAID, facts=SAID)
    delay = {"authorised_by": "hos", "authority": "Else it is lost."}
    asked = {"kind": "investigation", "requester": SAID, "about": "person", "supervisee": "wkr", "delay": delay}
    request = story.move("hr1", story.open("hr1", "disclosures", **asked), "review")
    nothing = {"id": str(uuid4())}
    found = {
        "nothing": nothing,
        "record": record,
        "session": session,
        "referral": referral,
        "request": request,
        "elsewhere": elsewhere,
    }
    return Told(story, {name: matter["id"] for name, matter in found.items()})


@pytest.fixture(scope="module")
def told(sandbox: Sandbox) -> Told:
    """Told once; no row of the matrix changes what another one asks about."""
    return told_by(sandbox)


@pytest.fixture(scope="module")
def elsewhere(sandbox: Sandbox) -> Story:
    """Another council beside it, with people of the same refs."""
    return sandbox.story(POLICY, people=ELSEWHERE, cases=[case_of(POLICY)])


def every_route(door: Door) -> set[str]:
    settings = Settings(database_url="sqlite:///nowhere", secret_key=SecretStr(SECRET), sandbox=True)
    return set(routes_of(app_for(settings, door)))


def routes_of(app: Any) -> Iterator[str]:
    """Also those of an application that is mounted in this one."""
    for context in iter_route_contexts(app.routes):
        yield from (f"{method} {context.path}" for method in context.methods or "*")
    for route in app.routes:
        if isinstance(route, Mount) and isinstance(route.app, FastAPI):
            yield from routes_of(route.app)


def cell(answer: httpx.Response) -> str:
    """What somebody got, as a cell of the matrix."""
    if answer.status_code == 404:
        problem(answer, 404, "not_found")
        return HIDDEN
    if answer.status_code == 403:
        problem(answer, 403, "not_your_move")
        return MAY_NOT
    if answer.status_code in _MAY:
        return MAY
    assert answer.is_success, answer.text
    return ANSWERED if answer.request.method == "GET" else MAY


def level(answer: httpx.Response) -> str:
    """Whether a matter is read or known as a shell."""
    found = cell(answer)
    body = answer.json()
    if found != ANSWERED or ("items" in body and not any("actor" in row for row in body["items"])):
        return found
    if "items" in body:
        return READS if SAID in answer.text else SHELL
    return READS if body["data"] else SHELL


def test_every_route_has_a_row_and_every_row_a_route(sandbox: Sandbox) -> None:
    assert every_route(sandbox.door) - {"* "} == set(ROWS) | set(PAGES) | OPEN


@pytest.mark.parametrize(("route", "row"), _EVERY)
def test_everybody_is_answered_what_is_theirs(told: Told, route: str, row: Row) -> None:
    found = "".join(_cell(told, who, route, row) for who in PEOPLE)

    assert found == row.cells


def _cell(told: Told, who: str, route: str, row: Row) -> str:
    answer = told.ask(who, route, row)
    is_shown = route in ("GET /api/v1/matters/{matter_id}", "GET /api/v1/matters/{matter_id}/history")
    found = level(answer) if is_shown else cell(answer)
    if found in (SHELL, MAY_NOT, HIDDEN):
        assert SAID not in answer.text
    return found


@pytest.mark.parametrize(("route", "row"), _EVERY)
def test_another_organisation_is_answered_as_if_it_were_not_there(
    told: Told, elsewhere: Story, route: str, row: Row
) -> None:
    there, nowhere = Told(elsewhere, told.ids), {name: str(uuid4()) for name in told.ids}

    for who in PEOPLE:
        answer = there.ask(who, route, row)
        assert SAID not in answer.text
        assert NAME not in answer.text
        assert not [name for name, matter in told.ids.items() if matter in answer.text and name not in row.path]
        if "{" in row.path:
            unknown = there.ask(who, route, row, nowhere)
            assert answer.json() == unknown.json()
            assert cell(answer) == (MAY_NOT if row.cells[PEOPLE.index(who)] == MAY_NOT == cell(unknown) else HIDDEN)


@pytest.mark.parametrize(("route", "row"), _EVERY)
def test_nobody_without_a_token_of_somebody_in_post_is_answered(told: Told, route: str, row: Row) -> None:
    method, path, more = _request(route, row, told.ids)
    headers = more.pop("headers", {})

    bare = told.story.client.request(method, path, headers=headers, **more)
    wrong = told.story.client.request(method, path, headers={**headers, "Authorization": "Bearer sup_made-up"}, **more)

    problem(bare, 401, "no_token")
    problem(wrong, 401, "unknown_token")
    assert bare.headers["www-authenticate"] == "Bearer"


def test_who_has_left_is_answered_nothing_on_any_route(sandbox: Sandbox) -> None:
    told = told_by(sandbox)
    left = [{"ref": "wkr", "job_role": "social_worker", "above": "sup", "end_date": "2025-03-02"}]
    ok(told.story.list_people(left))

    for route, rows in ROWS.items():
        for row in rows:
            if route != "POST /api/v1/sandbox/clock":  # whoever tries things out moves the clock
                problem(told.ask("wkr", route, row), 401, "left")
