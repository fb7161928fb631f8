"""What somebody typed outlasts their visit: it comes back to be sent again, in the next visit of theirs alone."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.beginnings import drafted
from tests.acceptance.browsing import browsing, form_on
from tests.acceptance.test_pages import become

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.fixtures.html_validator import HtmlValidator
    from tests.fixtures.served import Sandbox, Story

STATEMENT = 'It took an hour\r\nto write "this" & that.'
PATH = "/start/concerns?about=quality"


@pytest.fixture
def browser(story: Story) -> Iterator[httpx.Client]:
    with browsing(story, "wkr") as client:
        yield client


def filled(browser: httpx.Client) -> dict[str, Any]:
    """The form of a concern, filled in and not sent."""
    return {**form_on(browser.get(PATH)), "about": "quality", "statement": STATEMENT, "route": "first"}


def concerns(story: Story, who: str = "wkr") -> list[str]:
    """What the statements of somebody's concerns say."""
    found = story.items(who, "/matters", workflow="concern")
    return [story.matter(who, one)["data"]["statement"] for one in found]


def shown_again(answer: httpx.Response, status: int) -> dict[str, str]:
    """The form that came back with its address, as it would be sent again."""
    assert answer.status_code == status
    assert "This was not sent" in answer.text
    assert 'target="_blank"' in answer.text
    [action] = re.findall(r'<form id="form" method="post" action="([^"]*)"', answer.text)
    assert html.unescape(action) == PATH
    return form_on(answer)


@pytest.mark.parametrize("ended", ["signed out elsewhere", "token is known no more", "cookie is gone"])
def test_a_form_that_finds_its_visit_ended_comes_back_and_is_sent_in_the_next_one(
    story: Story, browser: httpx.Client, html_validator: HtmlValidator, ended: str
) -> None:
    form = filled(browser)
    match ended:
        case "signed out elsewhere":
            kept = dict(browser.cookies)
            browser.post("/sign-out", data={"proof": form["proof"]})
            browser.cookies.update(kept)
        case "token is known no more":
            browser.cookies.clear()
            browser.cookies.set("supervision", "sup_nobody's")
        case _:
            browser.cookies.clear()

    answer = browser.post(PATH, data=form)
    again = shown_again(answer, 401)
    assert html_validator.mistakes(answer.text) == []
    assert concerns(story) == []
    browser.cookies.clear()
    become(browser, story, "wkr")
    browser.post(PATH, data=again)

    assert concerns(story) == [STATEMENT.replace("\r\n", "\n")]


def test_a_form_that_was_open_while_its_writer_signed_in_anew_is_taken(story: Story, browser: httpx.Client) -> None:
    form = filled(browser)
    become(browser, story, "wkr")

    assert browser.post(PATH, data=form).status_code == 200

    assert len(concerns(story)) == 1


def test_what_one_wrote_is_not_sent_in_the_name_of_whoever_signed_in_after_them(
    story: Story, browser: httpx.Client
) -> None:
    form = filled(browser)
    become(browser, story, "wkr2")

    again = shown_again(browser.post(PATH, data=form), 403)
    shown_again(browser.post(PATH, data=again), 403)
    assert concerns(story, "wkr2") == []
    become(browser, story, "wkr")
    browser.post(PATH, data=again)

    assert len(concerns(story)) == 1


def test_the_page_that_gives_a_form_back_makes_nobodys_form_good(browser: httpx.Client) -> None:
    form = {**filled(browser), "proof": "0" * 64}

    again = shown_again(browser.post(PATH, data=form), 403)

    assert again["proof"] == "0" * 64
    assert browser.post(PATH, data=again).status_code == 403
    elsewhere = browser.post(PATH, data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403
    assert "took an hour" not in elsewhere.text


def test_a_proof_of_another_council_is_none(sandbox: Sandbox, browser: httpx.Client) -> None:
    with browsing(sandbox.story(), "wkr") as other:
        form = filled(other)

    assert browser.post(PATH, data=form).status_code == 403


def test_a_button_that_was_pressed_is_sent_again_with_the_form(story: Story, browser: httpx.Client) -> None:
    record = drafted(story)
    become(browser, story, "sup")
    address = f"/matters/{record['id']}/moves/write"
    form = {**form_on(browser.get(address)), "sections.equality": "As agreed.", "send": "yes", "stage": "check"}
    browser.cookies.clear()

    again = form_on(browser.post(address, data=form))

    assert {name: again[name] for name in form} == form


@pytest.mark.parametrize("form", [{}, {"proof": "x", "step": "next"}, {"statement": "  "}])
def test_a_form_in_which_nothing_was_typed_leads_to_signing_in(browser: httpx.Client, form: dict[str, str]) -> None:
    browser.cookies.clear()

    assert browser.post(PATH, data=form).url.path == "/sign-in"
    assert browser.post(PATH, content=b"\xff", headers={"Content-Type": "multipart/form-data"}).url.path == "/sign-in"
