"""Somebody looks for a person, a case or a matter, and narrows what they see; names are in no address."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.acceptance.beginnings import booked, drafted

if TYPE_CHECKING:
    from tests.browser.visitors import Visitor
    from tests.fixtures.served import Story

Visit = Callable[["Story", str], "Visitor"]


def test_a_person_is_found_by_the_beginning_of_their_name(story: Story, visit: Visit) -> None:
    supervisor = visit(story, "sup")
    supervisor.follow("Find")
    supervisor.fill("Name or reference", "person wk")

    supervisor.press("Find")
    supervisor.follow("Person wkr2")

    assert supervisor.page.url.endswith("/people/wkr2")
    supervisor.page.go_back()
    assert supervisor.sees("Person wkr2")
    assert "person%20" not in supervisor.page.url.lower()


def test_filters_stay_in_the_address_and_each_can_be_taken_away(story: Story, visit: Visit) -> None:
    booked(story)
    drafted(story)
    supervisor = visit(story, "sup")
    supervisor.go("/matters")
    supervisor.page.get_by_label("Kind").select_option(label="Supervision record")
    supervisor.fill("Whose", "wkr")

    supervisor.press("Apply filters")
    assert "workflow=record" in supervisor.page.url
    assert not supervisor.sees("Personal supervision session")
    supervisor.follow("Take away the filter Supervision record")

    assert supervisor.sees("Personal supervision session")
    assert "party=wkr" in supervisor.page.url


def test_what_somebody_was_told_is_there_with_the_way_to_it(story: Story, visit: Visit) -> None:
    booked(story)
    worker = visit(story, "wkr")
    worker.follow("Notices")

    worker.follow("A supervision session is booked")

    assert worker.sees("The session is booked.")
