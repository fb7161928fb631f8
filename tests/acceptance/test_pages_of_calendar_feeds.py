"""The page of a calendar feed: made by one press, shown once, renewed and stopped by its owner alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import UUID

import httpx
from sqlalchemy import select

from service.storage.matter_tables import idempotency_keys
from tests.acceptance.beginnings import booked
from tests.acceptance.browsing import browsing
from tests.acceptance.test_pages_of_administrators import signed_in_long_ago

if TYPE_CHECKING:
    from tests.fixtures.served import Story

PAGE = "/calendar-feed"


def press(browser: httpx.Client, do: str) -> httpx.Response:
    """Press one of the page's buttons."""
    return browser.post(PAGE, data={**hidden(browser.get(PAGE)), "do": do})


def hidden(page: httpx.Response) -> dict[str, str]:
    """What the page's own forms send along."""
    return dict(re.findall(r'<input type="hidden" name="(proof|key)" value="([^"]*)">', page.text))


def address_on(page: httpx.Response) -> str:
    """The address that a page shows."""
    [found] = re.findall(r'value="(http[^"]+\.ics)"', page.text)
    return str(found)


def look(story: Story, address: str) -> httpx.Response:
    """What a calendar finds there."""
    return story.client.get(httpx.URL(address).path.removeprefix("/api/v1"))


def test_the_address_that_is_shown_leads_to_the_calendar(either_story: Story) -> None:
    booked(either_story)
    with browsing(either_story, "wkr") as browser:
        address = address_on(press(browser, "renew"))

        assert "SUMMARY:Supervision" in look(either_story, address).text
        again = browser.get(PAGE)
        assert "since Monday 3 March 2025 at 9am" in again.text
        assert ".ics" not in again.text


def test_a_new_address_ends_the_one_before(either_story: Story) -> None:
    with browsing(either_story, "wkr") as browser:
        first, second = (address_on(press(browser, "renew")) for _ in range(2))

    assert look(either_story, first).status_code == 404
    assert look(either_story, second).status_code == 200


def test_a_stopped_feed_leads_nowhere(either_story: Story) -> None:
    with browsing(either_story, "wkr") as browser:
        address = address_on(press(browser, "renew"))
        stopped = press(browser, "stop")

    assert "The feed is stopped." in stopped.text
    assert "Make a calendar feed" in stopped.text
    assert look(either_story, address).status_code == 404


def test_pressing_twice_makes_one_address_and_shows_it_once(story: Story) -> None:
    with browsing(story, "wkr") as browser:
        form = {**hidden(browser.get(PAGE)), "do": "renew"}
        first, second = (browser.post(PAGE, data=form) for _ in range(2))

    address = address_on(first)
    assert look(story, address).status_code == 200
    assert "This address was shown already" in second.text
    assert ".ics" not in second.text
    with story.door.database.read(UUID(story.organisation)) as connection:
        assert address.rpartition("/")[2] not in str(connection.execute(select(idempotency_keys)).all())


def test_it_is_found_from_the_schedule_from_ones_own_page_and_from_ones_sign_ins(story: Story) -> None:
    with browsing(story, "wkr") as browser:
        for path in ("/me", "/schedule", "/your-sign-ins"):
            assert f'href="{PAGE}"' in browser.get(path).text


# -- what outlasts the visit
def test_an_address_is_made_only_by_somebody_who_has_just_signed_in(either_story: Story) -> None:
    """It outlasts the visit: whoever finds a browser open makes none, and puts none in the place of another."""
    with browsing(either_story, "wkr") as browser:
        first = address_on(press(browser, "renew"))
        form = {**hidden(browser.get(PAGE)), "do": "renew"}
        signed_in_long_ago(either_story)
        answer = browser.post(PAGE, data=form, follow_redirects=False)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?")
    assert answer.headers["location"].endswith("back=%2Fcalendar-feed")
    assert look(either_story, first).status_code == 200


def test_it_is_stopped_by_whoever_is_there(story: Story) -> None:
    with browsing(story, "wkr") as browser:
        address = address_on(press(browser, "renew"))
        signed_in_long_ago(story)
        stopped = press(browser, "stop")

    assert "The feed is stopped." in stopped.text
    assert look(story, address).status_code == 404


def test_it_stands_among_ones_sign_ins_and_is_stopped_there(story: Story) -> None:
    with browsing(story, "wkr") as browser:
        before = browser.get("/your-sign-ins").text
        address = address_on(press(browser, "renew"))
        page = browser.get("/your-sign-ins").text
        [form] = re.findall(r'<form method="post" action="/calendar-feed">.*?</form>', page, re.DOTALL)
        stopped = browser.post(PAGE, data=dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)))

    assert "Its present address was made on Monday 3 March 2025 at 9am" in page
    assert 'action="/calendar-feed"' not in before
    assert "The feed is stopped." in stopped.text
    assert look(story, address).status_code == 404


def test_signing_out_everywhere_stops_it_and_signing_out_here_does_not(either_story: Story) -> None:
    with browsing(either_story, "wkr") as browser:
        address = address_on(press(browser, "renew"))
        browser.post("/sign-out", data=hidden(browser.get(PAGE)))
        assert look(either_story, address).status_code == 200

    with browsing(either_story, "wkr") as browser:
        page = browser.get("/your-sign-ins")
        assert "This stops your calendar feed as well." in page.text
        browser.post("/sign-out", data={**hidden(page), "everywhere": "yes"})

    assert look(either_story, address).status_code == 404


def test_nobody_elses_is_stopped_with_it(story: Story) -> None:
    with browsing(story, "wkr2") as browser:
        address = address_on(press(browser, "renew"))
    with browsing(story, "wkr") as browser:
        browser.post("/sign-out", data={**hidden(browser.get(PAGE)), "everywhere": "yes"})

    assert look(story, address).status_code == 200
