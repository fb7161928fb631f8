"""The forms over HTTP: which one a record has, who fills in what, and how it looks to whoever reads the record."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.beginnings import CASE, drafted, sent
from tests.acceptance.test_relationships import TERMS
from tests.fixtures.served import Sandbox, Story, ok, problem


def section(form: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = [one for one in form["sections"] if one["name"] == name]
    return dict(found)


@pytest.mark.clause("CBC-55")
def test_a_form_is_asked_for_by_kind_and_supervisee(story: Story) -> None:
    [practitioner] = story.items("wkr", "/forms", kind="personal", supervisee="wkr")
    [manager] = story.items("wkr", "/forms", kind="personal", supervisee="sup")

    assert (practitioner["id"], manager["id"]) == ("personal_practitioners", "personal_managers")
    assert (practitioner["kind"], practitioner["version"], practitioner["clause"]) == (
        "personal",
        "1",
        "CBC-55, CBC-92",
    )
    assert section(practitioner, "personal_discussion") == {
        "name": "personal_discussion", "title": "Personal discussion", "required": True, "wellbeing": True,
        "by": ["supervisor"], "clause": "CBC-92",
    }  # fmt: skip


def test_without_a_supervisee_all_forms_are_listed(story: Story) -> None:
    found = story.items("wkr", "/forms")

    assert {form["kind"] for form in found} == {"personal", "case", "decision", "group", "agreement", "preparation"}
    assert [form["id"] for form in found if form["kind"] == "personal"] == [
        "personal_practitioners",
        "personal_managers",
    ]


@pytest.mark.clause("NS-74", "LDS-48", "HAR-49", "CBC-72")
@pytest.mark.parametrize(
    ("policy", "names"),
    [
        ("north-somerset", {"frequency", "location", "duration"}),
        ("leeds", {"entitlement", "dispute_person"}),
        ("darlington", {"frequency", "location", "duration"}),
        ("haringey", {"third_party", "cancelling", "case_recorder", "development_recorder"}),
        ("central-bedfordshire", {"supervisee_has_read_policy", "supervisor_has_read_policy", "handwriting"}),
    ],
)
def test_what_two_people_agree_on_is_shown_as_a_form_that_both_fill_in(
    sandbox: Sandbox, policy: str, names: set[str]
) -> None:
    story = sandbox.story(policy)

    [form] = story.items("wkr", "/forms", kind="agreement")

    assert names <= {one["name"] for one in form["sections"]}
    assert all(one["by"] == ["supervisee", "supervisor"] for one in form["sections"])


@pytest.mark.clause("CBC-85")
def test_whoever_prepares_has_a_form_for_it(story: Story) -> None:
    [form] = story.items("wkr", "/forms", kind="preparation", supervisee="wkr")

    assert [one["name"] for one in form["sections"]] == ["worries", "working_well", "decided", "help_wanted"]
    assert all(one["by"] == ["supervisee"] for one in form["sections"])


def test_a_form_is_asked_for_somebody_who_is_there_and_by_a_kind_that_there_is(story: Story) -> None:
    problem(story.send("wkr", "GET", "/forms", params={"supervisee": "nobody"}), 404, "not_found")
    assert story.send("wkr", "GET", "/forms", params={"kind": "poem"}).status_code == 422
    assert story.client.get("/forms").status_code == 401


def test_a_record_shows_its_form_beside_its_moves(either_story: Story) -> None:
    record = drafted(either_story, personal_discussion="A quiet week.")
    [form] = either_story.items("sup", "/forms", kind="personal", supervisee="wkr")

    assert {"kind": "personal", **record["form"]} == form
    assert record["data"]["form"] == {"id": form["id"], "version": form["version"]}
    assert either_story.matter("wkr", record)["form"] == record["form"]


def test_an_administrator_sees_no_form_and_other_matters_have_none(story: Story) -> None:
    assert "form" not in story.matter("admin", sent(story))
    assert "form" not in story.one("wkr", workflow="entitlement")


@pytest.mark.clause("LDS-50")
def test_the_worker_finds_their_part_in_their_inbox_and_fills_it_in(either_sandbox: Sandbox) -> None:
    story = either_sandbox.story("leeds", cases=[{**CASE, "category": "child"}])
    record = story.open("sup", "records", supervisee="wkr", kind="case", case="c1")

    assert record["id"] in story.inbox("wkr")
    assert section(record["form"], "risks_issues")["by"] == ["supervisee"]
    part = dict.fromkeys(("current_status", "summary_of_events", "actions_taken", "risks_issues"), "As on the file.")
    written = story.move("wkr", record, "write", sections=part)
    assert written["data"]["sections"] == part
    assert record["id"] not in story.inbox("wkr")
    refused = problem(story.try_move("sup", record, "write", {"sections": {"risks_issues": "None."}}), 409, "refused")
    assert "for the supervisee to fill in (LDS-50, LDS-51)" in refused["detail"]
    problem(story.try_move("wkr", record, "circulate"), 403, "not_your_move")


def test_where_the_form_has_no_part_for_them_writing_is_not_the_workers_move(story: Story) -> None:
    record = drafted(story)

    problem(story.try_move("wkr", record, "write", {"sections": {"equality": "None."}}), 403, "not_your_move")


@pytest.mark.clause("CBC-56")
def test_a_handwritten_record_is_refused_without_an_agreement(story: Story) -> None:
    record = drafted(story)

    refused = problem(
        story.try_move("sup", record, "circulate", {"handwritten": {"scan": "scan-7.pdf"}}), 409, "refused"
    )

    assert "(CBC-56)" in refused["detail"]
    assert ok(story.try_move("sup", record, "circulate"))["state"] == "awaiting_signature"


@pytest.mark.clause("CBC-56")
def test_a_handwritten_record_is_sent_with_its_scan_where_the_agreement_in_force_allows_it(
    either_story: Story,
) -> None:
    agreement = either_story.open("sup", "agreements", supervisee="wkr", terms={**TERMS, "handwriting": True})
    for who in ("sup", "wkr"):
        either_story.move(who, agreement, "sign")

    record = either_story.move("sup", drafted(either_story), "circulate", handwritten={"scan": "scan-7.pdf"})

    assert (record["state"], record["data"]["handwritten"], record["data"]["scan"]) == (
        "awaiting_signature", True, "scan-7.pdf",
    )  # fmt: skip
    assert "scan-7.pdf" not in str([s["data"] for s in either_story.items("admin", f"/matters/{record['id']}/history")])


@pytest.mark.clause("DAR-33")
def test_a_case_is_not_discussed_again_later_than_its_rating_allows(either_sandbox: Sandbox) -> None:
    case = {"ref": "c1", "worker_ref": "wkr", "category": "assessment", "allocated_on": "2025-01-06"}
    story = either_sandbox.story("darlington", cases=[case])
    record = story.open("sup", "records", supervisee="wkr", kind="case", case="c1")

    late = story.try_move("sup", record, "write", {"sections": {"next_discussion_date": "2025-04-04"}})

    assert problem(late, 409, "refused")["guard"] == "is_within_its_interval"
    assert story.move("sup", record, "circulate", sections={"next_discussion_date": "2025-04-03"})


@pytest.mark.clause("HAR-51")
def test_an_action_says_which_section_it_comes_from(sandbox: Sandbox) -> None:
    story = sandbox.story("haringey")
    record = drafted(story)
    action = {"what": "Book leave.", "why": "Rest.", "owner": "wkr", "due": "2025-03-31", "record": record["id"]}
    refused = story.try_open("sup", "actions", {**action, "section": "weather"})
    assert problem(refused, 409, "refused")["guard"] == "section_is_there"
    assert story.open("sup", "actions", **action, section="health_and_wellbeing")["data"]["section"]
