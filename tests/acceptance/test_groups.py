"""Group supervision over HTTP, and E24: only a group session in the period, at each of the five councils."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.served import Sandbox, Story, deadline, london, problem

TWO = ["wkr", "wkr2"]


def group(story: Story, day: str, leader: str = "sup", **more: Any) -> dict[str, Any]:
    """A group that is booked for ten o'clock."""
    body: dict[str, Any] = {"kind": "group", "participants": TWO, "starts_at": london(f"{day}T10:00"), "minutes": 60}
    return story.open(leader, "sessions", **{**body, **more})


def met(story: Story, session: dict[str, Any], leader: str = "sup", **more: Any) -> dict[str, Any]:
    """The group has met and says that it has agreed the limits of confidentiality."""
    ended = session["data"]["starts_at"].replace("T10:", "T11:")
    story.at(ended[:16])
    return story.move(leader, session, "hold", held_at=ended, minutes=60, confidentiality_agreed=True, **more)


def owed(story: Story, kind: str = "line_management") -> dict[str, Any]:
    """What supervision somebody is owed."""
    [found] = [m for m in story.items("wkr", "/matters", workflow="entitlement", party="wkr") if m["kind"] == kind]
    return found


# -- E24
def assert_only_a_group_leaves_it_overdue(story: Story, **more: Any) -> None:
    """The worker's own supervision is due when it was due before, and late after that."""
    before = deadline(owed(story), "supervise_by")
    met(story, group(story, "2025-03-12", **more))
    after = deadline(owed(story), "supervise_by")
    assert (after["due"], after["status"]) == (before["due"], "running")
    story.at("2025-05-02T09:00")
    assert owed(story)["state"] != "on_track"


@pytest.mark.clause("NS-03", "NS-55")
def test_e24_in_north_somerset_a_group_counts_for_nobody(either_sandbox: Sandbox) -> None:
    assert_only_a_group_leaves_it_overdue(either_sandbox.story("north-somerset"))


@pytest.mark.clause("LDS-15")
def test_e24_in_leeds_a_group_counts_for_nobody_as_a_product_default(sandbox: Sandbox) -> None:
    assert_only_a_group_leaves_it_overdue(sandbox.story("leeds"))


@pytest.mark.clause("DAR-04", "DAR-05")
def test_e24_in_darlington_a_joint_session_counts_for_the_child_alone(sandbox: Sandbox) -> None:
    case = {"ref": "c1", "worker_ref": "wkr", "category": "assessment", "allocated_on": "2025-03-03"}
    story = sandbox.story("darlington", cases=[case])
    session = met(story, group(story, "2025-03-12", cases=["c1"]))

    assert session["state"] == "held"
    assert story.one("sup", workflow="frequency")["data"]["last_supervised_on"] == "2025-03-12"
    story = sandbox.story("darlington")
    assert_only_a_group_leaves_it_overdue(story)


@pytest.mark.clause("HAR-13", "HAR-15")
def test_e24_in_haringey_a_group_may_meet_professional_supervision_and_nothing_else(sandbox: Sandbox) -> None:
    registered = {"professional_registration": "SWE"}
    people = [
        {"ref": "wkr", **registered}, {"ref": "sup2", **registered},
        {"ref": "wkr3", "job_role": "social_worker", "above": "sup2", **registered},
    ]  # fmt: skip
    story = sandbox.story("haringey", people=people)
    line, professional = owed(story), owed(story, "professional")

    met(story, group(story, "2025-03-12", "sup2", participants=["wkr", "wkr3"]), "sup2")

    assert deadline(owed(story), "supervise_by")["due"] == deadline(line, "supervise_by")["due"]
    renewed = deadline(owed(story, "professional"), "supervise_by")
    assert renewed["due"] > deadline(professional, "supervise_by")["due"]
    story.at("2025-05-02T09:00")
    assert owed(story)["state"] != "on_track"


def test_e24_in_central_bedfordshire_a_group_counts_for_nobody_as_a_product_default(sandbox: Sandbox) -> None:
    assert_only_a_group_leaves_it_overdue(sandbox.story("central-bedfordshire"))


