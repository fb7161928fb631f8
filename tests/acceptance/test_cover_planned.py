"""What people are told of cover: the manager has the plan, and whoever is supervised learns who supervises them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.beginnings import away, booked
from tests.fixtures.served import ok, problem

if TYPE_CHECKING:
    from tests.fixtures.served import Sandbox, Story


@pytest.fixture
def story(either_sandbox: Sandbox) -> Story:
    return either_sandbox.story()


def long_absence(story: Story) -> dict[str, Any]:
    """A supervisor's absence for which one of three supervisees has cover."""
    session = booked(story, "2025-03-25T10:00")
    absence = away(story, "sup")
    story.at("2025-03-18T09:00")
    story.move("lm", absence, "assign_cover", cover={"wkr": "sup2"})
    return {**absence, "session": session["id"]}


def reallocated(story: Story) -> dict[str, Any]:
    """A decision by which the social worker gets another supervisor, who is still to be found."""
    dispute = story.open("wkr", "disputes", supervisee="wkr", about="relationship", statement="We differ.")
    story.move("wkr", dispute, "escalate")
    story.move("lm", dispute, "decide", outcome="change_supervisor", reasons="It cannot go on.")
    return story.one("lm", workflow="absence", party="sup")


def told(story: Story, who: str, absence: dict[str, Any]) -> list[dict[str, Any]]:
    """What an absence says to somebody: by itself, in a list, and in the steps of its history."""
    [listed] = [m for m in story.items(who, "/matters", workflow="absence") if m["id"] == absence["id"]]
    steps = story.items(who, f"/matters/{absence['id']}/history")
    return [story.matter(who, absence)["data"], listed["data"], *(step["data"] for step in steps)]


@pytest.mark.clause("CBC-47", "CBC-60")
@pytest.mark.parametrize(("who", "theirs"), [("wkr", {"wkr": "sup2"}), ("wkr2", {}), ("bs", {}), ("aud", {})])
def test_a_supervisee_reads_who_covers_for_them_and_nothing_of_the_plan_for_others(
    story: Story, who: str, theirs: dict[str, str]
) -> None:
    absence = long_absence(story)

    said = told(story, who, absence)

    assert absence["session"] not in str(said)
    assert [data for data in said if "plan" in data] == []
    covers = [data["cover"] for data in said if "cover" in data]
    assert covers
    assert all(cover in ({}, theirs) for cover in covers)
    assert covers[-1] == theirs


@pytest.mark.clause("CBC-47", "CBC-60")
@pytest.mark.parametrize("who", ["lm", "hos", "hr1"])
def test_managers_and_human_resources_read_the_plan(story: Story, who: str) -> None:
    absence = long_absence(story)

    data, listed, *steps = told(story, who, absence)

    assert {row["supervisee"] for row in data["plan"]} == {"wkr", "wkr2", "bs"}
    assert absence["session"] in str(data["plan"])
    assert data["cover"] == listed["cover"] == steps[-1]["cover"] == {"wkr": "sup2"}


@pytest.mark.clause("CBC-47", "CBC-60")
def test_a_retry_answers_a_supervisee_no_more_of_it(story: Story) -> None:
    absence = long_absence(story)
    story.move("lm", absence, "assign_cover", cover={"wkr2": "lm"})
    key, move = (
        {"Idempotency-Key": "amended"},
        {"trigger": "amend", "data": {"cause": "planned", "reason": "Mistyped."}},
    )

    answers = [ok(story.send("wkr", "POST", f"/matters/{absence['id']}/moves", key, json=move)) for _ in range(2)]

    assert [answer["data"]["cover"] for answer in answers] == [{"wkr": "sup2"}] * 2
    assert [name for answer in answers for name in ("plan", "cause") if name in answer["data"]] == []


@pytest.mark.clause("CBC-70")
def test_no_colleague_learns_that_somebodys_supervisor_was_changed_by_a_decision(story: Story) -> None:
    decided = reallocated(story)

    for colleague in ("wkr2", "bs", "sup2"):
        problem(story.send(colleague, "GET", f"/matters/{decided['id']}"), 404, "not_found")
        problem(story.send(colleague, "GET", f"/matters/{decided['id']}/history"), 404, "not_found")
        assert story.items(colleague, "/matters", workflow="absence") == []


@pytest.mark.clause("CBC-70")
def test_whoever_a_decision_is_about_reads_of_it_before_and_after_they_have_another_supervisor(story: Story) -> None:
    decided = reallocated(story)
    data = story.matter("wkr", decided)["data"]
    assert (data["only"], "plan" in data) == (["wkr"], False)

    story.move("lm", decided, "assign_cover", cover={"wkr": "sup2"})
    story.move("lm", decided, "make_permanent", reason="It works.")

    assert story.get("wkr", "/people/wkr")["supervisor"] == "sup2"
    assert story.matter("wkr", decided)["data"]["cover"] == {"wkr": "sup2"}
    assert {notice["about"] for notice in story.items("wkr", "/notices")} >= {decided["id"]}
