"""An administrator sees what can happen and where everything stands; anybody sees the way of a matter of theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.beginnings import raised, sent
from tests.browser.ways import WITH_SCRIPTS

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
    raised(story)
    administrator = visit(story, "admin")
    administrator.go("/workflows/dispute")

    with administrator.page.expect_download() as download:
        administrator.page.get_by_role("link", name="SVG").click()

    assert download.value.suggested_filename == "dispute-central-bedfordshire.svg"
    assert "fewer than 5 here now" in download.value.path().read_text(encoding="utf-8")


def test_the_days_before_are_each_a_link_away(story: Story, visit: Visit) -> None:
    sent(story)
    story.at("2025-03-05T09:00")
    administrator = visit(story, "admin")
    administrator.go("/workflows/record")

    administrator.follow("The day before")
    assert administrator.page.url.endswith("&as_at=2025-03-04")
    assert administrator.page.locator("svg").get_by_text("1 here then").count()
    administrator.follow("The day before")
    administrator.follow("The day before")
    assert administrator.sees("Central Bedfordshire, version 1: 0 open; as at 2 Mar 2025")
    administrator.follow("the day after")
    assert administrator.sees("as at 3 Mar 2025")


@pytest.mark.parametrize("way", [WITH_SCRIPTS], indirect=True, ids=str)
def test_a_slider_goes_back_over_the_days_by_keyboard(story: Story, visit: Visit) -> None:
    sent(story)
    story.at("2025-03-05T09:00")
    administrator = visit(story, "admin")
    administrator.go("/workflows/record")
    slider = administrator.page.get_by_label("Go back over the last 90 days")

    slider.press("ArrowLeft")

    administrator.page.locator("svg").get_by_text("1 here then").first.wait_for()
    assert slider.get_attribute("aria-valuetext") == "Tuesday 4 March 2025"
    assert administrator.page.locator("#as_at").input_value() == "2025-03-04"
    assert administrator.page.url.endswith("&as_at=2025-03-04")
    administrator.look()


def test_filters_stay_with_the_matters_that_a_state_counts(story: Story, visit: Visit) -> None:
    story.list_people([{"ref": "wkr", "job_role": "social_worker", "above": "sup", "team": "north"}])
    sent(story)
    administrator = visit(story, "admin")
    administrator.go("/workflows/record")

    administrator.select("Team", "north")
    administrator.page.get_by_label("Begun until", exact=True).fill("2025-03-03")
    administrator.press("Draw it")
    administrator.page.locator("#drawn table").get_by_role("link", name="Awaiting signature").click()
    administrator.look()

    assert "team=north&opened_to=2025-03-03" in administrator.page.url
    assert administrator.sees("Record of personal supervision")
    administrator.go("/matters?workflow=record&team=south&policy_version=1")
    assert administrator.sees("There is nothing like that")


def test_the_numbers_of_a_picture_stand_in_a_table_as_well(story: Story, visit: Visit) -> None:
    sent(story)
    administrator = visit(story, "admin")

    administrator.go("/workflows/record")

    row = administrator.page.locator("#drawn table").first.get_by_role("row", name="Awaiting signature")
    assert "1 here now; 0 overdue; oldest 3 Mar 2025, next due 10 Mar 2025" in row.inner_text()


def test_the_way_of_a_matter_and_who_is_asked_stand_in_words_as_well(story: Story, visit: Visit) -> None:
    dispute = story.move("wkr", raised(story), "escalate")
    worker = visit(story, "wkr")

    worker.go(f"/matters/{dispute['id']}/picture")

    rows = worker.page.locator("table").first.inner_text()
    assert "Was here; 3 Mar 2025 to 3 Mar 2025" in rows
    assert "Here since 3 Mar 2025; turn of Person lm" in rows
    assert worker.sees("Person lm: has it now, since 3 Mar 2025")
    assert worker.page.get_by_role("table", name="What may come next").get_by_text("whoever has it").count()


def test_a_picture_scrolls_by_itself_on_a_telephone_and_is_alone_on_paper(story: Story, visit: Visit) -> None:
    administrator = visit(story, "admin")
    administrator.go("/workflows/record")

    assert administrator.is_as_wide_as(320)
    administrator.page.emulate_media(media="print")
    assert not administrator.page.get_by_role("button", name="Draw it").is_visible()
    assert administrator.page.locator(".app-picture svg").is_visible()


def test_whoever_sees_a_matter_sees_its_way(story: Story, visit: Visit) -> None:
    record = sent(story)
    worker = visit(story, "wkr")

    worker.go(f"/matters/{record['id']}")
    worker.follow("See its way as a picture")

    assert worker.sees("Its way: Record of personal supervision")
