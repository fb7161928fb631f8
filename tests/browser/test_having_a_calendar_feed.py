"""Somebody has their sessions in a calendar of their own: the address is made, renewed and stopped on one page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx

from tests.acceptance.beginnings import booked

if TYPE_CHECKING:
    from tests.browser.visitors import Visitor
    from tests.fixtures.served import Story

Visit = Callable[["Story", str], "Visitor"]


def found_at(story: Story, address: str) -> httpx.Response:
    """What a calendar finds at an address."""
    return story.client.get(httpx.URL(address).path.removeprefix("/api/v1"))


def test_a_feed_is_made_renewed_and_stopped(story: Story, visit: Visit) -> None:
    booked(story)
    worker = visit(story, "wkr")

    worker.follow("Schedule")
    worker.follow("Have this in a calendar of your own")
    worker.press("Make a calendar feed")
    first = worker.page.get_by_label("Address of your calendar feed").input_value()
    assert "SUMMARY:Supervision" in found_at(story, first).text
    worker.follow("I have copied it")
    worker.press("Make a new address")
    second = worker.page.get_by_label("Address of your calendar feed").input_value()
    assert found_at(story, first).status_code == 404
    worker.follow("I have copied it")
    worker.press("Stop the feed")

    assert worker.sees("The feed is stopped.")
    assert found_at(story, second).status_code == 404


def test_the_page_of_a_feed_fits_a_narrow_phone(story: Story, visit: Visit) -> None:
    worker = visit(story, "wkr")
    worker.go("/calendar-feed")
    assert worker.is_as_wide_as(320)

    worker.press("Make a calendar feed")

    assert worker.is_as_wide_as(320)
