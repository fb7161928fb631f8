"""A worker finds the record that waits for them, reads why it is due when it is, and signs it or says what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.beginnings import sent

if TYPE_CHECKING:
    from tests.browser.visitors import Visitor
    from tests.fixtures.served import Story

Visit = Callable[["Story", str], "Visitor"]


@pytest.fixture
def waiting(story: Story) -> Story:
    """A record waits for the worker's signature."""
    sent(story, personal_discussion="We agreed to close the case. The leave is booked.")
    return story


def test_a_worker_signs_what_waits_for_them(waiting: Story, visit: Visit) -> None:
    worker = visit(waiting, "wkr")

    worker.follow("Record of")
    worker.follow("Sign the record")
    worker.press("Sign the record")

    assert worker.sees("The record is signed and final.")
    worker.go("/")
    assert not worker.sees("Record of")


def test_a_worker_says_what_they_do_not_accept_and_nothing_typed_is_lost(waiting: Story, visit: Visit) -> None:
    worker = visit(waiting, "wkr")
    worker.follow("Record of")
    worker.follow("Dispute the record")

    worker.choose("We agreed to close the case.")
    worker.press("Dispute the record")
    assert worker.sees("There is a problem")
    assert worker.page.get_by_label("We agreed to close the case.").is_checked()
    assert not worker.page.get_by_label("The leave is booked.").is_checked()

    worker.fill("What you do not accept", "We agreed to wait.")
    worker.press("Dispute the record")
    assert worker.sees("Disagreement")
    assert waiting.one("wkr", workflow="record")["data"]["passages"] == "We agreed to close the case."


def test_going_back_to_a_form_that_was_sent_says_that_it_is_over(waiting: Story, visit: Visit) -> None:
    worker = visit(waiting, "wkr")
    worker.follow("Record of")
    worker.follow("Sign the record")
    worker.press("Sign the record")

    worker.page.go_back()

    assert worker.sees("The record is signed and final. This cannot be done now.")


def test_a_page_that_is_not_theirs_says_no_more_than_one_that_does_not_exist(waiting: Story, visit: Visit) -> None:
    other = visit(waiting, "wkr2")

    other.go(f"/matters/{waiting.inbox('wkr')[0]}")

    assert other.sees("There is nothing here under this address, or nothing that you may see.")
