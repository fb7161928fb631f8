"""Days on which a council closes: what is counted in working days moves with the reason, and back again."""

from __future__ import annotations

import httpx
import pytest

from tests.acceptance.beginnings import CASE, booked, meeting, sent
from tests.fixtures.served import Sandbox, Story, deadline, london, ok, problem
from workflows.receipts import recompute

WHY = "The heating failed."


def close(story: Story, day: str, reason: str = WHY) -> httpx.Response:
    return story.send("admin", "POST", "/closures", json={"date": day, "reason": reason})


def reopen(story: Story, day: str) -> httpx.Response:
    return story.send("admin", "DELETE", "/closures", json={"date": day})


@pytest.mark.clause("CBC-58")
def test_a_closure_inside_a_window_moves_its_end_and_the_receipt_says_why(either_story: Story) -> None:
    record = sent(either_story)
    assert deadline(record, "sign_by")["due"] == london("2025-03-10T23:59:59")

    answer = ok(close(either_story, "2025-03-06"), 201)

    moved = deadline(either_story.matter("wkr", record), "sign_by")
    assert answer == {"date": "2025-03-06", "reason": WHY, "moved": answer["moved"]}
    assert answer["moved"] >= 1
    assert (moved["due"], moved["status"]) == (london("2025-03-11T23:59:59"), "running")
    assert moved["receipt"]["skipped"] == [{"date": "2025-03-06", "because": WHY}]
    assert moved["receipt"]["calendar"] == {"id": "england", "version": "2"}
    assert recompute(moved["receipt"]).isoformat() == "2025-03-11T23:59:59+00:00"  # type: ignore[union-attr]


def test_the_deadline_before_the_closure_is_kept_as_superseded(story: Story) -> None:
    record = sent(story)

    close(story, "2025-03-06")

    shown = [(d["status"], d["due"]) for d in story.matter("wkr", record)["deadlines"] if d["name"] == "sign_by"]
    assert shown == [("superseded", london("2025-03-10T23:59:59")), ("running", london("2025-03-11T23:59:59"))]


def test_the_new_end_is_the_one_that_counts(either_story: Story) -> None:
    record = sent(either_story)
    close(either_story, "2025-03-10")

    either_story.at("2025-03-11T23:59:59")
    assert either_story.matter("wkr", record)["state"] == "awaiting_signature"

    either_story.at("2025-03-12T00:00")
    assert either_story.matter("wkr", record)["state"] == "deemed_accepted"


def test_whose_deadline_moved_is_told(story: Story) -> None:
    record = sent(story)

    close(story, "2025-03-06")

    assert "deadline_moved" in story.told("wkr", record)
    assert "deadline_moved" in story.told("sup", record)


@pytest.mark.clause("CBC-58")
def test_a_closure_that_is_taken_back_moves_the_window_back(either_story: Story) -> None:
    record = sent(either_story)
    close(either_story, "2025-03-06")

    answer = ok(reopen(either_story, "2025-03-06"))

    moved = deadline(either_story.matter("wkr", record), "sign_by")
    assert answer["date"] == "2025-03-06"
    assert (moved["due"], moved["status"]) == (london("2025-03-10T23:59:59"), "running")
    assert moved["receipt"]["skipped"] == []
    assert "2025-03-06" not in [day["date"] for day in either_story.get("wkr", "/calendar/2025")["items"]]


def test_a_window_is_never_moved_back_into_the_past(story: Story) -> None:
    record = sent(story)
    close(story, "2025-03-10")
    story.at("2025-03-11T10:00")

    ok(reopen(story, "2025-03-10"))

    moved = deadline(story.matter("wkr", record), "sign_by")
    assert (moved["due"], moved["status"]) == (london("2025-03-11T23:59:59"), "running")
    assert recompute(moved["receipt"]).isoformat() == "2025-03-11T23:59:59+00:00"  # type: ignore[union-attr]


@pytest.mark.parametrize("day", ["2025-03-03", "2025-03-11", "2025-06-02"])
def test_a_closure_outside_the_window_moves_nothing(story: Story, day: str) -> None:
    record = sent(story)

    ok(close(story, day), 201)

    assert [d["due"] for d in story.matter("wkr", record)["deadlines"] if d["name"] == "sign_by"] == [
        london("2025-03-10T23:59:59")
    ]


def test_two_closures_move_a_window_by_two_days(story: Story) -> None:
    record = sent(story)

    for day in ("2025-03-06", "2025-03-07"):
        ok(close(story, day), 201)

    moved = deadline(story.matter("wkr", record), "sign_by")
    assert moved["due"] == london("2025-03-12T23:59:59")
    assert [skipped["date"] for skipped in moved["receipt"]["skipped"]] == ["2025-03-06", "2025-03-07"]


