"""Whoever looks into a matter that is not their own is seen by those whose it is, and never unseen."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.acceptance.beginnings import CASE, away, booked, drafted, raised, sent
from tests.fixtures.served import Sandbox, Story, ok, problem


def ask(story: Story, who: str, path: str, **params: Any) -> httpx.Response:
    return story.send(who, "GET", path, params=params)


def seen(story: Story, record: dict[str, Any], who: str = "wkr") -> list[tuple[str, str, str, str | None]]:
    """Who looked at what of a record, how they stand to it and what for, oldest first."""
    found = story.items(who, f"/matters/{record['id']}/views")
    return [(row["viewer"], row["what"], row["standing"], row["purpose"]) for row in reversed(found)]


@pytest.mark.clause("CBC-63", "CBC-64", "NS-48")
def test_the_two_parties_see_who_has_looked_when_and_what_for(either_story: Story) -> None:
    story = either_story
    record = sent(story, personal_discussion="Tired.")
    story.get("lm", f"/matters/{record['id']}")
    story.at("2025-03-04T09:00")
    story.get("hr1", f"/matters/{record['id']}/history", purpose="disciplinary")
    story.get("aud", f"/matters/{record['id']}", purpose="quality")

    found = story.items("sup", f"/matters/{record['id']}/views")

    assert {(row["viewer"], row["what"], row["standing"], row["purpose"]) for row in found} == {
        ("hr1", "history", "hr", "disciplinary"),
        ("aud", "matter", "auditor", "quality"),
        ("lm", "matter", "line_above", None),
    }
    assert found[-1] | {"at": ""} == {
        "matter": record["id"], "workflow": "record", "kind": "personal", "viewer": "lm", "at": "", "what": "matter",
        "standing": "line_above", "purpose": None, "disclosure": None,
    }  # fmt: skip
    assert found[-1]["at"].startswith("2025-03-03T09:00")
    assert story.items("wkr", f"/matters/{record['id']}/views") == found == story.items("wkr", "/me/views")
    assert story.items("sup", "/me/views") == []


@pytest.mark.clause("DAR-24")
def test_what_the_two_read_of_their_own_is_no_view(story: Story) -> None:
    record = sent(story)
    for who in ("wkr", "sup"):
        story.get(who, f"/matters/{record['id']}")
        story.get(who, f"/matters/{record['id']}/history")
    assert seen(story, record) == []


def test_a_shell_without_content_and_lists_are_no_views(story: Story) -> None:
    record = sent(story)
    story.get("admin", f"/matters/{record['id']}")
    story.get("admin", f"/matters/{record['id']}/history")
    story.items("lm", "/matters", workflow="record")
    assert seen(story, record) == []


@pytest.mark.parametrize("what", ["session", "dispute", "absence", "concern", "action"])
def test_what_a_manager_reads_of_any_matter_is_seen_by_whom_it_is_about(story: Story, what: str) -> None:
    matter = {
        "session": lambda: booked(story, place="The small room"),
        "dispute": lambda: raised(story, "A quiet word."),
        "absence": lambda: away(story, "wkr"),
        "concern": lambda: story.open("wkr", "concerns", about="quality", statement="A quiet word."),
        "action": lambda: story.open("sup", "actions", what="Write.", why="Late.", owner="wkr", due="2025-04-01"),
    }[what]()
    for own in ("wkr", "sup") if what != "absence" else ("wkr",):
        story.get(own, f"/matters/{matter['id']}")

    story.get("lm", f"/matters/{matter['id']}/history")

    assert [(who, what) for who, what, _, _ in seen(story, matter)] == [("lm", "history")]
    assert [(row["matter"], row["workflow"]) for row in story.items("wkr", "/me/views")] == [(matter["id"], what)]


def test_a_list_shows_nobody_what_others_wrote_for_it_would_leave_no_trace(story: Story) -> None:
    story.open("sup", "actions", what="A quiet word.", why="It is late.", owner="wkr", due="2025-04-01")

    assert "A quiet word." in str(story.items("wkr", "/matters", workflow="action"))
    assert "A quiet word." not in str(story.items("lm", "/matters", workflow="action"))


def test_whom_a_referral_is_about_does_not_learn_of_it_from_who_looked(story: Story) -> None:
    referral = story.open("sup", "referrals", supervisee="wkr", about="visits", facts="Four are missing.")
    story.get("hr1", f"/matters/{referral['id']}")
    assert story.items("wkr", "/me/views") == []

    story.move("sup", referral, "discuss", discussed_on="2025-03-03")

    assert [row["viewer"] for row in story.items("wkr", "/me/views")] == ["hr1"]


def test_an_answer_that_is_sent_again_is_looked_at_again(either_story: Story) -> None:
    story, key = either_story, {"Idempotency-Key": "once"}
    story.list_cases([CASE])
    record = story.open("sup", "records", supervisee="wkr", kind="case", case="c1")
    story.move("sup", record, "delegate", person="bs")
    written = {"sections": {"case_discussion": "A quiet word."}}

    for _ in range(2):
        answer = ok(story.try_move("bs", record, "write", written, key))
        assert "A quiet word." in str(answer["data"])

    assert seen(story, record) == [("bs", "move", "named", None)] * 2


def test_whoever_wrote_a_record_for_the_supervisor_looks_by_name(story: Story) -> None:
    story.list_cases([{"ref": "c1", "worker_ref": "wkr", "category": "family-support", "allocated_on": "2025-01-06"}])
    record = story.open("sup", "records", supervisee="wkr", kind="case", case="c1")
    story.move("sup", record, "delegate", person="bs")
    story.get("bs", f"/matters/{record['id']}")
    assert seen(story, record) == [("bs", "matter", "named", None)]


def test_who_may_not_read_a_record_does_not_learn_who_looked(story: Story) -> None:
    record = sent(story)
    for who in ("wkr2", "sup2", "admin"):
        problem(ask(story, who, f"/matters/{record['id']}/views"), 404, "not_found")
    problem(ask(story, "wkr", "/matters/nonsense/views"), 404, "not_found")


@pytest.mark.clause("CBC-64")
def test_a_purpose_is_one_that_the_policy_names(story: Story) -> None:
    record = sent(story)
    answer = problem(ask(story, "lm", f"/matters/{record['id']}", purpose="curiosity"), 422, "invalid")
    assert "quality, disciplinary, inspection" in answer["errors"][0]["message"]
    problem(ask(story, "wkr2", f"/matters/{record['id']}", purpose="curiosity"), 404, "not_found")
    assert seen(story, record) == []


@pytest.mark.clause("DAR-25", "HAR-37", "LDS-25")
@pytest.mark.parametrize(
    ("policy", "purpose"), [("darlington", "audit"), ("haringey", "audit"), ("leeds", "inspection")]
)
def test_auditors_leave_a_trace_everywhere(sandbox: Sandbox, policy: str, purpose: str) -> None:
    story = sandbox.story(policy)
    record = drafted(story)
    story.get("aud", f"/matters/{record['id']}", purpose=purpose)
    assert seen(story, record) == [("aud", "matter", "auditor", purpose)]


def test_views_come_in_pages(story: Story) -> None:
    record = sent(story)
    for _ in range(5):
        story.get("lm", f"/matters/{record['id']}")
    page = ok(ask(story, "wkr", "/me/views", limit=2))
    assert (len(page["items"]), page["next_cursor"] is None) == (2, False)
    assert len(story.items("wkr", "/me/views", limit=2)) == 5
