"""After an allocation or a transfer: what the managers owe, as people and machines find it over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.served import Sandbox, Story, deadline, ok, problem

CASE = {"ref": "c1", "worker_ref": "wkr", "category": "assessment", "allocated_on": "2025-04-17"}
TEAM = ({"ref": "wkr2", "job_role": "social_worker", "above": "sup2"},)
THURSDAY, TUESDAY = "2025-04-17T09:00", "2025-04-22T09:00"


def allocated(sandbox: Sandbox, policy: str) -> Story:
    """A case that was allocated on the Thursday before Easter."""
    return sandbox.story(policy, THURSDAY, TEAM, [CASE])


def transferred(story: Story) -> None:
    """On the Tuesday after Easter the list has the case with another worker."""
    story.at(TUESDAY)
    assert ok(story.list_cases([{**CASE, "worker_ref": "wkr2"}]))["changed"] == 1


def due(matter: dict[str, Any], name: str) -> tuple[str, str]:
    """The London day and status of a deadline."""
    found = deadline(matter, name)
    return found["due"][:10], found["status"]


@pytest.mark.clause("DAR-13")
def test_e21_a_transfer_has_three_days_of_its_own_and_the_first_stays_missed(either_sandbox: Sandbox) -> None:
    story = allocated(either_sandbox, "darlington")
    first = story.one("sup", workflow="oversight", case="c1")
    assert due(first, "record_by") == ("2025-04-20", "running")

    transferred(story)

    first, second = story.matter("sup", first), story.one("sup2", workflow="oversight", case="c1", state="due")
    assert (first["state"], due(first, "record_by")) == ("superseded", ("2025-04-20", "missed"))
    assert due(second, "record_by") == ("2025-04-25", "running")
    assert deadline(second, "record_by")["receipt"]["clause"] == "DAR-13"
    assert {story.told(who, first).count("overdue") for who in ("sup", "lm")} == {1}
    assert second["id"] in story.inbox("sup2")

    recorded = story.move("sup2", second, "record", oversight="Risks weighed.", allocation="Knows the family.")

    assert (recorded["state"], due(recorded, "record_by")) == ("recorded", ("2025-04-25", "met"))
    assert (recorded["data"]["oversight"], recorded["data"]["recorded_by"]) == ("Risks weighed.", "sup2")
    assert "Risks" not in str(story.items("wkr2", "/notices"))


@pytest.mark.clause("CBC-16")
def test_e21_a_transfer_is_no_first_allocation_and_restarts_nothing(either_sandbox: Sandbox) -> None:
    story = allocated(either_sandbox, "central-bedfordshire")
    first = story.one("sup", workflow="frequency", case="c1")
    assert due(first, "supervise_by") == ("2025-05-06", "running")

    transferred(story)

    frequency = story.one("sup2", workflow="frequency", case="c1")
    assert (frequency["id"], due(frequency, "supervise_by")) == (first["id"], ("2025-05-06", "running"))
    assert deadline(frequency, "supervise_by")["receipt"]["clause"] == "CBC-16"
    assert story.items("admin", "/matters", workflow="oversight") == []


@pytest.mark.clause("DAR-13")
def test_only_the_managers_record_it(sandbox: Sandbox) -> None:
    story = allocated(sandbox, "darlington")
    oversight = story.one("sup", workflow="oversight", case="c1")

    data = {"oversight": "Seen."}
    problem(story.try_move("wkr", oversight, "record", data, {"Idempotency-Key": "a"}), 403, "not_your_move")
    problem(story.try_move("sup2", oversight, "record", data, {"Idempotency-Key": "b"}), 404, "not_found")
    assert story.matter("wkr", oversight)["moves"] == []
    assert [m["trigger"] for m in story.matter("lm", oversight)["moves"]] == ["record"]
    assert story.move("lm", oversight, "record", **data)["state"] == "recorded"
