"""Why somebody is away is theirs, their supervisor's and managers', and HR's: whom they supervise learns only when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.acceptance.beginnings import away

if TYPE_CHECKING:
    from tests.fixtures.served import Sandbox, Story


@pytest.fixture
def story(either_sandbox: Sandbox) -> Story:
    """A council whose line above reads what it sees."""
    return either_sandbox.story("haringey")


def corrected(story: Story) -> dict[str, Any]:
    """A supervisor's absence for sickness that is corrected to leave, with a reason that tells more."""
    absence = away(story, "sup")
    return story.move("hr1", absence, "amend", cause="planned", reason="The operation is put off.")


def told(story: Story, who: str, absence: dict[str, Any]) -> str:
    """All that somebody is answered of an absence: by itself, in a list, and as its history."""
    one, history = story.matter(who, absence), story.items(who, f"/matters/{absence['id']}/history")
    listed = [m for m in story.items(who, "/matters", workflow="absence") if m["id"] == absence["id"]]
    return str((one, listed, history))


@pytest.mark.parametrize("who", ["wkr", "aud"])
def test_they_are_told_when_and_not_why(story: Story, who: str) -> None:
    absence = corrected(story)

    answered = told(story, who, absence)

    assert "2025-03-03" in answered
    for kept in ("sickness", "planned", "operation"):
        assert kept not in answered


@pytest.mark.parametrize("who", ["sup", "lm", "hr1"])
def test_whoever_manages_the_absence_reads_all_of_it(story: Story, who: str) -> None:
    absence = corrected(story)

    answered = told(story, who, absence)

    for said in ("sickness", "planned", "operation"):
        assert said in answered
