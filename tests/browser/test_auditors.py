"""An auditor takes what was drawn, reports on the council's own form, and takes an inspection pack away."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.acceptance.beginnings import CASE

if TYPE_CHECKING:
    from tests.browser.visitors import Visitor
    from tests.fixtures.served import Sandbox, Story

Visit = Callable[["Story", str], "Visitor"]


def test_an_audit_is_taken_and_reported_question_by_question(sandbox: Sandbox, visit: Visit) -> None:
    story = sandbox.story(cases=[CASE])
    audit = story.open("aud", "audits", kind="case_sample", case="c1")
    auditor = visit(story, "aud")

    auditor.follow("Audit")
    if auditor.sees("Take the audit"):
        auditor.follow("Take the audit")
        auditor.press("Take the audit")
    auditor.follow("Report what was found")
    auditor.page.get_by_role("textbox").first.fill("The plan is followed.")
    auditor.fill("What is to be learned", "Say who decides.")
    auditor.press("Report what was found")

    assert auditor.sees("The plan is followed.")
    assert story.matter("aud", audit)["state"] == "learning_due"


def test_an_inspection_pack_is_taken_away(story: Story, visit: Visit) -> None:
    story.at("2025-03-05T09:00")
    auditor = visit(story, "aud")
    auditor.follow("Inspection")

    with auditor.page.expect_download() as download:
        auditor.page.get_by_role("button", name="Take the pack away").click()

    assert download.value.suggested_filename == "supervision-2025-03-04.zip"


def test_an_inspection_pack_is_taken_away_with_the_keyboard_alone(story: Story, visit: Visit) -> None:
    story.at("2025-03-05T09:00")
    auditor = visit(story, "aud")
    auditor.press_by_key("Inspection")

    auditor.tab_to("Take the pack away")
    with auditor.page.expect_download() as download:
        auditor.page.keyboard.press("Enter")

    assert download.value.suggested_filename == "supervision-2025-03-04.zip"


def test_a_day_that_is_not_over_is_refused_beside_the_field(story: Story, visit: Visit) -> None:
    auditor = visit(story, "aud")
    auditor.follow("Inspection")
    auditor.fill("Day", "3")
    auditor.press("Take the pack away")

    assert auditor.sees("Name a day that is over")
