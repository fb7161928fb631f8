"""What happens if nobody acts is foretold, changes nothing, and comes true when nobody does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.acceptance.beginnings import CASE, away, booked, disputed, drafted, meeting, raised, sent
from tests.fixtures.served import Sandbox, Story, london, problem

TEAM = ("ad", "hos", "lm", "sup", "sup2", "wkr", "wkr2", "bs", "hr1", "aud", "admin")
CATEGORY = {
    "central-bedfordshire": "family-support", "north-somerset": "child-in-need", "darlington": "rated",
    "haringey": "adult",
}  # fmt: skip


def cancelled(story: Story) -> dict[str, Any]:
    session = booked(story)
    story.move("sup", session, "cancel", cause="diary", reason="A hearing.")
    return story.one("sup", workflow="cancellation", parent=session["id"])


def rebooked(story: Story) -> dict[str, Any]:
    cancellation = cancelled(story)
    replacement = booked(story, "2025-03-10T10:00")
    return story.move("sup", cancellation, "rebook", session=replacement["id"])


def waiting(story: Story) -> dict[str, Any]:
    away(story, "wkr")
    session = booked(story)
    story.move("sup", session, "cancel", cause="sickness", whose="wkr", reason="Ill.")
    return story.one("sup", workflow="cancellation", parent=session["id"])


def escalated(story: Story) -> dict[str, Any]:
    return story.move("wkr", raised(story), "escalate")


def owed(story: Story) -> dict[str, Any]:
    return story.one("wkr", workflow="entitlement", party="wkr", open=True)


def owed_with_a_session_in_the_last_days(story: Story) -> dict[str, Any]:
    entitlement = owed(story)
    [due] = [d["due"] for d in entitlement["deadlines"] if d["name"] == "supervise_by"]
    booked(story, f"{due[:10]}T10:00")
    return entitlement


def supervised_case(story: Story) -> dict[str, Any]:
    return story.one("sup", workflow="frequency", case="c1", open=True)


def paused(story: Story) -> dict[str, Any]:
    away(story, "wkr")
    return sent(story)


def undelivered(story: Story) -> dict[str, Any]:
    story.send("admin", "POST", "/sandbox/notices/bounce", json={"person": "wkr"})
    return sent(story)


def supervisor_away(story: Story) -> dict[str, Any]:
    return away(story, "sup", cause="unplanned")


def away_for_a_while(story: Story) -> dict[str, Any]:
    body = {"person": "wkr", "first_day": "2025-03-06", "expected_return": "2025-03-14", "cause": "planned"}
    return story.open("hr1", "absences", **body)


BEGINNINGS = (
    booked, drafted, sent, disputed, raised, escalated, cancelled, rebooked, waiting, owed,
    owed_with_a_session_in_the_last_days, supervised_case, paused, undelivered, supervisor_away, away_for_a_while,
)  # fmt: skip
POLICIES = ("central-bedfordshire", "darlington", "haringey", "leeds", "north-somerset")
#: In Leeds no case has a frequency of its own.
NOT_THERE = {("leeds", supervised_case)}
#: What every policy times in its own way; the rest is told under two of them.
TIMED_BY_POLICY = (drafted, sent, cancelled, rebooked, owed, supervised_case)
FORETOLD = [
    pytest.param(policy, beginning, id=f"{policy}-{beginning.__name__}")
    for policy in POLICIES
    for beginning in (BEGINNINGS if policy in POLICIES[::4] else TIMED_BY_POLICY)
    if (policy, beginning) not in NOT_THERE
]


def begun(sandbox: Sandbox, policy: str) -> Story:
    registered = [{"ref": "sup", "professional_registration": "SWE"}]
    category = CATEGORY.get(policy)
    return sandbox.story(policy, people=registered, cases=[{**CASE, "category": category}] if category else [])


def foretold(story: Story, matter: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = story.get("admin", f"/matters/{matter['id']}/what-if-nothing")["items"]
    return items


def whole(story: Story) -> list[Any]:
    return [
        story.items("admin", "/matters"), story.items("admin", "/incidents"), story.get("admin", "/sandbox/clock"),
        [story.items(who, "/notices") for who in ("sup", "wkr", "lm")],
    ]  # fmt: skip


def steps_after(story: Story, matter: dict[str, Any], version: int) -> list[tuple[str, str, str]]:
    steps = story.items("admin", f"/matters/{matter['id']}/history")
    return [(s["trigger"], s["at"], s["dest"]) for s in steps if s["seq"] > version]


def told_about(story: Story, matter: dict[str, Any], since: str) -> set[tuple[str, str, str]]:
    mine = [(who, n) for who in TEAM for n in story.items(who, "/notices") if n["about"] == matter["id"]]
    return {(who, n["kind"], n["at"]) for who, n in mine if n["at"] > since}


def begin(story: Story, beginning: Callable[[Story], dict[str, Any]]) -> dict[str, Any]:
    return story.matter("admin", beginning(story))


@pytest.mark.parametrize(("policy", "beginning"), FORETOLD)
def test_what_is_foretold_comes_true(
    sandbox: Sandbox, policy: str, beginning: Callable[[Story], dict[str, Any]]
) -> None:
    story = begun(sandbox, policy)
    matter = begin(story, beginning)

    items = foretold(story, matter)
    if items:
        story.at(items[-1]["at"][:19])

    expected = [(item["trigger"], item["at"], item["state"]) for item in items]
    assert steps_after(story, matter, matter["version"])[: len(expected)] == expected


@pytest.mark.parametrize("beginning", [sent, drafted, raised, escalated, cancelled, owed, booked, supervisor_away])
def test_who_is_foretold_to_be_told_is_told_then(
    sandbox: Sandbox, beginning: Callable[[Story], dict[str, Any]]
) -> None:
    story = begun(sandbox, "central-bedfordshire")
    matter = begin(story, beginning)
    since = story.get("admin", "/sandbox/clock")["now"]

    items = foretold(story, matter)
    expected = {(n["to"], n["kind"], n["at"]) for item in items for n in item["told"]}
    story.at(max(at for _, _, at in expected)[:19])

    last = items[-1]["at"]
    assert {row for row in told_about(story, matter, since) if row[2] <= last} <= expected
    assert expected <= told_about(story, matter, since)


@pytest.mark.parametrize("policy", POLICIES)
def test_asking_changes_nothing(sandbox: Sandbox, policy: str) -> None:
    story = begun(sandbox, policy)
    for beginning in (sent, escalated, cancelled):
        beginning(story)
    before = whole(story)

    for matter in story.items("admin", "/matters"):
        foretold(story, matter)

    assert whole(story) == before


def test_it_says_who_will_be_told_what_and_when(story: Story) -> None:
    [first, *_] = foretold(story, story.matter("wkr", sent(story)))

    assert {name: value for name, value in first.items() if name != "told"} == {
        "at": london("2025-03-11T00:00"), "deadline": "sign_by", "trigger": "deem", "state": "deemed_accepted",
        "holder": first["holder"],
    }  # fmt: skip
    told = {(n["to"], n["kind"], n["at"]) for n in first["told"]}
    assert told == {
        ("wkr", "deemed_accepted", london("2025-03-11T09:00")),
        ("sup", "deemed_accepted", london("2025-03-11T09:00")),
    }
    assert all(n["subject"] for n in first["told"])


def test_the_foretold_are_in_the_order_of_their_instants_and_not_endless(story: Story) -> None:
    items = foretold(story, story.matter("wkr", raised(story)))

    assert [i["at"] for i in items] == sorted(i["at"] for i in items)
    assert 2 <= len(items) <= 50


def test_nothing_happens_to_what_is_over(story: Story) -> None:
    record = story.move("wkr", sent(story), "sign")

    assert story.get("wkr", f"/matters/{record['id']}/what-if-nothing") == {"items": [], "next_cursor": None}


def test_it_carries_nothing_that_was_written(story: Story) -> None:
    dispute = raised(story, "Quarrelsome marmalade.")

    assert "marmalade" not in str(foretold(story, dispute))


def test_only_who_sees_the_matter_may_ask(story: Story) -> None:
    record = sent(story)

    problem(story.send("wkr2", "GET", f"/matters/{record['id']}/what-if-nothing"), 404, "not_found")
    assert story.get("wkr", f"/matters/{record['id']}/what-if-nothing")["items"]


@pytest.mark.parametrize("path", ["", "/history", "/what-if-nothing"])
def test_it_is_asked_of_every_matter_that_the_service_opens(story: Story, path: str) -> None:
    story.open("sup", "sessions", **meeting())

    for matter in story.items("admin", "/matters"):
        assert story.get("admin", f"/matters/{matter['id']}{path}")
