"""Guidance over HTTP: with a matter for whoever opens it, before there is one, and what was prepared for a record."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.beginnings import CASE, booked, drafted, meeting
from tests.fixtures.served import Sandbox, Story, problem


def about_the_case(story: Story) -> dict[str, Any]:
    """A session about the case, which the supervisor has booked."""
    return story.open("sup", "sessions", **meeting(kind="case"), cases=["c1"])


def clauses(shown: list[dict[str, Any]]) -> set[str]:
    return {entry["clause"] for entry in shown}


@pytest.fixture
def told(sandbox: Sandbox) -> Story:
    """Central Bedfordshire, with a case of the social worker's."""
    return sandbox.story(cases=[CASE])


# -- with a matter
@pytest.mark.clause("CBC-37", "CBC-54", "CBC-76")
def test_a_matter_shows_what_is_to_be_kept_in_mind_and_what_is_asked(told: Story) -> None:
    session = about_the_case(told)
    shown = told.matter("sup", session)["guidance"]
    assert {"clause": "CBC-54", "says": "Supervision goes well beyond cases.", "kind": "guidance"} in shown
    asked = {"clause": "CBC-76", "says": "What do you want to talk about?", "kind": "prompt", "key": "items"}
    assert asked in shown
    assert "CBC-37" in clauses(shown)
    assert "CBC-37" not in clauses(told.matter("wkr", session)["guidance"])


def test_a_matter_that_is_over_shows_none(told: Story) -> None:
    session = told.move("sup", booked(told), "cancel", cause="diary", reason="A hearing.")
    assert told.matter("sup", session)["guidance"] == []


@pytest.mark.clause("CBC-38")
def test_an_administrator_sees_the_guidance_and_not_a_word_of_the_matter(told: Story) -> None:
    record = told.open("sup", "records", supervisee="wkr", kind="case", case="c1", sections={"key_dates": "Marmalade."})
    found = told.matter("admin", record)
    assert found["data"] == {}
    assert "CBC-38" in clauses(found["guidance"])
    assert "Marmalade" not in str(found)


def test_what_a_move_answers_is_no_longer_than_before(told: Story) -> None:
    assert "guidance" not in told.move("sup", drafted(told), "circulate")


# -- before there is a matter
@pytest.mark.clause("CBC-02", "CBC-86")
def test_guidance_is_found_by_its_moment(told: Story) -> None:
    booking = told.items("wkr", "/guidance", at="booking")
    assert "CBC-86" in clauses(booking)
    assert {"at": ["policy"], "who": [], "kinds": []}.items() <= told.items("wkr", "/guidance", at="policy")[0].items()
    assert clauses(told.items("wkr", "/guidance", at="policy")) == {"CBC-02"}
    assert {"CBC-02", "CBC-86"} <= clauses(told.items("wkr", "/guidance"))


@pytest.mark.clause("DAR-06", "DAR-07")
def test_each_organisation_finds_that_of_its_own_policy(sandbox: Sandbox) -> None:
    assert clauses(sandbox.story("darlington").items("wkr", "/guidance", at="policy")) == {"DAR-06", "DAR-07"}


def test_a_moment_that_does_not_exist_is_named(told: Story) -> None:
    found = problem(told.send("wkr", "GET", "/guidance", params={"at": "lunch"}), 422, "invalid")
    assert "at" in found["errors"][0]["pointer"]


def test_nobody_reads_guidance_without_a_token(sandbox: Sandbox) -> None:
    problem(sandbox.client.get("/guidance"), 401, "no_token")


# -- preparing
@pytest.mark.clause("CBC-36", "CBC-76", "CBC-85", "CBC-87")
def test_what_both_prepared_is_on_the_session_and_is_offered_when_its_record_is_written(
    either_sandbox: Sandbox,
) -> None:
    story = either_sandbox.story(cases=[CASE])
    session = about_the_case(story)
    assert session["data"]["time_for_cases"]["together"] == 10
    story.move("wkr", session, "prepare", items=["Visits", "School"], preparation={"worries": "Absence."})
    session = story.move("sup", session, "prepare", items=["Court"])
    assert session["data"]["agenda"] == {"wkr": ["Visits", "School"], "sup": ["Court"]}
    assert session["data"]["preparation"] == {"c1.worries": "Absence."}
    assert session["data"]["agenda_agreed"] is True
    story.at("2025-03-05T11:00")
    held = story.move("sup", session, "hold", held_at="2025-03-05T11:00:00+00:00", minutes=60)
    [record] = held["children"]
    offer = {"agenda": {"wkr": ["Visits", "School"], "sup": ["Court"]}, "preparation": {"worries": "Absence."}}
    assert story.matter("sup", record)["offered"] == offer
    story.move("sup", record, "circulate")
    assert "offered" not in story.matter("sup", record)


@pytest.mark.clause("CBC-39")
def test_who_writes_a_record_for_the_supervisor_is_not_shown_the_agenda_of_the_session(told: Story) -> None:
    session = about_the_case(told)
    told.move("wkr", session, "prepare", items=["My health"])
    told.at("2025-03-05T11:00")
    [record] = told.move("sup", session, "hold", held_at="2025-03-05T11:00:00+00:00", minutes=60)["children"]
    told.move("sup", record, "delegate", person="bs")
    assert "offered" in told.matter("sup", record)
    assert "offered" not in told.matter("bs", record)
    assert "offered" not in told.matter("admin", record)


def test_a_draft_of_its_own_and_a_session_without_an_agenda_offer_nothing(told: Story) -> None:
    assert "offered" not in told.matter("sup", drafted(told))
    session = booked(told)
    told.at("2025-03-05T11:00")
    [record] = told.move("sup", session, "hold", held_at="2025-03-05T11:00:00+00:00", minutes=60)["children"]
    assert "offered" not in told.matter("sup", record)


@pytest.mark.clause("NS-65")
def test_the_answer_to_a_booking_at_night_warns_of_unpaid_hours(sandbox: Sandbox) -> None:
    story = sandbox.story("north-somerset")
    session = story.open("sup", "sessions", **meeting("2025-03-05T19:00"))
    assert "NS-65" in {conflict.get("clause") for conflict in session["data"]["conflicts"]}


def test_a_point_of_an_agenda_is_one_line(told: Story) -> None:
    answer = told.try_move("wkr", booked(told), "prepare", {"items": ["One\nand another"]})
    problem(answer, 422, "invalid")