# -- how a group works
@pytest.mark.clause("LDS-16")
def test_a_group_says_that_it_has_agreed_the_limits_of_confidentiality(sandbox: Sandbox) -> None:
    story = sandbox.story("leeds")
    session = group(story, "2025-03-05", purpose="One family, three workers.")
    story.at("2025-03-05T11:00")
    report = {"held_at": london("2025-03-05T11:00"), "minutes": 60}

    assert "(LDS-16)" in problem(story.try_move("sup", session, "hold", report), 409, "refused")["detail"]
    held = story.move("sup", session, "hold", **report, confidentiality_agreed=True)
    assert held["data"]["purpose"] == "One family, three workers."
    after = group(story, "2025-03-12", follows=held["id"])
    story.at("2025-03-12T11:00")
    report = {"held_at": london("2025-03-12T11:00"), "minutes": 60}
    assert story.move("sup", after, "hold", **report)["state"] == "held"


@pytest.mark.clause("NS-56", "NS-58", "NS-59")
def test_everybody_reads_what_a_group_agreed_and_the_next_meeting_finds_what_was_picked(
    either_sandbox: Sandbox,
) -> None:
    story = either_sandbox.story("north-somerset")
    first = met(story, group(story, "2025-03-05"))
    record = story.one("sup", workflow="record", parent=first["id"])
    assert story.send("wkr2", "GET", f"/matters/{record['id']}").status_code == 404

    agreed = {"decisions_and_actions": "Wkr calls the school.", "suggestions_picked": "Wkr draws a genogram."}
    assert story.move("sup", record, "circulate", sections=agreed)["state"] == "shared"

    for who in TWO:
        assert story.matter(who, record)["data"]["sections"] == agreed
        assert story.told(who, record) == ["record_shared"]
        assert story.matter(who, record)["moves"] == []
    second = group(story, "2025-03-12", participants=[*TWO, "bs"], follows=first["id"])
    found = story.matter("wkr2", second)["data"]["group"]["report_back"]
    assert (found["record"], found["suggestions"], found["clause"]) == (
        record["id"], "Wkr draws a genogram.", "NS-59",
    )  # fmt: skip
    assert found["actions"] == []
    assert "suggestions" not in story.matter("bs", second)["data"]["group"]["report_back"]


@pytest.mark.clause("NS-56", "NS-58", "NS-59")
def test_a_suggestion_that_somebody_picks_is_theirs_to_carry_out_and_the_group_sees_it(either_sandbox: Sandbox) -> None:
    story = either_sandbox.story("north-somerset")
    first = met(story, group(story, "2025-03-05"))
    record = story.one("sup", workflow="record", parent=first["id"])
    pick = {"who": "wkr", "suggestion": "Draw a genogram.", "due": "2025-03-12"}
    refused = problem(story.try_move("sup", record, "circulate", {"picked": [{**pick, "who": "bs"}]}), 409, "refused")
    assert refused["guard"] == "picks_fit"

    story.move("sup", record, "circulate", picked=[pick])

    [action] = story.items("wkr", "/people/wkr/actions")
    assert (action["kind"], action["parent"], action["holder"]) == ("group_suggestion", record["id"], "wkr")
    assert (action["data"]["what"], action["data"]["why"]) == (
        "Draw a genogram.", "Picked from the suggestions of a group (NS-58).",
    )  # fmt: skip
    assert story.matter("wkr2", action)["moves"] == []
    second = group(story, "2025-03-12", participants=[*TWO, "bs"], follows=first["id"])
    story.move("wkr", action, "complete", note="It is on the wall.")
    found = story.matter("wkr2", second)["data"]["group"]["report_back"]["actions"]
    assert found == [{"action": action["id"], "owner": "wkr", "state": "done"}]
    assert "actions" not in story.matter("bs", second)["data"]["group"]["report_back"]


@pytest.mark.clause("NS-59")
def test_a_meeting_that_picked_nothing_leaves_nothing_to_read(sandbox: Sandbox) -> None:
    story = sandbox.story("north-somerset")
    first = met(story, group(story, "2025-03-05"))

    second = group(story, "2025-03-12", follows=first["id"])

    assert "suggestions" not in story.matter("sup", second)["data"]["group"]["report_back"]


@pytest.mark.clause("NS-12")
def test_a_group_decides_nothing_about_a_case(sandbox: Sandbox) -> None:
    case = {"ref": "c1", "worker_ref": "wkr", "category": "child-in-need", "allocated_on": "2025-01-06"}
    story = sandbox.story("north-somerset", cases=[case])
    met(story, group(story, "2025-03-05", cases=["c1"]))
    record = story.one("sup", workflow="record", case="c1")

    refused = story.try_move("sup", record, "write", {"sections": {"rationale": "Because."}})

    assert "(NS-12)" in problem(refused, 409, "refused")["detail"]
