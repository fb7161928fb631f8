"""The pages in the language that their reader has chosen: by a link, kept by the browser, and said in the headers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from service.pages.languages import ENGLISH, language
from tests.acceptance.beginnings import sent
from tests.acceptance.browsing import browsing, form_on
from tests.fixtures.served import Sandbox, Story, ok, problem, sandbox_on

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def welsh_too(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox whose pages are in English, and in Welsh for those who choose it."""
    folder: Path = tmp_path_factory.mktemp("languages")
    with sandbox_on(f"sqlite:///{folder}/sandbox.sqlite3", languages=(ENGLISH, language("cy"))) as sandbox:
        yield sandbox


@pytest.fixture
def bilingual(welsh_too: Sandbox) -> Story:
    """A council whose people can choose."""
    return welsh_too.story()


def is_in(page: httpx.Response, tag: str) -> bool:
    """Whether a page says in every place that it is in this language."""
    return f'<html lang="{tag}"' in page.text and page.headers["content-language"] == tag


def test_a_council_that_offers_one_language_offers_no_choice(story: Story) -> None:
    with browsing(story, "wkr") as browser:
        page = browser.get("/")

    assert is_in(page, "en")
    assert "/language/" not in page.text


def test_a_link_on_every_page_leads_to_the_same_page_in_the_other_language(bilingual: Story) -> None:
    with browsing(bilingual, "wkr") as browser:
        english = browser.get("/matters?workflow=record&open=yes")
        welsh = browser.get("/language/cy", params={"back": "/matters?workflow=record&open=yes"})

    assert '/language/cy?back=%2Fmatters%3Fworkflow%3Drecord%26open%3Dyes" hreflang="cy" lang="cy"' in english.text
    assert '<span aria-current="true" lang="en">English</span>' in english.text
    assert welsh.url.raw_path == english.url.raw_path
    assert is_in(welsh, "cy")
    assert "Mewngofnodi" not in welsh.text
    assert "Allgofnodi" in welsh.text


def test_the_choice_is_kept_without_being_signed_in(bilingual: Story) -> None:
    base = bilingual.client.base_url.copy_with(path="/")
    with httpx.Client(base_url=base, follow_redirects=True) as browser:
        chosen = browser.get("/language/cy", params={"back": "/sign-in"})
        later = browser.get("/sign-in")

    kept = chosen.history[0].headers["set-cookie"]
    assert is_in(later, "cy")
    assert all(part in kept for part in ("supervision-language=cy", "HttpOnly", "SameSite=lax", "Max-Age=31536000"))


def test_no_cache_takes_one_language_for_another(bilingual: Story) -> None:
    with browsing(bilingual, "sup") as browser:
        answers = [browser.get(path) for path in ("/", "/overview.csv")]

    assert {answer.headers["vary"] for answer in answers} == {"Cookie"}
    assert {answer.headers["content-language"] for answer in answers} == {"en"}


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
def test_choosing_never_leads_out_of_the_service(bilingual: Story, back: str) -> None:
    base = bilingual.client.base_url.copy_with(path="/")

    answer = httpx.get(f"{base}language/cy", params={"back": back})

    assert answer.headers["location"] == "/"


def test_a_language_that_is_not_offered_is_not_there(bilingual: Story) -> None:
    base = bilingual.client.base_url.copy_with(path="/")

    answer = httpx.get(f"{base}language/de")

    assert answer.status_code == 404


def test_what_is_wrong_with_a_form_is_said_in_the_language_and_its_link_leads_to_the_form(bilingual: Story) -> None:
    record = sent(bilingual)
    address = f"/matters/{record['id']}/moves/dispute"
    with browsing(bilingual, "wkr") as browser:
        form = browser.get("/language/cy", params={"back": address})
        answer = browser.post(address, data=form_on(form), headers={"Referer": str(form.url)})

    assert answer.status_code == 422
    assert is_in(answer, "cy")
    assert "Mae problem wedi codi" in answer.text
    assert f"/language/en?back={address.replace('/', '%2F')}" in answer.text


def test_the_words_of_the_rules_are_translated_and_those_of_people_are_not(bilingual: Story) -> None:
    record = sent(bilingual, personal_discussion="The record is disputed.")
    with browsing(bilingual, "wkr") as browser:
        page = browser.get("/language/cy", params={"back": f"/matters/{record['id']}"})

    assert "Mae’r cofnod yn aros am lofnod." in page.text
    assert "5 diwrnod gwaith o “derbyniwyd gan yr un a oruchwylir”, dydd Llun 3 Mawrth 2025 am 9am." in page.text
    assert "The record is disputed." in page.text


def test_a_page_that_is_not_there_says_so_in_the_language(bilingual: Story) -> None:
    with browsing(bilingual, "wkr") as browser:
        browser.get("/language/cy")
        answer = browser.get("/nothing")

    assert (answer.status_code, is_in(answer, "cy")) == (404, True)
    assert "Does dim byd yma o dan y cyfeiriad hwn" in answer.text


def test_programs_are_answered_in_english_whatever_their_cookies_say(bilingual: Story) -> None:
    cookie = {"Cookie": "supervision-language=cy"}

    missing = problem(bilingual.send("wkr", "GET", "/matters/nothing", cookie), 404, "not_found")
    notices = ok(bilingual.send("wkr", "GET", "/notices", cookie))

    assert missing["detail"].startswith("There is nothing here")
    assert all("rydych" not in notice["subject"] for notice in notices["items"])
