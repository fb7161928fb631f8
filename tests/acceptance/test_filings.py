"""Filing over HTTP: whoever has a final record to file says where it is, and one that nobody files climbs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.beginnings import CASE, sent
from tests.fixtures.served import Sandbox, Story, deadline, london, problem


def signed(story: Story) -> dict[str, Any]:
    """A personal record that both have signed."""
    return story.move("wkr", sent(story, personal_discussion="A quiet week."), "sign")


def filing_of(story: Story, record: dict[str, Any], who: str = "sup") -> dict[str, Any]:
    [child] = [child for child in story.matter(who, record)["children"] if child["workflow"] == "filing"]
    return story.matter(who, child)


@pytest.mark.clause("CBC-62")
def test_a_signed_record_is_the_supervisors_to_file_and_shows_where_it_is(either_story: Story) -> None:
    record = signed(either_story)
    filing = filing_of(either_story, record)

    assert (filing["state"], filing["holder"], filing["parent"]) == ("to_file", "sup", record["id"])
    assert "BOX" in filing["data"]["place"]
    assert deadline(filing, "file_by")["due"] == london("2025-03-10T23:59:59")
    assert filing["id"] in either_story.inbox("sup")
    assert {"trigger": "acknowledge", "label": "Say that it is filed, with the reference", "needs": ["reference"]} in (
        filing["moves"]
    )

    filed = either_story.move("sup", filing, "acknowledge", reference="BOX-118")

    assert (filed["state"], filed["holder"], filed["moves"]) == ("filed", None, [])
    assert filed["id"] not in either_story.inbox("sup")
    found = either_story.matter("wkr", record)
    assert found["children"] == [{"id": filing["id"], "workflow": "filing", "state": "filed"}]
    assert found["data"]["filed"] == {
        "filing": filing["id"], "revision": 1, "place": filing["data"]["place"], "system": "box",
        "reference": "BOX-118", "at": found["data"]["filed"]["at"], "by": "sup",
    }  # fmt: skip


@pytest.mark.clause("CBC-39", "CBC-61")
def test_whoever_wrote_a_case_record_up_files_it_on_the_childs_file(sandbox: Sandbox) -> None:
    story = sandbox.story(cases=[CASE])
    record = story.open("sup", "records", supervisee="wkr", kind="case", case="c1")
    story.move("sup", record, "delegate", person="bs")
    story.move("bs", record, "circulate")
    story.move("wkr", record, "sign")
    filing = filing_of(story, record, "bs")

    assert filing["waiting_for"] == ["bs"]
    assert filing["id"] in story.inbox("bs")
    assert "MOSAIC" in filing["data"]["place"]
    assert story.move("bs", filing, "acknowledge", reference="M-1")["state"] == "filed"


def test_a_record_that_nobody_files_climbs(story: Story) -> None:
    filing = filing_of(story, signed(story))

    story.at("2025-03-11T09:00")
    assert story.matter("sup", filing)["state"] == "overdue"
    assert story.told("sup", filing) == ["not_filed"]
    story.at("2025-03-26T09:00")
    assert (story.matter("lm", filing)["state"], story.matter("lm", filing)["holder"]) == ("with_line_manager", "lm")
    assert filing["id"] in story.inbox("lm")

    assert story.move("lm", filing, "acknowledge", reference="BOX-7")["state"] == "filed"


@pytest.mark.parametrize(
    "data", [{}, {"reference": ""}, {"reference": "with the team"}, {"reference": "A-1", "by": "me"}]
)
def test_a_reference_that_cannot_be_kept_is_named(story: Story, data: dict[str, Any]) -> None:
    filing = filing_of(story, signed(story))

    found = problem(story.try_move("sup", filing, "acknowledge", data), 422, "invalid")

    assert found["errors"][0]["pointer"] in ("/data/reference", "/data/by")


def test_others_neither_see_nor_file_it_and_an_administrator_sees_the_shell(story: Story) -> None:
    filing = filing_of(story, signed(story))

    problem(story.try_move("wkr2", filing, "acknowledge", {"reference": "A-1"}), 404, "not_found")
    problem(story.try_move("lm", filing, "acknowledge", {"reference": "A-1"}), 403, "not_your_move")
    problem(story.try_move("sup", filing, "sent", {}), 422, "invalid")
    assert story.matter("admin", filing)["data"] == {}


def test_nobody_opens_a_filing(story: Story) -> None:
    assert story.try_open("sup", "filings", {"supervisee": "wkr"}).status_code == 404
