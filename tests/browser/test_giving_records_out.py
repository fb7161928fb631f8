"""HR takes in a request for records, looks them through, withholds what may not go out, and gives the rest out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.acceptance.beginnings import CASE

if TYPE_CHECKING:
    from tests.browser.visitors import Visitor
    from tests.fixtures.served import Sandbox, Story

Visit = Callable[["Story", str], "Visitor"]
CHILD, WORKER = "The child said that she was afraid.", "Ann Example was tired that day."


@pytest.fixture
def recorded(sandbox: Sandbox) -> Story:
    """A record of a case that was sent to be signed."""
    story = sandbox.story(cases=[CASE])
    said = {"case_discussion": f"{CHILD} {WORKER}", "plan_and_impact": "Visits go on."}
    record = story.open("sup", "records", supervisee="wkr", kind="case", case="c1", sections=said)
    story.move("sup", record, "circulate")
    return story


def taken_in(adviser: Visitor) -> None:
    """Take in a request about the case from the start page."""
    adviser.follow("HR desk")
    adviser.follow("Requests for records")
    adviser.follow("Take in a request for records")
    adviser.choose("Access to files")
    adviser.fill("Who asks", "The mother, by letter")
    adviser.fill("The case whose records", "c1")
    adviser.press("Take in the request")


@pytest.mark.clause("CBC-66", "CBC-67", "CBC-91")
def test_records_are_given_out_without_what_is_withheld(recorded: Story, visit: Visit) -> None:
    adviser = visit(recorded, "hr1")
    taken_in(adviser)
    assert adviser.sees("Taken in on Monday 3 March 2025")
    adviser.follow("Look the records through")
    adviser.press("Look the records through")

    adviser.follow("3 Mar 2025")
    adviser.follow("Withhold something : Case discussion")
    adviser.press("Withhold it")
    assert adviser.sees("Choose why it is withheld")
    adviser.choose("It is about the social worker or the administration of their role")
    adviser.choose(WORKER)
    adviser.press("Withhold it")
    assert adviser.sees(CHILD)
    assert not adviser.sees(WORKER)

    adviser.follow("Back to the request")
    adviser.follow("Give the records out")
    adviser.choose("They were looked through as well")
    adviser.press("Continue")
    adviser.press("Give the records out")
    adviser.follow("The copy that was given out")

    assert adviser.sees("withheld: it is about the social worker")
    assert not adviser.sees(WORKER)


def test_what_was_withheld_is_shown_again(recorded: Story, visit: Visit) -> None:
    adviser = visit(recorded, "hr1")
    taken_in(adviser)
    adviser.follow("Look the records through")
    adviser.press("Look the records through")
    adviser.follow("3 Mar 2025")
    adviser.follow("Withhold something : The plan and its impact")
    adviser.choose("It could hinder preventing or detecting crime")
    adviser.choose("The whole section")
    adviser.press("Withhold it")
    assert not adviser.sees("Visits go on.")

    adviser.press("Show it whole again : The plan and its impact")

    assert adviser.sees("Visits go on.")


def test_whoever_is_concerned_sees_how_far_it_is_and_what_was_given(recorded: Story, visit: Visit) -> None:
    request = recorded.open("hr1", "disclosures", about="case", case="c1", kind="access_to_files", requester="Mother")
    recorded.move("hr1", request, "review")
    recorded.move("hr1", request, "disclose", paper_notes="none")
    worker = visit(recorded, "wkr")

    worker.follow("Notices")
    worker.follow("Supervision records of yours were given out")
    assert worker.sees("Your records among those that are asked for")
    worker.follow("The copy that was given out")

    assert worker.sees(CHILD)


def test_a_request_is_taken_in_with_the_keyboard_alone(recorded: Story, visit: Visit) -> None:
    adviser = visit(recorded, "hr1")
    adviser.go("/start/disclosures")

    adviser.tab_to("Access to files")
    adviser.page.keyboard.press("Space")
    adviser.tab_to("Who asks")
    adviser.page.keyboard.type("The mother")
    adviser.tab_to("The case whose records")
    adviser.page.keyboard.type("c1")
    adviser.press_by_key("Take in the request")

    assert adviser.sees("Request for records: case c1")


def test_pages_of_requests_fit_a_narrow_phone(recorded: Story, visit: Visit) -> None:
    request = recorded.open("hr1", "disclosures", about="case", case="c1", kind="access_to_files", requester="Mother")
    record = recorded.move("hr1", request, "review")["data"]["records"][0]["id"]
    adviser = visit(recorded, "hr1")
    own = f"/matters/{request['id']}"

    for path in (
        "/disclosures", "/start/disclosures", own, f"{own}/copy", f"{own}/records/{record}",
        f"{own}/records/{record}/case_discussion", f"{own}/moves/disclose",
    ):  # fmt: skip
        adviser.go(path)
        assert adviser.is_as_wide_as(320)
