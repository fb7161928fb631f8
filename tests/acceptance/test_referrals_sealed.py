"""A referral over HTTP: nobody but its own people and HR can tell that it exists, by any route or any answer."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.fixtures.served import Story, ok, problem

OUTSIDERS = ("wkr", "wkr2", "sup2", "lm", "hos", "ad", "aud", "bs", "admin")


def referred(story: Story, **more: Any) -> dict[str, Any]:
    """A concern about the social worker that the supervisor has written down, and nobody else knows of."""
    body = {"supervisee": "wkr", "about": "record keeping", "facts": "Four visits are not on file.", **more}
    return story.open("sup", "referrals", **body)


@pytest.mark.clause("HAR-37", "HAR-38", "NS-51", "DAR-25", "CBC-64")
@pytest.mark.parametrize("who", OUTSIDERS)
def test_a_sealed_referral_answers_like_one_that_does_not_exist(story: Story, who: str) -> None:
    referral, unknown = referred(story)["id"], str(uuid4())

    for path in ("", "/history", "/what-if-nothing"):
        sealed = problem(story.send(who, "GET", f"/matters/{referral}{path}"), 404, "not_found")
        assert sealed == problem(story.send(who, "GET", f"/matters/{unknown}{path}"), 404, "not_found")
    for matter in (referral, unknown):
        problem(story.try_move(who, matter, "close", {"reason": "Guessing."}), 404, "not_found")


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_list_count_inbox_or_notice_shows_it(story: Story, who: str) -> None:
    before = {path: story.items(who, path) for path in ("/matters", "/inbox", "/notices")}
    referral = referred(story)["id"]

    for path, items in before.items():
        assert story.items(who, path) == items
    narrowed: list[dict[str, str]] = [{}, {"party": "wkr"}, {"holder": "sup"}]
    for more in narrowed:
        assert story.items(who, "/matters", workflow="referral", **more) == []
    assert referral not in str(story.items(who, "/matters"))


def test_hr_and_its_opener_know_of_it_and_whom_it_is_about_from_the_talk_on(either_story: Story) -> None:
    referral = referred(either_story)

    for who in ("sup", "hr1"):
        assert either_story.matter(who, referral)["data"]["facts"] == "Four visits are not on file."
    problem(either_story.send("wkr", "GET", f"/matters/{referral['id']}"), 404, "not_found")

    either_story.move("sup", referral, "discuss", discussed_on="2025-03-03")

    assert either_story.matter("wkr", referral)["state"] == "draft"
    problem(either_story.send("lm", "GET", f"/matters/{referral['id']}"), 404, "not_found")


def test_the_line_manager_comes_to_it_when_it_is_passed_on_and_nobody_above(either_story: Story) -> None:
    referral = referred(either_story)
    either_story.move("sup", referral, "submit")

    assert either_story.matter("lm", referral)["holder"] == "lm"
    for who in ("hos", "ad", "aud", "admin", "wkr2"):
        problem(either_story.send(who, "GET", f"/matters/{referral['id']}"), 404, "not_found")

    either_story.move("lm", referral, "forward", reason="Beyond what supervision can mend.")

    assert referral["id"] in either_story.inbox("hr1")
    accepted = either_story.move("hr1", referral, "accept", procedure="capability", reference="HR-17")
    assert (accepted["state"], accepted["data"]["reference"]) == ("accepted", "HR-17")


def test_one_that_reaches_nobody_is_an_incident_of_hrs_and_of_no_administrators(either_story: Story) -> None:
    ok(either_story.list_people([{"ref": "sup", "job_role": "team_manager"}]))
    referral = either_story.move("sup", referred(either_story), "submit")

    about = {who: [i["about"] for i in either_story.items(who, "/incidents")] for who in ("hr1", "admin")}

    assert referral["id"] in about["hr1"]
    assert referral["id"] not in about["admin"]


def test_nobody_refers_themself(story: Story) -> None:
    body = {"supervisee": "wkr", "about": "myself", "facts": "None."}

    refused = problem(story.try_open("wkr", "referrals", body), 409, "refused")

    assert refused["guard"] == "is_about_somebody_else"
