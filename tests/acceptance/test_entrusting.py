"""Whoever loads the people's list gives nobody a role, or their place to another account, without others knowing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fixtures.served import STANDARD_TEAM, Story, csv_of, ok

if TYPE_CHECKING:
    from tests.fixtures.served import Sandbox

TEAM = {row["ref"]: row for row in STANDARD_TEAM}


@pytest.fixture
def story(either_sandbox: Sandbox) -> Story:
    """Two administrators, and somebody in human resources."""
    second = {"ref": "adm2", "job_role": "administrator", "above": "ad", "app_roles": "administrator"}
    return either_sandbox.story(people=[second])


def changed(story: Story, who: str) -> list[str]:
    """What somebody was told of what others may do."""
    return [n["body"] for n in story.items(who, "/notices") if n["kind"] == "access_changed"]


def identify(story: Story, ref: str, identity: str) -> dict[str, Any]:
    row = {"ref": ref, "name": ref, "email": f"{ref}@council.example", "job_role": "hr_adviser", "sign_in_id": identity}
    taken: dict[str, Any] = ok(story.take("people", csv_of(list(row), [row])))
    return taken


def test_a_list_that_comes_first_tells_nobody_of_everybody(story: Story) -> None:
    for who in ("hr1", "aud", "hos", "admin", "adm2"):
        assert changed(story, who) == []


def test_an_administrator_who_makes_themself_hr_is_noticed(story: Story) -> None:
    row = {"ref": "admin", "job_role": "administrator", "app_roles": "administrator;hr"}

    ok(story.list_people([row]))

    for who in ("hr1", "adm2"):
        [said] = changed(story, who)
        assert said.endswith("It gives the role hr.")
    assert changed(story, "admin") == []
    employment = story.one("hr1", workflow="employment", party="admin")
    [*_, step] = [s for s in story.items("hr1", f"/matters/{employment['id']}/history") if s["trigger"] == "entrust"]
    assert (step["data"]["by"], step["data"]["gained"]) == ("admin", ["hr"])


def test_so_is_one_who_lists_somebody_new_with_a_role(story: Story) -> None:
    ok(story.list_people([{"ref": "ghost", "job_role": "hr_adviser", "above": "ad", "app_roles": "hr"}]))

    assert [said.endswith("It gives the role hr.") for said in changed(story, "hr1")] == [True]


def test_another_account_in_somebodys_place_is_noticed_and_the_first_one_is_not(story: Story) -> None:
    identify(story, "hr1", "first-account")
    assert changed(story, "adm2") == []

    identify(story, "hr1", "another-account")

    for who in ("hr1", "adm2"):
        assert changed(story, who) == [
            "Administrator loaded a list of people. Another account signs in as this person from now on."
        ]
    assert "account" not in str(changed(story, "admin"))


def test_an_administrator_who_puts_themself_above_others_is_noticed(story: Story) -> None:
    ok(story.list_people([{**TEAM["lm"], "above": "admin"}]))

    for who in ("lm", "hr1", "adm2"):
        [said] = changed(story, who)
        assert said.endswith("It puts Administrator above Person lm and those below them.")
    assert changed(story, "admin") == []
    employment = story.one("hr1", workflow="employment", party="admin")
    [step] = [s for s in story.items("hr1", f"/matters/{employment['id']}/history") if s["trigger"] == "entrust"]
    assert (step["data"]["by"], step["data"]["above"]) == ("admin", ["lm"])


def test_so_is_one_who_lists_somebody_new_above_others(story: Story) -> None:
    ok(story.list_people([{"ref": "ghost", "job_role": "team_manager"}, {**TEAM["wkr"], "above": "ghost"}]))

    for who in ("wkr", "hr1", "adm2"):
        assert [said.endswith("above Person wkr and those below them.") for said in changed(story, who)] == [True]


def test_an_administrator_who_makes_themself_somebodys_supervisor_is_noticed(story: Story) -> None:
    ok(story.list_people([{**TEAM["wkr"], "line_manager_ref": "sup", "supervisor_ref": "admin"}]))

    for who in ("wkr", "hr1", "adm2"):
        [said] = changed(story, who)
        assert said.endswith("It makes Administrator the supervisor of Person wkr.")
    assert changed(story, "admin") == changed(story, "wkr2") == []
    employment = story.one("hr1", workflow="employment", party="admin")
    [step] = [s for s in story.items("hr1", f"/matters/{employment['id']}/history") if s["trigger"] == "entrust"]
    assert (step["data"]["by"], step["data"]["supervises"]) == ("admin", ["wkr"])


def test_so_is_one_who_lists_somebody_new_as_somebodys_supervisor(story: Story) -> None:
    ghost = {"ref": "ghost", "job_role": "team_manager"}
    ok(story.list_people([ghost, {**TEAM["wkr"], "line_manager_ref": "sup", "supervisor_ref": "ghost"}]))

    for who in ("wkr", "hr1", "adm2"):
        assert [said.endswith("the supervisor of Person wkr.") for said in changed(story, who)] == [True]


def test_a_supervisor_who_was_there_before_takes_a_worker_over_without_a_word(story: Story) -> None:
    ok(story.list_people([{**TEAM["wkr"], "line_manager_ref": "sup", "supervisor_ref": "sup2"}]))

    assert changed(story, "hr1") == changed(story, "wkr") == []


def test_a_manager_who_was_there_before_takes_a_team_over_without_a_word(story: Story) -> None:
    ok(story.list_people([{**TEAM["wkr"], "above": "lm"}]))

    assert changed(story, "hr1") == changed(story, "wkr") == []


def test_the_same_list_again_tells_nothing(story: Story) -> None:
    ok(story.list_people([{**TEAM["wkr"], "app_roles": "auditor"}]))
    ok(story.list_people([{**TEAM["wkr"], "app_roles": "auditor"}]))
    assert len(changed(story, "hr1")) == 1

    ok(story.list_people([TEAM["wkr"]]))

    assert [said.endswith("It takes away the role auditor.") for said in changed(story, "hr1")] == [True, False]


def test_a_list_that_is_only_looked_at_tells_nothing(story: Story) -> None:
    row = {"ref": "wkr", "name": "W", "email": "wkr@council.example", "job_role": "social_worker", "app_roles": "hr"}

    ok(story.take("people", csv_of(list(row), [row]), dry_run=True))

    assert changed(story, "hr1") == []
