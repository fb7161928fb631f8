"""No form of a page is taken that did not come from that page, and nobody is led away after signing in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from service.pages.application import pages_app
from tests.acceptance.test_pages import become
from tests.acceptance.test_route_matrix import routes_of

if TYPE_CHECKING:
    from tests.fixtures.served import Story

#: Every form but the one for signing in to a sandbox, which nobody has a page for before.
FORMS = sorted(route.removeprefix("POST ") for route in routes_of(pages_app()) if route.startswith("POST "))
PLACES = {
    "{matter_id}": str(uuid4()), "{incident_id}": str(uuid4()), "{token_id}": str(uuid4()), "{record}": str(uuid4()),
    "{section}": "support", "{way}": "repair", "{what}": "people", "{trigger}": "sign", "{route}": "sessions",
}  # fmt: skip


@pytest.fixture
def browser(story: Story) -> Iterator[httpx.Client]:
    """An administrator's browser."""
    with httpx.Client(base_url=story.client.base_url.copy_with(path="/")) as client:
        become(client, story, "admin")
        yield client


def path_of(form: str) -> str:
    for name, value in PLACES.items():
        form = form.replace(name, value)
    assert "{" not in form
    return form


@pytest.mark.parametrize("proof", [{}, {"proof": ""}, {"proof": "0" * 64}], ids=["none", "empty", "made up"])
@pytest.mark.parametrize("form", [form for form in FORMS if form != "/sign-in"])
def test_a_form_without_the_pages_proof_does_nothing(browser: httpx.Client, form: str, proof: dict[str, str]) -> None:
    answer = browser.post(path_of(form), data={"person": "wkr", "id": "x", **proof})

    assert answer.status_code == 403
    assert "This form is out of date" in answer.text


def test_another_visitors_proof_is_none(story: Story, browser: httpx.Client) -> None:
    with httpx.Client(base_url=browser.base_url) as other:
        become(other, story, "wkr")
        page = other.get("/find").text
    [proof] = {part.partition('"')[0] for part in page.split('name="proof" value="')[1:]}

    assert browser.post("/find", data={"proof": proof}).status_code == 403


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_a_browser_says_is_from_elsewhere_does_nothing(browser: httpx.Client, form: str) -> None:
    answer = browser.post(path_of(form), data={}, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert "sent by another site" in answer.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_nothing_is_done_by_a_link(browser: httpx.Client, method: str) -> None:
    for form in ("/sign-out", "/lists/people"):
        assert browser.request(method, form).status_code in (404, 405)
    assert browser.get("/").status_code == 200


AWAY = ("//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "/\t/evil.example",
        "/\n/evil.example", " //evil.example", "javascript:alert(1)", "/%2f/evil.example", "/%09/evil.example",
        "/..//evil.example", "///evil.example", "")  # fmt: skip


@pytest.mark.parametrize("back", AWAY)
def test_nobody_is_led_away(story: Story, browser: httpx.Client, back: str) -> None:
    form = {"organisation": story.organisation, "person": "wkr", "back": back}

    led = [browser.post("/sign-in", data=form), browser.get("/language/en", params={"back": back})]

    for answer in led:
        is_here(browser, answer.headers["location"])


def is_here(browser: httpx.Client, led: str) -> None:
    """Whether a browser that is led there stays on this host."""
    # As browsers read it: tabs and line ends are left out, and a backslash is a slash.
    read = led.translate({9: None, 10: None, 13: None, ord("\\"): "/"})
    assert urlsplit(read).netloc == ""
    assert read.startswith("/")
    assert not read.startswith("//")
    assert str(browser.base_url.join(led).host) == browser.base_url.host
