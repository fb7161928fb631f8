"""The exception list over HTTP: cases and workers whose interval no clause gives, or which somebody has approved."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.beginnings import CASE, case_of
from tests.fixtures.served import Sandbox, problem


def because(item: dict[str, Any]) -> tuple[str | None, str, str]:
    """Which case or worker it is about, and why it is listed under which clause."""
    return item["case"] or item["parties"]["supervisee"], item["exception"]["because"], item["exception"]["clause"]


@pytest.mark.clause("NS-35", "NS-36")
def test_a_case_without_an_interval_of_the_policy_is_listed_until_it_has_one(either_sandbox: Sandbox) -> None:
    cases = [
        {**CASE, "category": "leaving-care"}, {**CASE, "ref": "c2", "category": "child-in-need"},
        {**CASE, "ref": "c3", "category": "youth-justice"},
    ]  # fmt: skip
    story = either_sandbox.story("north-somerset", cases=cases)

    found = story.items("sup", "/exceptions")

    why = "The policy gives no interval for this status."
    assert sorted(map(because, found)) == [("c1", why, "product default"), ("c3", why, "product default")]
    assert found[0]["exception"]["every"] == "8 weeks"
    assert [item["case"] for item in story.items("wkr", "/exceptions", case="c1")] == ["c1"]
    assert story.items("sup2", "/exceptions") == []
    story.list_cases([{**cases[0], "category": "child-in-need"}])
    assert [item["case"] for item in story.items("sup", "/exceptions")] == ["c3"]


@pytest.mark.clause("DAR-15", "DAR-22")
def test_an_approved_rating_is_listed_with_whoever_approved_it(either_sandbox: Sandbox) -> None:
    story = either_sandbox.story("darlington", cases=[case_of("darlington")])
    [unrated] = story.items("sup", "/exceptions", workflow="frequency")
    assert because(unrated)[1] == "The case must be rated; supervised monthly until it is."
    body = {"case": "c1", "category": "rated", "criteria": ["in-need"], "rating": "green", "reason": "Settled."}
    green = story.open("sup", "frequencies", **body)
    story.move("hos", green, "approve")

    [listed] = story.items("sup", "/exceptions", workflow="frequency")

    assert (listed["id"], because(listed)) == (green["id"], ("c1", "Approved by hos.", "DAR-19"))


def test_a_worker_whose_post_no_row_lists_is_an_exception(sandbox: Sandbox) -> None:
    story = sandbox.story("darlington")

    found = {because(item) for item in story.items("lm", "/exceptions", workflow="entitlement")}

    assert ("bs", "The policy gives no interval for this job role.", "product default") in found
    assert {who for who, _, _ in found}.isdisjoint({"wkr", "wkr2"})
    [own] = story.items("bs", "/exceptions", party="bs")
    assert own["exception"]["every"] == "1 month"


def test_pages_of_exceptions_follow_each_other_and_strange_filters_are_mistakes(sandbox: Sandbox) -> None:
    cases = [{**CASE, "ref": f"c{n}", "category": "leaving-care"} for n in range(1, 4)]
    story = sandbox.story("north-somerset", cases=cases)
    first = story.get("sup", "/exceptions", limit=2, workflow="frequency")
    second = story.get("sup", "/exceptions", limit=2, workflow="frequency", cursor=first["next_cursor"])
    assert sorted(item["case"] for page in (first, second) for item in page["items"]) == ["c1", "c2", "c3"]
    assert second["next_cursor"] is None
    problem(story.send("sup", "GET", "/exceptions", params={"workflow": "record"}), 422, "invalid")
    problem(story.send("sup", "GET", "/exceptions", params={"cursor": "x"}), 400, "malformed")


def test_an_administrator_sees_why_and_no_word_of_it(sandbox: Sandbox) -> None:
    story = sandbox.story("north-somerset", cases=[{**CASE, "category": "leaving-care"}])
    [listed] = story.items("admin", "/exceptions", workflow="frequency")
    assert (listed["data"], because(listed)[0]) == ({}, "c1")
