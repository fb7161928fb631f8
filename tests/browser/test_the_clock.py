"""Whoever tries the service sends its clock on, and sees what became due."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.acceptance.beginnings import sent

if TYPE_CHECKING:
    from tests.browser.visitors import Visitor
    from tests.fixtures.served import Story


def test_the_clock_goes_on_to_what_comes_next(story: Story, visit: Callable[[Story, str], Visitor]) -> None:
    sent(story)
    worker = visit(story, "wkr")

    worker.press("Forward to what comes next")

    assert worker.sees("The clock went forward.")
    assert not worker.sees("It is Monday 3 March 2025 at 9am")


def test_an_instant_in_the_past_is_refused_in_words(story: Story, visit: Callable[[Story, str], Visitor]) -> None:
    worker = visit(story, "wkr")
    worker.follow("The clock")

    for part, text in (("Day", "1"), ("Month", "3"), ("Year", "2025"), ("Time", "9am")):
        worker.fill(part, text)
    worker.press("Send the clock forward")

    assert worker.sees("The clock is there already or past it: enter a later time")


def test_somebody_else_is_a_press_away(story: Story, visit: Callable[[Story, str], Visitor]) -> None:
    worker = visit(story, "wkr")

    worker.follow("Be another person")
    worker.press("Person sup")

    assert worker.sees("Person sup")
