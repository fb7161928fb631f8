"""E26: a case decision that is typed into the personal record, at each of the five councils."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.served import Sandbox, Story, london, problem

CATEGORIES = {
    "north-somerset": "child-in-need",
    "leeds": "child",
    "darlington": "assessment",
    "haringey": "adult",
    "central-bedfordshire": "family-support",
}
DECISION = "We decided that LL-204 is closed in May."


def told(sandbox: Sandbox, policy: str, job_role: str = "social_worker") -> tuple[Story, dict[str, Any]]:
    """A council after a combined session on a case, and the personal record of it."""
    case = {"ref": "LL-204", "worker_ref": "wkr", "category": CATEGORIES[policy], "allocated_on": "2025-01-06"}
    story = sandbox.story(policy, people=[{"ref": "wkr", "job_role": job_role}], cases=[case])
    meeting = {"supervisee": "wkr", "kind": "combined", "starts_at": london("2025-03-03T10:00"), "cases": ["LL-204"]}
    session = story.open("sup", "sessions", **meeting, minutes=90)
    story.at("2025-03-03T11:30")
    story.move("sup", session, "hold", held_at=london("2025-03-03T11:30"), minutes=90)
    return story, story.one("sup", workflow="record", party="wkr", parent=session["id"], case="LL-204")


def personal(story: Story) -> dict[str, Any]:
    [found] = [record for record in story.items("sup", "/matters", workflow="record") if record["kind"] == "personal"]
    return found


def refusal(story: Story, section: str, text: str = DECISION) -> str:
    answer = story.try_move("sup", personal(story), "write", {"sections": {section: text}})
    detail: str = problem(answer, 409, "refused")["detail"]
    return detail


@pytest.mark.clause("NS-09", "NS-40")
def test_e26_in_north_somerset_it_is_moved_to_the_childs_record_and_linked(either_sandbox: Sandbox) -> None:
    story, case = told(either_sandbox, "north-somerset")

    written = story.move("sup", personal(story), "write", sections={"reflection": DECISION, "support": "Well rested."})

    assert written["data"]["sections"] == {"reflection": "LL-204", "support": "Well rested."}
    assert written["data"]["linked"] == [{"record": case["id"], "kind": "case", "case": "LL-204"}]
    assert story.matter("sup", case)["data"]["sections"] == {"from_staff_file": DECISION}
    steps = story.items("sup", f"/matters/{written['id']}/history")
    assert DECISION not in str(steps)
    assert steps[-1]["data"]["moved_to"] == case["id"]
    assert story.move("sup", written, "circulate")["data"]["sections"]["reflection"] == "LL-204"


@pytest.mark.clause("NS-41")
def test_e26_in_north_somerset_a_reviewing_officer_may_speak_of_cases(sandbox: Sandbox) -> None:
    story, _ = told(sandbox, "north-somerset", "independent_reviewing_officer")

    written = story.move("sup", personal(story), "write", sections={"reflection": DECISION})

    assert written["data"]["sections"] == {"reflection": DECISION}


@pytest.mark.clause("DAR-12")
def test_e26_in_darlington_only_the_reference_may_stand_there(sandbox: Sandbox) -> None:
    story, case = told(sandbox, "darlington")

    assert "(DAR-12): write the rest on the case record of LL-204" in refusal(story, "formal_case_discussions")
    written = story.move("sup", personal(story), "write", sections={"formal_case_discussions": "LL-204: 3 April"})
    assert written["data"]["references"] == {"formal_case_discussions": ["LL-204"]}
    assert written["data"]["linked"][0]["record"] == case["id"]


@pytest.mark.clause("HAR-32", "HAR-39")
def test_e26_in_haringey_it_belongs_to_the_adults_notes_and_what_a_worker_keeps_names_nobody(sandbox: Sandbox) -> None:
    story, case = told(sandbox, "haringey")

    assert "(HAR-32): open a case record for LL-204" in refusal(story, "reflective_practice_discussion")
    story.move("sup", case, "write", sections={"decision": DECISION})
    sent = story.move("sup", personal(story), "circulate", sections={"case_management": "Hard weeks, well carried."})
    assert "LL-204" not in str(story.move("wkr", sent, "sign")["data"]["sections"])


@pytest.mark.clause("LDS-26")
def test_e26_in_leeds_it_belongs_to_the_childs_file(sandbox: Sandbox) -> None:
    story, case = told(sandbox, "leeds")

    assert "(LDS-26): open a case record for LL-204" in refusal(story, "supervision_notes")
    assert story.move("sup", case, "write", sections={"actions_agreed": DECISION})["state"] == "draft"


@pytest.mark.clause("CBC-61")
def test_e26_in_central_bedfordshire_it_belongs_to_the_childs_supervision_document(sandbox: Sandbox) -> None:
    story, case = told(sandbox, "central-bedfordshire")

    assert "(CBC-61): open a case record for LL-204" in refusal(story, "personal_discussion", "About ll-204.")
    assert story.move("sup", case, "write", sections={"case_discussion": DECISION})["state"] == "draft"
