"""An administrator sees what no rule could settle, and mends it without reading or deciding anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.beginnings import raised
from tests.fixtures.served import ok, problem

if TYPE_CHECKING:
    from tests.fixtures.served import Sandbox, Story


@pytest.fixture
def story(either_sandbox: Sandbox) -> Story:
    """Nobody is above the team manager."""
    return either_sandbox.story(people=[{"ref": "sup", "line_manager_ref": "", "supervisor_ref": "lm"}])


@pytest.fixture
def incident(story: Story) -> dict[str, Any]:
    """A disagreement that was taken further, and that nobody was left to hear."""
    story.move("wkr", raised(story), "escalate")
    return next(row for row in story.items("admin", "/incidents") if row["kind"] == "stranded")


def mend(story: Story, who: str, incident: dict[str, Any], how: str, **data: str) -> Any:
    """Ask to mend an incident, whatever is answered."""
    return story.send(who, "POST", f"/incidents/{incident['id']}/{how}", json=data)


def test_somebody_is_named_and_the_incident_is_closed(story: Story, incident: dict[str, Any]) -> None:
    ok(mend(story, "admin", incident, "reroute", holder="hos", reason="She knows the team."))

    given = story.matter("hos", incident["about"])
    assert given["holder"] == "hos"
    assert "meet" in {move["trigger"] for move in given["moves"]}
    closed = next(row for row in story.items("admin", "/incidents") if row["id"] == incident["id"])
    assert closed["closed_at"]


def test_the_reason_is_in_the_history_for_whoever_reads_it_and_for_the_administrator_it_is_not(
    story: Story, incident: dict[str, Any]
) -> None:
    ok(mend(story, "admin", incident, "repair", what="release", reason="Settled on the telephone."))

    last = story.items("wkr", f"/matters/{incident['about']}/history")[-1]
    assert (last["trigger"], last["actor"], last["reason"]) == ("repair", {"ref": "admin"}, "Settled on the telephone.")
    shell = story.items("admin", f"/matters/{incident['about']}/history")[-1]
    assert "reason" not in shell


def test_an_incident_is_mended_once(story: Story, incident: dict[str, Any]) -> None:
    ok(mend(story, "admin", incident, "repair", what="release", reason="Settled."))
    problem(mend(story, "admin", incident, "repair", what="release", reason="Settled."), 404, "not_found")


@pytest.mark.parametrize("who", ["wkr", "hos", "aud"])
def test_nobody_else_mends(story: Story, incident: dict[str, Any], who: str) -> None:
    problem(mend(story, who, incident, "repair", what="release", reason="Settled."), 403, "not_your_move")


def test_human_resources_mend_only_what_only_they_may_know(story: Story, incident: dict[str, Any]) -> None:
    problem(mend(story, "hr1", incident, "repair", what="release", reason="Settled."), 404, "not_found")


def test_a_reason_is_needed(story: Story, incident: dict[str, Any]) -> None:
    found = problem(mend(story, "admin", incident, "repair", what="release"), 422, "invalid")
    assert found["errors"][0]["pointer"] == "/reason"


def test_a_party_is_never_named(story: Story, incident: dict[str, Any]) -> None:
    problem(mend(story, "admin", incident, "reroute", holder="sup", reason="He is there."), 409, "refused")
