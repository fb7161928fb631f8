"""Every page, asked for by every kind of person about what is theirs, another line's, and another organisation's."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from pydantic import SecretStr

from service.identity.scopes import hash_of
from service.pages.proofs import proof_of
from service.pages.visiting import PROOF, cookie_name
from service.settings import Settings
from service.storage.connection import UnknownTokenError
from tests.acceptance.route_matrix import ANSWERED, HIDDEN, MAY, MAY_NOT, PAGES, PEOPLE, READS, SHELL, Row
from tests.acceptance.test_route_matrix import NAME, SAID, Told, told_by
from tests.fixtures.served import SECRET, Sandbox, Story

SETTINGS = Settings(database_url="sqlite:///nowhere", secret_key=SecretStr(SECRET), sandbox=True)
_EVERY = [
    pytest.param(route, row, id=f"{route.split()[0]} {row.path}") for route, rows in PAGES.items() for row in rows
]
Browsers = Callable[[Story, str], str]
_MAY = frozenset({303, 409, 412, 422})


def signed_in(story: Story, who: str) -> str:
    """What the browser of somebody who has signed in keeps; a token for machines opens no page."""
    address = story.client.base_url.copy_with(path="/sign-in")
    answer = httpx.post(address, data={"organisation": story.organisation, "person": who})
    return str(answer.cookies[cookie_name(SETTINGS)])


@pytest.fixture(scope="module")
def browsers() -> Browsers:
    """Everybody's browser, signed in once."""
    kept: dict[tuple[str, str], str] = {}

    def of(story: Story, who: str) -> str:
        known = (story.organisation, who)
        if known not in kept:
            kept[known] = signed_in(story, who)
        return kept[known]

    return of


@pytest.fixture(scope="module")
def elsewhere(sandbox: Sandbox) -> Story:
    """Another council."""
    return sandbox.story()


@pytest.fixture(scope="module")
def told(sandbox: Sandbox) -> Told:
    """Told once; nothing that is asked here changes anything."""
    return told_by(sandbox)


def proof(story: Story, token: str | None) -> str:
    """What the pages of whoever has this token put into their forms; of nobody it is none."""
    try:
        with story.door.database.read_for_token(hash_of(token or "")) as (_connection, owner):
            return proof_of(SETTINGS, owner.organisation_id, owner.person)
    except UnknownTokenError:
        return ""


def visit(told: Told, token: str | None, route: str, row: Row, ids: dict[str, str]) -> httpx.Response:
    """Ask for a page as the visitor whose browser has the token."""
    address = told.story.client.base_url.copy_with(path=row.path.format_map(ids))
    data = {**row.body, PROOF: proof(told.story, token)} if row.body is not None else None
    cookies = {cookie_name(SETTINGS): token} if token else {}
    with httpx.Client(cookies=cookies) as browser:
        return browser.request(route.split(maxsplit=1)[0], address, data=data, params=dict(row.params))


def _leads_on(answer: httpx.Response) -> bool:
    """Whether a page leads to another one that is not for signing in."""
    return answer.status_code == 303 and not answer.headers["location"].startswith("/sign-in")


def cell(answer: httpx.Response, *, is_matter: bool) -> str:
    """What a visitor got, as a cell of the matrix."""
    if answer.status_code in (403, 404):
        return HIDDEN if answer.status_code == 404 else MAY_NOT
    if answer.request.method == "POST":
        assert answer.status_code in _MAY | {200}, answer.text
        return MAY
    assert answer.status_code == 200 or _leads_on(answer), answer.text
    if is_matter:
        return READS if SAID in answer.text else SHELL
    return ANSWERED


@pytest.mark.parametrize(("route", "row"), _EVERY)
def test_every_visitor_is_shown_what_is_theirs(browsers: Browsers, told: Told, route: str, row: Row) -> None:
    found = ""
    for who in PEOPLE:
        answer = visit(told, browsers(told.story, who), route, row, told.ids)
        found += cell(answer, is_matter=READS in row.cells)
        if found[-1] in (SHELL, MAY_NOT, HIDDEN):
            assert SAID not in answer.text

    assert found == row.cells


@pytest.mark.parametrize(("route", "row"), _EVERY)
def test_visitors_of_another_organisation_find_nothing(
    browsers: Browsers, elsewhere: Story, told: Told, route: str, row: Row
) -> None:
    for who in ("wkr", "sup", "lm", "hr1", "aud", "admin"):
        answer = visit(told, browsers(elsewhere, who), route, row, told.ids)
        assert SAID not in answer.text
        assert NAME not in answer.text
        if "{" in row.path:
            assert answer.status_code in (403, 404)


@pytest.mark.parametrize("token", [None, "sup_made-up"], ids=["nobody", "made-up"])
@pytest.mark.parametrize(("route", "row"), _EVERY)
def test_whoever_is_not_signed_in_is_asked_to(told: Told, route: str, row: Row, token: str | None) -> None:
    answer = visit(told, token, route, row, told.ids)

    if answer.status_code == 401:
        assert "This was not sent" in answer.text
        assert row.body
        return
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
