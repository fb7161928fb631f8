"""Somebody leaves in the middle: a supervisor with a record unsent, a supervisee with a dispute open."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.beginnings import booked, disputed, meeting, sent
from tests.fixtures.served import Sandbox, Story, deadline, london, problem

LAST_DAY, NEXT_MORNING = "2025-03-05", "2025-03-06T09:00"
JOBS = {"wkr": ("social_worker", "sup"), "sup": ("team_manager", "lm")}
#: By policy: the clause of the time to send a personal record, its last day and the first morning after it.
SENT_BY = {
    "north-somerset": ("NS-45", "2025-03-07", "2025-03-10T09:00"),
    "leeds": ("product default", "2025-03-12", "2025-03-13T09:00"),
    "darlington": ("product default", "2025-03-12", "2025-03-13T09:00"),
    "haringey": ("product default", "2025-03-12", "2025-03-13T09:00"),
    "central-bedfordshire": ("product default", "2025-03-12", "2025-03-13T09:00"),
}


def leaves(story: Story, who: str) -> None:
    """The list gives somebody a last day, and the next morning comes."""
    job, above = JOBS[who]
    story.list_people([{"ref": who, "job_role": job, "above": above, "end_date": LAST_DAY}])
    story.at(NEXT_MORNING)
    problem(story.send(who, "GET", "/matters"), 401, "left")


def held(story: Story) -> dict[str, Any]:
    """The draft of a record of a session on the supervisor's last day."""
    session = booked(story)
    story.at("2025-03-05T16:00")
    story.move("sup", session, "hold", held_at=london("2025-03-05T11:00"), minutes=60)
    return story.one("sup", workflow="record")


@pytest.mark.clause("NS-45", "DAR-11")
@pytest.mark.parametrize("policy", SENT_BY)
def test_e10_a_record_not_yet_sent_is_the_line_managers_and_its_time_runs_on(sandbox: Sandbox, policy: str) -> None:
    story = sandbox.story(policy)
    clause, day, late_on = SENT_BY[policy]
    draft = held(story)
    limit = deadline(draft, "circulate_by")
    assert (limit["due"][:10], limit["receipt"]["clause"]) == (day, clause)

    leaves(story, "sup")

    now = story.matter("lm", draft)
    assert (now["state"], now["holder"], now["parties"]["supervisor"]) == ("draft", "lm", "lm")
    assert deadline(now, "circulate_by") == limit
    assert "revision" in now["data"]
    assert draft["id"] in story.inbox("lm")
    step = story.items("lm", f"/matters/{draft['id']}/history")[-1]
    assert (step["trigger"], step["clause"], step["data"]["why"]) == ("reassign", "product default", "left")

    story.at(late_on)

    assert deadline(story.matter("lm", draft), "circulate_by")["status"] == "missed"
    assert "circulation_missed" in story.told("lm", draft)
    assert "circulation_missed" in story.told("hos", draft)
    assert story.move("lm", draft, "circulate")["state"] == "awaiting_signature"
    assert story.move("wkr", draft, "sign")["state"] == "agreed"


@pytest.mark.clause("CBC-40")
def test_e10_a_case_record_keeps_its_five_working_days(sandbox: Sandbox) -> None:
    case = {"ref": "c1", "worker_ref": "wkr", "category": "family-support", "allocated_on": "2025-01-06"}
    story = sandbox.story(cases=[case])
    session = story.open("sup", "sessions", **meeting(kind="case"), cases=["c1"])
    story.at("2025-03-05T16:00")
    story.move("sup", session, "hold", held_at=london("2025-03-05T11:00"), minutes=60)
    draft = story.one("sup", workflow="record")

    leaves(story, "sup")

    limit = deadline(story.matter("lm", draft), "circulate_by")
    assert (limit["due"][:10], limit["receipt"]["clause"], limit["status"]) == ("2025-03-12", "CBC-40", "running")


@pytest.mark.parametrize("policy", SENT_BY)
def test_e10_what_was_sent_and_waits_to_be_signed_has_a_supervisor_again(sandbox: Sandbox, policy: str) -> None:
    story = sandbox.story(policy)
    record = sent(story)

    leaves(story, "sup")

    assert story.matter("wkr", record)["parties"]["supervisor"] == "lm"
    assert story.move("wkr", record, "sign")["state"] == "agreed"
    assert "signed" in story.told("lm", record)


@pytest.mark.clause("NS-17", "LDS-25", "DAR-31", "HAR-31", "CBC-43")
@pytest.mark.parametrize("policy", SENT_BY)
def test_e9_a_supervisee_who_leaves_mid_dispute_has_agreed_to_nothing(sandbox: Sandbox, policy: str) -> None:
    story = sandbox.story(policy)
    record = disputed(story, "That is not what was said.")
    dispute = story.one("sup", workflow="dispute")
    story.move("wkr", dispute, "escalate")

    leaves(story, "wkr")

    settled = story.matter("sup", record)
    assert (settled["state"], settled["data"]["reason"]) == ("settled", "left")
    assert settled["data"]["statement"] == "That is not what was said."
    assert story.matter("sup", dispute)["state"] == "withdrawn"
    story.at("2025-06-02T09:00")
    assert story.triggers("sup", record)[-1] == "end"