@pytest.mark.clause("NS-42", "NS-45")
def test_hours_run_on_over_a_closure(sandbox: Sandbox) -> None:
    story = sandbox.story("north-somerset", cases=[{**CASE, "category": "child-in-need"}])
    session = story.open("sup", "sessions", **{**meeting("2025-03-03T10:00", kind="case"), "cases": ["c1"]})
    story.at("2025-03-03T11:30")
    story.move("sup", session, "hold", held_at=london("2025-03-03T11:30"), minutes=90, cases=["c1"])
    record = story.one("sup", workflow="record", parent=session["id"])

    ok(close(story, "2025-03-04"), 201)

    assert deadline(story.matter("sup", record), "circulate_by")["due"] == london("2025-03-05T11:30")


def test_weeks_and_months_run_on_over_a_closure(sandbox: Sandbox) -> None:
    for policy in ("north-somerset", "darlington", "central-bedfordshire"):
        story = sandbox.story(policy)
        before = deadline(story.one("wkr", workflow="entitlement", party="wkr"), "supervise_by")

        ok(close(story, "2025-03-12"), 201)

        assert deadline(story.one("wkr", workflow="entitlement", party="wkr"), "supervise_by") == before


@pytest.mark.clause("CBC-47")
def test_the_days_of_an_absence_run_on_over_a_closure(story: Story) -> None:
    absence = story.open("hr1", "absences", person="sup", first_day="2025-03-03", cause="sickness")

    ok(close(story, "2025-03-12"), 201)

    assert deadline(story.matter("hr1", absence), "long_absence")["due"] == london("2025-03-17T23:59:59")


def test_what_was_enforced_already_stays(story: Story) -> None:
    record = sent(story)
    story.at("2025-03-11T09:00")

    ok(close(story, "2025-03-12"), 201)

    assert story.matter("wkr", record)["state"] == "deemed_accepted"


def test_new_windows_count_with_the_closure(story: Story) -> None:
    ok(close(story, "2025-03-06"), 201)

    assert deadline(sent(story), "sign_by")["due"] == london("2025-03-11T23:59:59")


def test_a_window_that_ends_on_the_closed_day_ends_on_the_next_working_one(story: Story) -> None:
    session = booked(story, "2025-03-06T10:00")

    ok(close(story, "2025-03-07"), 201)

    assert deadline(story.matter("sup", session), "hold_or_cancel")["due"] == london("2025-03-10T23:59:59")


def test_the_calendar_of_another_council_is_its_own(sandbox: Sandbox) -> None:
    here, there = sandbox.story(), sandbox.story()
    record = sent(there)

    ok(close(here, "2025-03-06"), 201)

    assert deadline(there.matter("wkr", record), "sign_by")["due"] == london("2025-03-10T23:59:59")
    assert there.get("wkr", "/calendar/2025")["version"] == "1"


# -- what is refused
@pytest.mark.parametrize("day", ["2025-03-08", "2025-04-18"])
def test_a_day_that_is_not_worked_anyway_cannot_be_closed(story: Story, day: str) -> None:
    problem(close(story, day), 409, "refused")


def test_a_day_is_closed_once(story: Story) -> None:
    ok(close(story, "2025-03-06"), 201)

    problem(close(story, "2025-03-06", "Snow."), 409, "refused")


@pytest.mark.parametrize("day", ["2025-03-06", "2025-04-18"])
def test_only_a_closure_can_be_taken_back(story: Story, day: str) -> None:
    problem(reopen(story, day), 409, "refused")


@pytest.mark.parametrize(
    "body", [{}, {"date": "2025-03-06"}, {"date": "soon", "reason": "x"}, {"date": "2025-03-06", "reason": " "},
             {"date": "2025-03-06", "reason": "x", "until": "2025-03-07"}, {"date": "0001-01-01", "reason": "x"}],
)  # fmt: skip
def test_a_closure_needs_a_day_and_a_reason(story: Story, body: dict[str, str]) -> None:
    problem(story.send("admin", "POST", "/closures", json=body), 422, "invalid")


@pytest.mark.parametrize("who", ["wkr", "sup", "lm", "hos", "ad", "hr1", "aud"])
def test_only_administrators_close_the_council(story: Story, who: str) -> None:
    closure = {"date": "2025-03-06", "reason": WHY}

    problem(story.send(who, "POST", "/closures", json=closure), 403, "not_your_move")
    problem(story.send(who, "DELETE", "/closures", json={"date": "2025-03-06"}), 403, "not_your_move")
