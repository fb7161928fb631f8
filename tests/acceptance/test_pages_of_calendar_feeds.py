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
