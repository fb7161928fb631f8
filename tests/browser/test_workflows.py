"""An administrator sees what can happen and where everything stands; anybody sees the way of a matter of theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.acceptance.beginnings import sent

if TYPE_CHECKING:
    from tests.browser.visitors import Visitor
    from tests.fixtures.served import Story

Visit = Callable[["Story", str], "Visitor"]


def test_an_administrator_comes_to_where_records_stand_in_five_clicks_from_the_start(
    story: Story, visit: Visit
) -> None:
    sent(story)
    administrator = visit(story, "admin")

    administrator.follow("Workflows")
    administrator.follow("Supervision record")
    assert administrator.sees("The same as a table")
    administrator.click(administrator.page.locator("svg a").filter(has_text="Awaiting signature").first)

    assert administrator.page.url.endswith("/matters?workflow=record&state=awaiting_signature&open=yes")
    assert administrator.sees("Record of personal supervision")
    assert len(administrator.clicks) <= 5


def test_two_policies_are_drawn_on_one_picture(story: Story, visit: Visit) -> None:
    administrator = visit(story, "admin")
    administrator.go("/workflows/record")

    administrator.page.get_by_label("Compare with").select_option(label="Leeds, version 1")
    administrator.press("Draw it")

    assert administrator.page.locator("svg").get_by_text("compared with", exact=False).count()


def test_a_drawing_is_taken_away_as_a_file(story: Story, visit: Visit) -> None:
    administrator = visit(story, "admin")
    administrator.go("/workflows/dispute")

    with administrator.page.expect_download() as download:
        administrator.page.get_by_role("link", name="SVG").click()

    assert download.value.suggested_filename == "dispute-central-bedfordshire.svg"


def test_whoever_sees_a_matter_sees_its_way(story: Story, visit: Visit) -> None:
    record = sent(story)
    worker = visit(story, "wkr")

    worker.go(f"/matters/{record['id']}")
    worker.follow("See its way as a picture")

    assert worker.sees("Its way: Record of personal supervision")
