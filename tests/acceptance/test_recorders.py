"""Who writes a record over HTTP: named in the agreement in Haringey, chosen with the session in North Somerset."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.acceptance.beginnings import agreed_terms, case_of, held, meeting
from tests.fixtures.served import Sandbox, Story, london, problem


def haringey(sandbox: Sandbox, **named: str) -> Story:
    """A council whose two have signed who records."""
    story = sandbox.story("haringey", cases=[case_of("haringey")])
    agreement = story.open("sup", "agreements", supervisee="wkr", terms=agreed_terms("haringey", **named))
    story.move("sup", agreement, "sign")
    story.move("wkr", agreement, "sign")
    return story


def the_draft(story: Story, who: str, kind: str = "case") -> dict[str, Any]:
    """The one draft of a kind."""
    [found] = [record for record in story.items(who, "/matters", workflow="record") if record["kind"] == kind]
    return story.matter(who, found)


@pytest.mark.clause("HAR-49", "HAR-50")
def test_the_agreement_s_recorder_writes_and_sends_what_was_said_of_cases(either_sandbox: Sandbox) -> None:
    story = haringey(either_sandbox, case_recorder="wkr2", development_recorder="wkr")
    held(story, "2025-03-05T11:00", "combined", ("c1",))

    record = the_draft(story, "wkr2")

    assert (record["holder"], record["parties"]["supervisor"], record["data"]["recorder"]) == ("wkr2", "sup", "wkr2")
    assert {"write", "circulate"} <= {move["trigger"] for move in record["moves"]}
    assert "recorder_asked" in story.told("wkr2", record)
    problem(story.try_move("wkr", record, "write", {"sections": {"decision": "None."}}), 403, "not_your_move")
    problem(story.send("bs", "GET", f"/matters/{record['id']}"), 404, "not_found")
    story.move("wkr2", record, "write", sections={"decision": "None."})
    assert story.move("wkr2", record, "circulate")["state"] == "awaiting_signature"
    own = the_draft(story, "wkr", "personal")
    assert (own["holder"], own["waiting_for"]) == ("sup", ["wkr"])
    story.move("wkr", own, "write", sections={"any_other_business": "A course."})
    assert "circulate" not in {move["trigger"] for move in own["moves"]}
    assert problem(story.try_move("wkr", own, "circulate"), 409, "refused")["guard"] == "sends_for_another"


@pytest.mark.clause("HAR-50")
@pytest.mark.parametrize(("named", "holder"), [("wkr2", "wkr2"), ("sup", "lm")])
def test_e10_in_haringey_the_named_recorder_has_the_unsent_record_else_the_line_manager(
    sandbox: Sandbox, named: str, holder: str
) -> None:
    story = haringey(sandbox, development_recorder=named)
    held(story, "2025-03-05T11:00")

    story.list_people([{"ref": "sup", "job_role": "team_manager", "above": "lm", "end_date": "2025-03-05"}])
    story.at("2025-03-06T09:00")

    draft = the_draft(story, "lm", "personal")
    assert (draft["state"], draft["holder"], draft["parties"]["supervisor"]) == ("draft", holder, "lm")
    assert draft["id"] in story.inbox(holder)
    assert story.move(holder, draft, "circulate")["state"] == "awaiting_signature"
    assert story.move("wkr", draft, "sign")["state"] == "agreed"


@pytest.mark.clause("NS-16", "NS-78")
def test_in_north_somerset_the_two_choose_who_enters_what_is_said_of_a_case(either_sandbox: Sandbox) -> None:
    story = either_sandbox.story("north-somerset", cases=[case_of("north-somerset")])
    session = story.open("sup", "sessions", **meeting(kind="case"), cases=["c1"], case_recorder="supervisee")
    assert session["data"]["case_recorder"] == "supervisee"
    story.at("2025-03-05T11:00")
    story.move("sup", session, "hold", held_at=london("2025-03-05T11:00"), minutes=60)

    record = the_draft(story, "wkr")

    assert (record["data"]["recorder"], record["waiting_for"]) == ("wkr", ["wkr"])
    assert record["id"] in story.inbox("wkr")
    story.move("wkr", record, "write", sections={"lived_experience": "Sleeps at school."})
    [written] = [s for s in story.items("sup", f"/matters/{record['id']}/history") if s["trigger"] == "write"]
    assert (written["actor"], written["role"]) == ({"ref": "wkr"}, "recorder")
    story.move("sup", record, "circulate")
    assert story.move("wkr", record, "sign")["state"] == "agreed"


@pytest.mark.clause("NS-78")
def test_the_choice_is_one_of_the_two_and_only_where_the_policy_leaves_it_to_them(sandbox: Sandbox) -> None:
    story = sandbox.story("north-somerset", cases=[case_of("north-somerset")])
    wrong = {**meeting(kind="case"), "cases": ["c1"], "case_recorder": "bs"}
    problem(story.try_open("sup", "sessions", wrong), 422, "invalid")
    story = sandbox.story(cases=[case_of("central-bedfordshire")])
    asked = {**meeting(kind="case"), "cases": ["c1"], "case_recorder": "supervisee"}
    assert problem(story.try_open("sup", "sessions", asked), 409, "refused")["guard"] == "chosen_in_booking"


def page(story: Story, who: str, path: str) -> str:
    """A page as somebody's browser shows it."""
    with httpx.Client(base_url=story.client.base_url.copy_with(path="/"), follow_redirects=True) as browser:
        browser.post("/sign-in", data={"organisation": story.organisation, "person": who})
        return browser.get(path).text


@pytest.mark.clause("NS-78")
def test_the_page_asks_who_writes_only_where_that_is_for_the_two_to_say(sandbox: Sandbox) -> None:
    for policy, asks in (("north-somerset", True), ("central-bedfordshire", False)):
        story = sandbox.story(policy, cases=[case_of(policy)])
        session = story.open("sup", "sessions", **meeting(kind="case"), cases=["c1"])
        story.at("2025-03-05T11:00")
        form = page(story, "sup", f"/matters/{session['id']}/moves/hold")
        assert ('name="case_recorder"' in form, 'name="held_at' in form) == (asks, True)


@pytest.mark.clause("HAR-50")
def test_the_page_offers_whoever_records_every_section(sandbox: Sandbox) -> None:
    story = haringey(sandbox, case_recorder="wkr")
    held(story, "2025-03-05T11:00", "case", ("c1",))
    form = page(story, "wkr", f"/matters/{the_draft(story, 'wkr')['id']}/moves/write")
    assert 'name="sections.decision"' in form
