"""The pages as a browser asks for them: signing in, forms from elsewhere, forms sent twice, what is not there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.acceptance.beginnings import sent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fixtures.served import Story


@pytest.fixture
def browser(story: Story) -> Iterator[httpx.Client]:
    """Something that keeps cookies and follows redirects; nobody is signed in."""
    base = story.client.base_url.copy_with(path="/")
    with httpx.Client(base_url=base, follow_redirects=True) as client:
        yield client


def become(browser: httpx.Client, story: Story, person: str) -> httpx.Response:
    """Sign in as somebody of the story's council."""
    return browser.post("/sign-in", data={"organisation": story.organisation, "person": person})


def form_of(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of the form that sends a move."""
    (form,) = re.findall(r'<form id="form".*?</form>', page.text, re.DOTALL)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))


def test_whoever_is_not_signed_in_is_asked_to_and_goes_on_where_they_wanted_to(browser: httpx.Client) -> None:
    asked = browser.get("/?cursor=x")

    assert asked.url.path == "/sign-in"
    assert asked.url.params["back"] == "/?cursor=x"


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
def test_signing_in_never_leads_out_of_the_service(story: Story, browser: httpx.Client, back: str) -> None:
    data = {"organisation": story.organisation, "person": "wkr", "back": back}

    signed_in = browser.post("/sign-in", data=data, follow_redirects=False)

    assert signed_in.headers["location"] == "/"


def test_after_signing_out_the_token_of_the_browser_is_of_no_use(story: Story, browser: httpx.Client) -> None:
    home = become(browser, story, "wkr")
    kept = dict(browser.cookies)
    (proof,) = set(re.findall(r'name="proof" value="(\w+)"', home.text))

    browser.post("/sign-out", data={"proof": proof})
    browser.cookies.update(kept)

    assert browser.get("/").url.path == "/sign-in"


def test_a_form_that_another_site_made_is_refused(story: Story, browser: httpx.Client) -> None:
    record = sent(story)
    become(browser, story, "wkr")

    forged = browser.post(f"/matters/{record['id']}/moves/sign", data={"proof": "0" * 64})

    assert forged.status_code == 403
    assert story.matter("wkr", record)["state"] == "awaiting_signature"


def test_a_form_sent_twice_is_done_once(story: Story, browser: httpx.Client) -> None:
    record = sent(story)
    become(browser, story, "wkr")
    address = f"/matters/{record['id']}/moves/dispute"
    filled = {**form_of(browser.get(address)), "statement": "That is not what was said."}

    first, second = browser.post(address, data=filled), browser.post(address, data=filled)

    assert (first.status_code, second.status_code) == (200, 200)
    assert len(story.matter("wkr", record)["children"]) == 1


def test_what_was_changed_meanwhile_is_said_and_what_was_typed_is_kept(story: Story, browser: httpx.Client) -> None:
    record = sent(story)
    become(browser, story, "wkr")
    address = f"/matters/{record['id']}/moves/dispute"
    filled = {**form_of(browser.get(address)), "statement": "That is not what was said.", "version": "1"}

    answer = browser.post(address, data=filled)

    assert answer.status_code == 422
    assert "Somebody else has changed this" in answer.text
    assert "That is not what was said." in answer.text


@pytest.mark.parametrize("path", ["/nothing", "/matters/no-uuid", "/static/nothing.js"])
def test_what_is_not_there_is_a_page_that_says_so(story: Story, browser: httpx.Client, path: str) -> None:
    become(browser, story, "wkr")

    answer = browser.get(path)

    assert answer.status_code == 404
    assert "There is nothing here" in answer.text
