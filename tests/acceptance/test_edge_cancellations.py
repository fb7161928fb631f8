"""Cancelled sessions when sickness comes between, on one side or both, and when they are cancelled again and again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.beginnings import (
    CASE,
    POLICIES,
    away,
    booked,
    clause,
    due,
    entitlement,
    held,
    meeting,
    names,
    owed,
    reasons,
)
from tests.fixtures.served import Sandbox, Story, deadline, london, problem

CBC = "central-bedfordshire"
#: By policy: the last day of the supervision that runs on beside the cancellation, and its clause.
RUNS_ON = {
    "north-somerset": ("2025-03-31", "NS-25"),
    "leeds": ("2025-03-31", "LDS-38"),
    "darlington": ("2025-04-03", "DAR-08"),
    "haringey": ("2025-04-03", "HAR-22"),
}
RULES = {"case": ("CBC-45", "CBC-46"), "personal": ("CBC-59", "CBC-59")}
DIARY = {"cause": "diary", "reason": "A hearing was moved."}


def session_of(story: Story, kind: str, starts_at: str, by: str = "sup") -> dict[str, Any]:
    """A session of either kind that is booked."""
    cases = ["c1"] if kind == "case" else []
    return story.open(by, "sessions", **meeting(starts_at, kind=kind), cases=cases)


def cancelled(story: Story, session: dict[str, Any], by: str = "sup", **data: Any) -> dict[str, Any]:
    """A session is cancelled; the duty to replace it that opens."""
    assert story.move(by, session, "cancel", **data)["state"] == "cancelled"
    return owed(story, session, by)


# -- E3
@pytest.mark.clause("CBC-45", "CBC-46", "CBC-59")
@pytest.mark.parametrize("kind", RULES)
def test_e3_sickness_in_the_window_ends_it_without_a_breach_and_the_return_starts_another(
    sandbox: Sandbox, kind: str
) -> None:
    story = sandbox.story(cases=[CASE])
    duty = cancelled(story, session_of(story, kind, "2025-03-04T10:00"), **DIARY)
    assert (duty["holder"], due(duty, "rebook_by")) == ("sup", ("2025-03-10", "running"))
    assert clause(duty, "rebook_by") == RULES[kind][0]
    story.at("2025-03-05T09:00")

    absence = away(story, "wkr", "2025-03-05")

    waiting = story.matter("sup", duty)
    assert (waiting["state"], waiting["holder"]) == ("awaiting_return", None)
    assert due(waiting, "rebook_by") == ("2025-03-10", "superseded")
    story.at("2025-03-17T09:00")
    assert story.triggers("sup", duty) == ["open", "fall_sick"]
    story.move("hr1", absence, "return", last_day="2025-03-16")
    back = story.matter("sup", duty)
    assert (back["state"], back["holder"], due(back, "rebook_by")) == (
        "awaiting_rebooking", "sup", ("2025-03-24", "running"),
    )  # fmt: skip
    assert clause(back, "rebook_by") == RULES[kind][1]
    assert duty["id"] in story.inbox("sup")


@pytest.mark.clause("CBC-46", "CBC-48")
def test_e3_a_new_date_that_is_lost_to_the_sickness_is_a_second_cancellation_with_its_own_note(
    sandbox: Sandbox,
) -> None:
    story = sandbox.story(cases=[CASE])
    first = cancelled(story, session_of(story, "case", "2025-03-04T10:00"), **DIARY)
    again = session_of(story, "case", "2025-03-07T10:00")
    story.move("sup", first, "rebook", session=again["id"])
    story.at("2025-03-05T09:00")
    absence = away(story, "wkr", "2025-03-05")

    second = cancelled(story, again, cause="sickness", whose="wkr", reason="Ill since today.")

    assert story.matter("sup", first)["state"] == "superseded"
    assert (second["state"], "rebook_by" in names(second)) == ("awaiting_return", False)
    assert second["data"]["gap_note"] == {"file": "case", "clause": "CBC-48", "cases": ["c1"]}
    assert (second["data"]["times"], reasons(story, second)) == (2, ["Ill since today."])
    assert second["data"]["first_cancelled_at"] == london("2025-03-03T09:00")
    story.at("2025-03-17T09:00")
    story.move("hr1", absence, "return", last_day="2025-03-16")
    assert due(story.matter("sup", second), "rebook_by") == ("2025-03-24", "running")


@pytest.mark.clause("NS-25", "NS-37", "NS-66", "LDS-38", "DAR-08", "HAR-22", "HAR-49")
@pytest.mark.parametrize("policy", RUNS_ON)
def test_e3_elsewhere_a_labelled_default_runs_on_and_so_does_the_supervision_that_is_owed(
    sandbox: Sandbox, policy: str
) -> None:
    story = sandbox.story(policy)
    duty = cancelled(story, booked(story, "2025-03-04T10:00"), **DIARY)
    story.at("2025-03-05T09:00")
    away(story, "wkr", "2025-03-05")

    running = story.matter("sup", duty)
    assert (running["state"], due(running, "rebook_by")) == ("awaiting_rebooking", ("2025-03-10", "running"))
    assert (clause(running, "rebook_by"), reasons(story, duty)) == ("product default", ["A hearing was moved."])
    note = {"file": "individual", "clause": "NS-37", "cases": []} if policy == "north-somerset" else None
    assert running["data"].get("gap_note") == note
    last_day, under = RUNS_ON[policy]
    assert (due(entitlement(story), "supervise_by"), clause(entitlement(story), "supervise_by")) == (
        (last_day, "running"), under,
    )  # fmt: skip
    story.at("2025-03-11T09:00")
    late = story.matter("lm", duty)
    assert (late["state"], late["holder"]) == ("with_line_manager", "lm")
    assert "escalated" in story.told("lm", duty)
    story.at("2025-04-04T09:00")
    breached = entitlement(story)
    assert due(breached, "supervise_by") == (last_day, "missed")
    story.move("sup", breached, "explain", reason="The worker has been ill since 5 March.")
    assert (entitlement(story)["state"], due(entitlement(story), "supervise_by")) == ("overdue", (last_day, "missed"))
    assert reasons(story, breached) == ["The worker has been ill since 5 March."]


# -- E4
@pytest.mark.clause("CBC-46", "CBC-59")
@pytest.mark.parametrize("kind", RULES)
def test_e4_of_two_sick_parties_the_later_return_counts(sandbox: Sandbox, kind: str) -> None:
    story = sandbox.story(now="2025-03-10T08:00", cases=[CASE])
    session = session_of(story, kind, "2025-03-10T10:00")
    supervisors = away(story, "sup", "2025-03-10")
    duty = cancelled(story, session, "wkr", cause="sickness", whose="sup", reason="Rang in ill.")
    workers = away(story, "wkr", "2025-03-10")
    story.at("2025-03-17T09:00")
    story.move("hr1", supervisors, "return", last_day="2025-03-16")
    waiting = story.matter("sup", duty)
    assert (waiting["state"], "rebook_by" in names(waiting)) == ("awaiting_return", False)
    story.at("2025-03-19T09:00")

    story.move("hr1", workers, "return", last_day="2025-03-18")

    back = story.matter("sup", duty)
    assert (back["state"], back["holder"]) == ("awaiting_rebooking", "sup")
    assert (due(back, "rebook_by"), clause(back, "rebook_by")) == (("2025-03-26", "running"), RULES[kind][1])


@pytest.mark.clause("CBC-46", "CBC-47", "CBC-60")
def test_e4_the_session_that_cover_holds_meets_both_the_absence_and_the_cancellation(sandbox: Sandbox) -> None:
    story = sandbox.story(now="2025-02-27T08:00")
    session = booked(story, "2025-03-06T10:00")
    absence = away(story, "sup", "2025-02-27")
    workers = away(story, "wkr", "2025-02-27")
    duty = cancelled(story, session, "wkr", cause="sickness", whose="sup", reason="Rang in ill.")
    story.at("2025-03-14T09:00")
    long = story.matter("lm", absence)
    assert (long["state"], long["holder"], due(long, "long_absence")) == (
        "awaiting_cover",
        "lm",
        ("2025-03-13", "missed"),
    )
    story.move("lm", absence, "assign_cover", cover=dict.fromkeys(("wkr", "wkr2", "bs"), "sup2"))
    assert story.matter("wkr", duty)["state"] == "awaiting_return"
    story.at("2025-03-19T09:00")
    story.move("hr1", workers, "return", last_day="2025-03-18")
    owed_now = story.matter("sup2", duty)
    assert (owed_now["holder"], due(owed_now, "rebook_by")) == ("sup2", ("2025-03-26", "running"))

    held(story, "2025-03-24T11:00", by="sup2")

    assert (story.matter("wkr", duty)["state"], due(story.matter("wkr", duty), "rebook_by")[1]) == ("replaced", "met")
    assert (story.matter("lm", absence)["state"], entitlement(story)["state"]) == ("covered", "on_track")
    assert due(entitlement(story), "supervise_by") == ("2025-04-30", "running")


@pytest.mark.clause("NS-66", "LDS-38", "DAR-08", "HAR-49")
@pytest.mark.parametrize("policy", RUNS_ON)
def test_e4_elsewhere_nothing_waits_for_a_return(sandbox: Sandbox, policy: str) -> None:
    story = sandbox.story(policy)
    session = booked(story, "2025-03-03T14:00")
    away(story, "sup", "2025-03-03")
    duty = cancelled(story, session, "wkr", cause="sickness", whose="sup", reason="Rang in ill.")
    away(story, "wkr", "2025-03-03")

    running = story.matter("wkr", duty)

    assert (running["state"], due(running, "rebook_by")) == ("awaiting_rebooking", ("2025-03-10", "running"))
    assert clause(running, "rebook_by") == "product default"
    assert due(entitlement(story), "supervise_by") == (RUNS_ON[policy][0], "running")
    story.at("2025-03-11T09:00")
    assert story.matter("lm", duty)["holder"] == "lm"
    assert "escalated" in story.told("lm", duty)


# -- E27
@pytest.mark.clause("CBC-45", "CBC-48", "NS-37", "NS-66", "HAR-49")
@pytest.mark.parametrize("policy", POLICIES)
def test_e27_every_cancellation_has_its_own_window_and_shows_how_long_it_has_rolled_on(
    sandbox: Sandbox, policy: str
) -> None:
    story = sandbox.story(policy)
    first = cancelled(story, booked(story, "2025-03-04T10:00"), **DIARY)
    again = booked(story, "2025-03-06T10:00")
    story.move("sup", first, "rebook", session=again["id"])
    story.at("2025-03-05T10:00")

    second = cancelled(story, again, "wkr", cause="emergency", reason="A child went missing.")

    earlier = story.matter("sup", first)
    assert (earlier["state"], due(earlier, "rebook_by")) == ("superseded", ("2025-03-10", "superseded"))
    assert (second["state"], due(second, "rebook_by")) == ("awaiting_rebooking", ("2025-03-12", "running"))
    assert clause(second, "rebook_by") == ("CBC-59" if policy == CBC else "product default")
    assert (second["data"]["times"], second["data"]["first_cancelled_at"]) == (2, london("2025-03-03T09:00"))
    notes = [m["data"].get("gap_note", {}).get("file") for m in (earlier, second)]
    assert notes == (["individual"] * 2 if policy == "north-somerset" else [None] * 2)
    assert (second["holder"], "rebooking_owed" in story.told("sup", second)) == ("sup", True)


@pytest.mark.clause("CBC-45", "CBC-48")
def test_e27_a_case_session_cancelled_far_ahead_is_owed_from_the_cancelling_and_a_moved_one_is_not(
    sandbox: Sandbox,
) -> None:
    story = sandbox.story(cases=[CASE])
    early, moved = session_of(story, "case", "2025-04-30T10:00"), session_of(story, "case", "2025-04-29T10:00")

    duty = cancelled(story, early, **DIARY)
    story.move("sup", moved, "move", starts_at=london("2025-05-01T10:00"), reason="The court has a new date.")

    assert (due(duty, "rebook_by"), clause(duty, "rebook_by")) == (("2025-03-10", "running"), "CBC-45")
    assert duty["data"]["gap_note"] == {"file": "case", "clause": "CBC-48", "cases": ["c1"]}
    still = story.matter("wkr", moved)
    assert (still["state"], still["data"]["moved"], deadline(still, "hold_or_cancel")["due"][:10]) == (
        "scheduled", 1, "2025-05-02",
    )  # fmt: skip
    assert story.items("sup", "/matters", workflow="cancellation", parent=moved["id"]) == []
    assert "session_moved" in story.told("wkr", moved)


@pytest.mark.clause("CBC-45", "CBC-59", "NS-66")
@pytest.mark.parametrize("policy", POLICIES)
def test_e27_a_late_one_that_is_cancelled_again_goes_back_to_the_manager_who_had_it(
    sandbox: Sandbox, policy: str
) -> None:
    story = sandbox.story(policy)
    first = cancelled(story, booked(story, "2025-03-04T10:00"), **DIARY)
    story.at("2025-03-11T09:00")
    assert story.matter("lm", first)["holder"] == "lm"
    again = booked(story, "2025-03-13T10:00")
    story.move("sup", first, "rebook", session=again["id"], reason="The first day both are in.")

    second = cancelled(story, again, **DIARY)

    assert due(story.matter("lm", first), "rebook_by") == ("2025-03-10", "missed")
    assert (second["state"], second["holder"], second["data"]["times"]) == ("with_line_manager", "lm", 2)
    assert second["data"]["first_cancelled_at"] == london("2025-03-03T09:00")
    assert "cancelled_again" in story.told("lm", second)


@pytest.mark.clause("NS-37", "NS-66")
@pytest.mark.parametrize("policy", POLICIES)
def test_e27_nothing_is_cancelled_or_moved_without_a_reason(sandbox: Sandbox, policy: str) -> None:
    story = sandbox.story(policy)
    session = booked(story, "2025-03-06T10:00")

    problem(story.try_move("sup", session, "cancel", {"cause": "diary"}), 422, "invalid")
    problem(story.try_move("sup", session, "move", {"starts_at": london("2025-03-07T10:00")}), 422, "invalid")

    unmoved = story.matter("wkr", session)
    assert (unmoved["state"], unmoved["data"]["starts_at"]) == ("scheduled", london("2025-03-06T10:00"))
