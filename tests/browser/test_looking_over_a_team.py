"""A manager looks over what is late, has risen or is coming; what was chosen stays in the address."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.beginnings import drafted

if TYPE_CHECKING:
    from tests.browser.visitors import Visitor
    from tests.fixtures.served import Story

Visit = Callable[["Story", str], "Visitor"]


@pytest.fixture
def late(story: Story) -> Story:
    """A record has not been sent in time."""
    drafted(story)
    story.at("2025-03-12T09:00")
    return story


def test_a_manager_narrows_the_overview_down_and_sorts_it(late: Story, visit: Visit) -> None:
    manager = visit(late, "lm")
    manager.follow("Overview")
    assert manager.sees("Record of personal supervision")

    manager.page.get_by_label("Kind").select_option("record")
    manager.page.get_by_label("Show").select_option("overdue")
    manager.press("Show")
    manager.follow("Who")

    assert "workflow=record" in manager.page.url
    assert "show=overdue" in manager.page.url
    assert "sort=who" in manager.page.url
    assert manager.page.locator("tbody tr", has_text="Record of personal supervision").count() == 1
    assert manager.page.locator("th[aria-sort='ascending']").inner_text().startswith("Who")


def test_the_overview_fits_a_narrow_phone(late: Story, visit: Visit) -> None:
    manager = visit(late, "lm")

    for path in ("/overview", "/overview?show=open", "/disputes"):
        manager.go(path)
        assert manager.is_as_wide_as(320)
