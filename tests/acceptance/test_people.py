"""People, the line of management above them, and the council's calendar."""

from __future__ import annotations

import pytest

from tests.acceptance.beginnings import away
from tests.fixtures.served import Sandbox, Story, ok, problem

OPEN_TO_ALL = {"ref", "name", "job_role", "team", "line_manager", "supervisor", "in_post"}
OWN = {"email", "app_roles", "start_date", "end_date", "nqsw_start", "nqsw_extended_to"}


def test_everybody_finds_out_who_they_are(either_story: Story) -> None:
    assert either_story.get("wkr", "/me") == {
        "ref": "wkr", "name": "Person wkr", "job_role": "social_worker", "team": "", "line_manager": "sup",
        "supervisor": "sup", "in_post": True, "email": "wkr@council.example", "app_roles": [],
        "start_date": "2018-01-08", "end_date": None, "nqsw_start": None,
        "nqsw_extended_to": None,
    }  # fmt: skip


def test_a_colleague_is_shown_without_what_is_personal(story: Story) -> None:
    assert set(story.get("wkr2", "/people/wkr")) == OPEN_TO_ALL


@pytest.mark.parametrize("who", ["admin", "hr1", "wkr"])
def test_administrators_hr_and_oneself_see_the_whole_row(story: Story, who: str) -> None:
    assert set(story.get(who, "/people/wkr")) == OPEN_TO_ALL | OWN


def test_whoever_covers_is_shown_as_the_supervisor(story: Story) -> None:
    absence = away(story, "sup", cause="unplanned")
    story.at("2025-03-18T09:30")
    story.move("lm", absence, "assign_cover", cover={"wkr": "sup2", "wkr2": "sup2", "bs": "sup2"})

    assert story.get("wkr", "/me")["supervisor"] == "sup2"
    assert story.get("wkr", "/me")["line_manager"] == "sup"


def test_somebody_who_has_left_is_shown_as_out_of_post(story: Story) -> None:
    story.list_people([{"ref": "wkr", "job_role": "social_worker", "above": "sup", "end_date": "2025-03-02"}])

    assert story.get("sup", "/people/wkr")["in_post"] is False


def test_somebody_of_another_organisation_is_not_there(sandbox: Sandbox) -> None:
    here = sandbox.story()
    sandbox.story(people=[{"ref": "stranger", "job_role": "social_worker"}])

    problem(here.send("admin", "GET", "/people/stranger"), 404, "not_found")
    problem(here.send("admin", "GET", "/people/stranger/line"), 404, "not_found")


# -- the line
def test_the_line_is_everybody_above_the_nearest_first(either_story: Story) -> None:
    line = either_story.get("wkr", "/people/wkr/line")

    assert line == {
        "items": [
            {"ref": "sup", "name": "Person sup", "in_post": True, "away": False},
            {"ref": "lm", "name": "Person lm", "in_post": True, "away": False},
            {"ref": "hos", "name": "Person hos", "in_post": True, "away": False},
            {"ref": "ad", "name": "Person ad", "in_post": True, "away": False},
        ],
        "next_cursor": None,
    }


def test_the_line_says_who_is_away_from_the_first_to_the_last_day(story: Story) -> None:
    def away_in_line() -> list[str]:
        return [above["ref"] for above in story.get("wkr", "/people/wkr/line")["items"] if above["away"]]

    absence = away(story, "lm", "2025-03-05")
    assert away_in_line() == []

    story.at("2025-03-05T00:00")
    assert away_in_line() == ["lm"]

    story.at("2025-03-07T09:00")
    story.move("hr1", absence, "return", last_day="2025-03-06")
    assert away_in_line() == []


def test_the_line_says_who_has_left(story: Story) -> None:
    story.list_people([{"ref": "lm", "job_role": "service_manager", "above": "hos", "end_date": "2025-03-02"}])

    line = {above["ref"]: above["in_post"] for above in story.get("wkr", "/people/wkr/line")["items"]}

    assert line == {"sup": True, "lm": False, "hos": True, "ad": True}


def test_nobody_is_above_the_first(story: Story) -> None:
    assert story.get("ad", "/people/ad/line")["items"] == []


def test_the_line_follows_the_list(story: Story) -> None:
    story.list_people([{"ref": "wkr", "job_role": "social_worker", "above": "hos"}])

    assert [above["ref"] for above in story.get("wkr", "/people/wkr/line")["items"]] == ["hos", "ad"]


# -- the calendar
def test_the_calendar_has_englands_bank_holidays(either_story: Story) -> None:
    found = either_story.get("wkr", "/calendar/2025")

    assert (found["id"], found["version"]) == ("england", "1")
    assert [day["date"] for day in found["items"]] == [
        "2025-01-01", "2025-04-18", "2025-04-21", "2025-05-05", "2025-05-26", "2025-08-25", "2025-12-25", "2025-12-26",
    ]  # fmt: skip
    assert all(day["reason"] for day in found["items"])


def test_the_calendar_has_closures_with_their_reasons_and_its_version_counts_them(story: Story) -> None:
    ok(story.send("admin", "POST", "/closures", json={"date": "2025-03-12", "reason": "The heating failed."}), 201)

    found = story.get("wkr", "/calendar/2025")

    assert {"date": "2025-03-12", "reason": "The heating failed."} in found["items"]
    assert found["items"] == sorted(found["items"], key=lambda day: str(day["date"]))
    assert found["version"] == "2"


@pytest.mark.parametrize("year", [2024, 2026, 2028])
def test_the_calendar_reaches_into_the_years_around(story: Story, year: int) -> None:
    days = [day["date"] for day in story.get("wkr", f"/calendar/{year}")["items"]]

    assert len(days) == 8
    assert all(day.startswith(f"{year}-") for day in days)


@pytest.mark.parametrize("year", ["0", "-1", "99999", "soon"])
def test_a_year_that_no_council_will_see_is_invalid(story: Story, year: str) -> None:
    problem(story.send("wkr", "GET", f"/calendar/{year}"), 422, "invalid")


# -- who somebody is here is asked each time
def test_whoever_left_is_nobody_here_from_the_next_day(either_story: Story) -> None:
    row = {"ref": "wkr2", "job_role": "social_worker", "above": "sup", "end_date": "2025-03-04"}
    either_story.list_people([row])
    either_story.at("2025-03-04T23:59:59")
    assert either_story.get("wkr2", "/me")["ref"] == "wkr2"

    either_story.at("2025-03-05T00:00")

    problem(either_story.send("wkr2", "GET", "/me"), 401, "left")


def test_whoever_is_yet_to_start_is_nobody_here_before_their_first_day(story: Story) -> None:
    story.list_people([{"ref": "new", "job_role": "social_worker", "above": "sup", "start_date": "2025-03-10"}])
    problem(story.send("new", "GET", "/me"), 401, "left")

    story.at("2025-03-10T00:00")

    assert story.get("new", "/me")["ref"] == "new"


def test_a_role_that_is_taken_away_is_gone_at_once(story: Story) -> None:
    assert story.get("hr1", "/people/wkr").keys() >= OWN

    story.list_people([{"ref": "hr1", "job_role": "hr_adviser", "line_manager_ref": "ad"}])

    assert not story.get("hr1", "/people/wkr").keys() & OWN
