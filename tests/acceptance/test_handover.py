"""A supervisor changes for good: who reads a worker's records before and after they are handed over."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.beginnings import sent
from tests.fixtures.served import Sandbox, Story, london, ok, problem

POLICIES = ("central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset")


def signed(story: Story) -> dict[str, Any]:
    """A personal record that is final."""
    return story.move("wkr", sent(story), "sign")


def change_supervisor(story: Story, supervisor: str = "sup2") -> dict[str, Any]:
    """The list names another supervisor, below the same line manager; the handover that follows."""
    row = {"ref": "wkr", "job_role": "social_worker", "line_manager_ref": "sup", "supervisor_ref": supervisor}
    ok(story.list_people([row]))
    return story.one(supervisor, workflow="handover", state="to_hand_over")


def note(*told: str) -> dict[str, Any]:
    """What whoever hands over says, with a meeting of these people."""
    return {"note": "Three things to know.", "meeting": {"at": london("2025-03-04T10:00"), "told": list(told)}}


def is_hidden(story: Story, who: str, matter: dict[str, Any]) -> bool:
    """Whether a matter is not there for somebody, alone or in a list."""
    answer = story.send(who, "GET", f"/matters/{matter['id']}")
    listed = matter["id"] in {found["id"] for found in story.items(who, "/matters", workflow="record")}
    assert listed == (answer.status_code == 200)
    return not listed


@pytest.mark.clause("NS-20", "LDS-10", "HAR-44")
@pytest.mark.parametrize("policy", POLICIES)
def test_a_new_supervisor_reads_the_records_of_before_from_the_handover_on(sandbox: Sandbox, policy: str) -> None:
    story = sandbox.story(policy)
    record = signed(story)

    handover = change_supervisor(story)

    assert handover["data"]["covers"]["records"] == 1
    assert is_hidden(story, "sup2", record)
    assert handover["id"] in story.inbox("sup")

    story.move("sup", handover, "hand_over", **note("wkr", "sup", "sup2"))

    assert story.matter("sup2", record)["data"]["revision"] == 1
    assert story.matter("sup", record)["data"]["revision"] == 1
    assert story.triggers("sup2", record) == story.triggers("wkr", record)
    assert is_hidden(story, "wkr2", record)

    received = story.move("sup2", handover, "receive")

    assert (received["state"], received["data"]["note"]) == ("received", "Three things to know.")
    assert story.triggers("wkr", handover) == ["open", "hand_over", "receive"]


def test_the_way_is_the_same_on_postgresql(postgres_sandbox: Sandbox) -> None:
    story = postgres_sandbox.story("north-somerset")
    record = signed(story)
    handover = change_supervisor(story)
    assert is_hidden(story, "sup2", record)

    story.move("sup", handover, "hand_over", note="Three things to know.")

    assert not is_hidden(story, "sup2", record)
    again = change_supervisor(story, "lm")
    story.move("sup2", again, "hand_over", note="And a fourth.")
    assert not is_hidden(story, "sup2", record)
    assert not is_hidden(story, "sup", record)


@pytest.mark.clause("LDS-10", "LDS-25")
def test_where_the_line_does_not_read_a_new_line_manager_waits_for_the_handover_as_well(sandbox: Sandbox) -> None:
    story = sandbox.story("leeds")
    record = signed(story)
    ok(story.list_people([{"ref": "wkr", "job_role": "social_worker", "above": "sup2"}]))
    assert story.matter("sup2", record)["data"] == {}

    story.move("sup", story.one("sup2", workflow="handover"), "hand_over", **note("wkr", "sup", "sup2"))

    assert story.matter("sup2", record)["data"]["revision"] == 1


@pytest.mark.clause("LDS-10")
def test_everyone_concerned_meets_before_the_records_pass(sandbox: Sandbox) -> None:
    story = sandbox.story("leeds")
    handover = change_supervisor(story)

    answer = story.try_move("sup", handover, "hand_over", {"note": "Known."}, {"Idempotency-Key": "a"})
    assert "met" in problem(answer, 409, "refused")["detail"]
    answer = story.try_move("sup", handover, "hand_over", note("sup", "sup2"), {"Idempotency-Key": "b"})
    assert "Person wkr was not" in problem(answer, 409, "refused")["detail"]

    assert story.move("sup", handover, "hand_over", **note("sup", "sup2", "wkr"))["state"] == "handed_over"
    assert "meeting" in story.told("wkr", handover)


def test_cover_for_a_while_opens_no_handover_and_cover_for_good_does(sandbox: Sandbox) -> None:
    story = sandbox.story()
    record = signed(story)
    absence = story.open("hr1", "absences", person="sup", first_day="2025-03-03", cause="sickness")
    story.at("2025-03-18T09:00")
    story.move("lm", absence, "assign_cover", cover=dict.fromkeys(("wkr", "wkr2", "bs"), "sup2"))
    assert story.items("admin", "/matters", workflow="handover") == []

    story.move("lm", absence, "make_permanent", reason="The post was filled.")

    handover = story.one("sup2", workflow="handover", party="wkr")
    assert (handover["holder"], is_hidden(story, "sup2", record)) == ("lm", True)
    story.move("lm", handover, "hand_over", note="I know them too.")
    assert not is_hidden(story, "sup2", record)
