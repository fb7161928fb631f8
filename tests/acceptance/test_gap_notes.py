"""A cancellation shows the note that explains the gap: whose file it is for, and whether it is there."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from tests.acceptance.beginnings import CASE, meeting, owed
from tests.acceptance.browsing import browsing, words_on
from tests.fixtures.served import Sandbox, Story


def cancelled(story: Story, kind: str, cases: list[str]) -> dict[str, Any]:
    """A session is cancelled; the duty to replace it that opens."""
    session = story.open("sup", "sessions", **meeting("2025-03-04T10:00", kind=kind), cases=cases)
    story.move("sup", session, "cancel", cause="diary", reason="A hearing was moved.")
    return owed(story, session, "sup")


def said_on(page: httpx.Response) -> str:
    """What a page says, without its tags."""
    return re.sub(r"<[^>]+>", "", words_on(page))


@pytest.mark.clause("CBC-48")
def test_the_note_for_the_childs_file_is_the_supervisors_to_file_and_the_cancellation_says_where_it_is(
    sandbox: Sandbox,
) -> None:
    story = sandbox.story(cases=[CASE])
    duty = cancelled(story, "case", ["c1"])

    [child] = [child for child in duty["children"] if child["workflow"] == "filing"]
    note = story.matter("sup", child)
    assert (note["state"], note["holder"], note["parent"]) == ("to_file", "sup", duty["id"])
    assert (note["case"], "MOSAIC" in note["data"]["place"]) == ("c1", True)
    assert note["id"] in story.inbox("sup")
    with browsing(story, "sup") as browser:
        page = said_on(browser.get(f"/matters/{duty['id']}"))
        assert "For the file of the case (CBC-48); case c1: still to be filed" in page

        story.move("sup", note, "acknowledge", reference="MOS-7")

        page = said_on(browser.get(f"/matters/{duty['id']}"))
        assert "For the file of the case (CBC-48); case c1: on file as MOS-7" in page
    row = {"filing": note["id"], "supervisee": "wkr", "case": "c1", "reference": "MOS-7"}
    assert story.matter("wkr", duty)["data"]["gap_filings"] == [row]
    assert story.matter("sup", duty)["state"] == "awaiting_rebooking"


@pytest.mark.clause("NS-37")
def test_the_note_for_the_individuals_file_is_the_supervisees_to_see_to_as_well(sandbox: Sandbox) -> None:
    story = sandbox.story("north-somerset")
    duty = cancelled(story, "personal", [])
    [child] = [child for child in duty["children"] if child["workflow"] == "filing"]

    filed = story.move("wkr", story.matter("wkr", child), "acknowledge", reference="PS-7")

    assert filed["state"] == "filed"
    with browsing(story, "wkr") as browser:
        page = said_on(browser.get(f"/matters/{duty['id']}"))
    assert "For the file of the individual (NS-37)" in page
    assert "on file as PS-7" in page
