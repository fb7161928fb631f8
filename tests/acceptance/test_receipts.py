"""Every date explains itself: from the receipt alone, as it is sent, an outsider computes the due instant again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.acceptance.beginnings import CASE, away, booked, disputed, drafted, meeting, raised, sent
from tests.fixtures.served import Sandbox, Story, deadline, london, ok
from workflows.receipts import recompute

POLICIES = {
    "central-bedfordshire": "family-support",
    "darlington": "rated",
    "haringey": "adult",
    "leeds": None,
    "north-somerset": "child-in-need",
}
STATUSES = {"running", "paused", "awaiting_report", "met", "missed", "corrected", "superseded"}
KINDS = {
    "rule": str, "clause": str, "anchors": list, "inputs": dict, "calendar": dict, "counted": str, "candidates": list,
    "chosen": str, "skipped": list, "pauses": list,
}  # fmt: skip


def busy_spring(sandbox: Sandbox, policy: str) -> Iterator[Story]:
    """A council from before Easter into May, given out wherever its deadlines have just changed."""
    category = POLICIES[policy]
    people = [
        {"ref": "sup", "professional_registration": "SWE"},
        {"ref": "wkr2", "professional_registration": "SWE", "nqsw_start": "2025-02-10"},
    ]
    story = sandbox.story(policy, "2025-04-09T09:00", people, [{**CASE, "category": category}] if category else [])
    booked(story, "2025-04-10T10:00", "wkr2")
    cancelled = booked(story, "2025-04-11T10:00")
    story.move("sup", cancelled, "cancel", cause="sickness", whose="wkr", reason="Ill.")
    for begin in (sent, disputed, drafted, raised):
        begin(story)
    ok(story.send("admin", "POST", "/closures", json={"date": "2025-04-15", "reason": "The heating failed."}), 201)
    yield story
    absence = away(story, "sup", "2025-04-09", "unplanned")
    sent(story)
    story.at("2025-04-22T09:00")
    yield story
    held = story.open("sup", "sessions", **meeting("2025-04-22T10:00", "wkr2", "combined" if category else "personal"))
    story.at("2025-04-22T11:30")
    story.move("sup", held, "hold", held_at=london("2025-04-22T11:30"), minutes=60)
    ill = story.one("hr1", workflow="absence", party="wkr")
    if ill["closed_at"] is None:
        story.move("hr1", ill, "return", last_day="2025-04-21")
    story.move("hr1", absence, "return", last_day="2025-04-21")
    yield story
    ok(story.send("admin", "DELETE", "/closures", json={"date": "2025-04-15"}))
    story.at("2025-05-20T09:00")
    yield story


def dates(story: Story) -> list[dict[str, Any]]:
    return [d for matter in story.items("admin", "/matters") for d in matter["deadlines"]]


def check(shown: dict[str, Any]) -> None:
    receipt, due = shown["receipt"], shown["due"]
    assert shown["status"] in STATUSES
    assert receipt["due"] == due
    assert recompute(receipt) == (datetime.fromisoformat(due) if due else None), shown
    for name, kind in KINDS.items():
        assert isinstance(receipt[name], kind), (name, receipt)
    assert all(set(anchor) == {"event", "at"} for anchor in receipt["anchors"])
    assert receipt["anchors"]
    assert set(receipt["calendar"]) == {"id", "version"}
    assert receipt["chosen"] in ("only", "earlier", "later")
    assert all({"due", "because"} <= set(candidate) for candidate in receipt["candidates"])
    assert (receipt["chosen"] == "only") == (not receipt["candidates"])
    assert all(set(skipped) == {"date", "because"} and skipped["because"] for skipped in receipt["skipped"])
    assert all(set(pause) == {"from", "to", "because"} and pause["because"] for pause in receipt["pauses"])
    if shown["status"] == "paused":
        assert due is None
        assert receipt["left"]


@pytest.mark.parametrize("policy", POLICIES)
def test_every_receipt_of_a_council_yields_its_due_instant_again(sandbox: Sandbox, policy: str) -> None:
    seen: set[tuple[str, str]] = set()
    for story in busy_spring(sandbox, policy):
        for shown in dates(story):
            check(shown)
            seen.add((shown["name"], shown["status"]))

    assert {status for _, status in seen} >= {"running", "met", "missed", "superseded"}
    assert {name for name, _ in seen} >= {"supervise_by", "circulate_by", "hold_or_cancel", "remind_by", "climb_by"}


@pytest.mark.clause("CBC-42", "CBC-58")
def test_bank_holidays_and_closures_in_a_window_are_named_and_weekends_are_not(sandbox: Sandbox) -> None:
    story = sandbox.story(now="2025-04-16T09:00")
    ok(story.send("admin", "POST", "/closures", json={"date": "2025-04-23", "reason": "The heating failed."}), 201)

    window = deadline(sent(story), "sign_by")

    assert window["due"] == london("2025-04-28T23:59:59")
    assert [skipped["date"] for skipped in window["receipt"]["skipped"]] == ["2025-04-18", "2025-04-21", "2025-04-23"]
    assert (window["receipt"]["counted"], window["receipt"]["clause"]) == (
        "5 working days",
        window["receipt"]["clause"],
    )
    assert "CBC-58" in window["receipt"]["clause"]


@pytest.mark.clause("CBC-42")
def test_a_pause_is_named_with_its_days_and_what_is_left(story: Story) -> None:
    record = sent(story)
    story.at("2025-03-05T09:00")
    absence = away(story, "wkr", "2025-03-05")

    paused = deadline(story.matter("wkr", record), "sign_by")
    assert (paused["status"], paused["due"], paused["receipt"]["left"]) == ("paused", None, "4 working days")
    assert paused["receipt"]["pauses"] == [{"from": "2025-03-05", "to": None, "because": "absent"}]

    story.at("2025-03-10T09:00")
    story.move("hr1", absence, "return", last_day="2025-03-09")

    running = deadline(story.matter("wkr", record), "sign_by")
    assert (running["status"], running["due"]) == ("running", london("2025-03-13T23:59:59"))
    assert running["receipt"]["pauses"] == [{"from": "2025-03-05", "to": "2025-03-09", "because": "absent"}]
    assert running["receipt"]["left"] is None


def test_a_product_default_says_that_it_is_one(sandbox: Sandbox) -> None:
    story = sandbox.story("darlington")

    assert deadline(drafted(story), "circulate_by")["receipt"]["clause"] == "product default"


@pytest.mark.clause("NS-30", "NS-32")
def test_the_later_of_two_dates_shows_both(sandbox: Sandbox) -> None:
    story = sandbox.story("north-somerset", cases=[{**CASE, "category": "child-in-need", "allocated_on": "2025-02-24"}])
    story.at("2025-04-07T10:00")
    story.open("sup", "frequencies", case="c1", category="child-protection", reason="Conference today.")

    found = deadline(story.one("sup", workflow="frequency", case="c1", open=True), "supervise_by")

    receipt = found["receipt"]
    assert (found["due"], receipt["chosen"]) == (london("2025-04-07T23:59:59"), "later")
    assert [candidate["due"] for candidate in receipt["candidates"]] == [
        london("2025-04-07T23:59:59"),
        london("2025-03-31T23:59:59"),
    ]
    check(found)
