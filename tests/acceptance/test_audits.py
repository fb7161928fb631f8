"""Audits over HTTP: drawn by the clock, reported, and learned from in the next session that is held."""

from __future__ import annotations

from typing import Any

import pytest

from tests.acceptance.beginnings import CASE
from tests.fixtures.served import Sandbox, Story, deadline, london, ok, problem

WORD = "marmalade"
AUDITORS = ({"ref": "aud2", "job_role": "quality_officer", "line_manager_ref": "ad", "app_roles": "auditor"},)
EVERYBODY = ("wkr", "sup", "wkr2", "sup2", "bs", "lm", "hos", "ad", "hr1", "aud", "aud2", "admin")


def told_until_the_draw(sandbox: Sandbox, policy: str = "central-bedfordshire") -> Story:
    """A council with one case on the day of its first draw."""
    story = sandbox.story(policy, people=AUDITORS, cases=[CASE])
    story.at("2025-04-01T09:00")
    return story


def drawn(story: Story) -> dict[str, Any]:
    """The audit of the one case, as an auditor finds it in the queue."""
    [audit] = [m for m in story.items("aud", "/inbox") if m["kind"] == "case_sample"]
    return audit


def reported(story: Story) -> dict[str, Any]:
    """The audit of the one case, reported with something to learn."""
    story.move("aud", drawn(story), "take")
    findings = {"frequency": f"Monthly, with {WORD}."}
    return story.move("aud", drawn_by(story), "report", findings=findings, learning=[f"Less {WORD}."])


def drawn_by(story: Story) -> dict[str, Any]:
    """The audit of the one case, whatever its state."""
    found: dict[str, Any] = next(m for m in story.items("aud", "/matters", workflow="audit", case="c1"))
    return found


def case_session(story: Story, starts_at: str) -> dict[str, Any]:
    """A session on the case that is booked."""
    return story.open(
        "sup", "sessions", supervisee="wkr", kind="case", starts_at=london(starts_at), minutes=60, cases=["c1"]
    )


@pytest.mark.clause("CBC-49", "CBC-53", "CBC-84")
def test_from_the_draw_to_the_record_that_carries_the_learning(either_sandbox: Sandbox) -> None:
    story = told_until_the_draw(either_sandbox)
    audit = drawn(story)
    assert (audit["state"], audit["case"], audit["holder_role"], audit["parties"]) == ("drawn", "c1", "auditor", {})
    assert deadline(audit, "report_by")["receipt"]["clause"] == "product default"

    audit = reported(story)
    assert (audit["state"], audit["parties"]) == ("learning_due", {"supervisee": "wkr", "supervisor": "sup"})
    assert story.matter("wkr", audit)["data"]["learning"] == {"1": f"Less {WORD}."}
    assert audit["id"] in story.inbox("sup")

    session = case_session(story, "2025-04-08T10:00")
    story.at("2025-04-08T11:00")
    story.move("sup", session, "hold", held_at=london("2025-04-08T11:00"), minutes=60)

    record = story.one("sup", workflow="record", parent=session["id"])
    assert record["data"]["audit_learning"] == [audit["id"]]
    assert {"name": "case_audit", "clause": "CBC-53"} in record["data"]["empty_sections"]
    assert story.matter("aud", audit)["state"] == "closed"
    assert story.triggers("aud", audit) == ["open", "take", "report", "learned"]


@pytest.mark.clause("CBC-53", "CBC-84")
def test_an_audit_s_actions_stand_under_their_own_heading_with_what_is_done(either_sandbox: Sandbox) -> None:
    story = told_until_the_draw(either_sandbox)
    audit = reported(story)
    [action] = story.items("wkr", "/people/wkr/actions")
    assert (action["kind"], action["case"], action["parent"]) == ("case_audit", "c1", audit["id"])
    assert (action["data"]["what"], action["holder"]) == (f"Less {WORD}.", "wkr")
    session = case_session(story, "2025-04-08T10:00")
    story.at("2025-04-08T11:00")
    story.move("sup", session, "hold", held_at=london("2025-04-08T11:00"), minutes=60)
    record = story.one("sup", workflow="record", parent=session["id"])
    marked = {"action": action["id"], "audit": audit["id"], "owner": "wkr", "due": "2025-07-01"}
    heading = {"heading": "Case audit", "clause": "CBC-84"}
    assert record["data"]["case_audit"] == {**heading, "actions": [{**marked, "mark": "outstanding"}]}
    refused = problem(story.try_move("sup", record, "circulate"), 409, "refused")
    assert refused["guard"] == "audits_are_answered"

    story.move("wkr", action, "complete")
    sent = story.move("sup", record, "circulate", sections={"case_audit": "Done at once."})

    assert sent["data"]["case_audit"] == {**heading, "actions": [{**marked, "mark": "done"}]}


@pytest.mark.clause("CBC-53")
def test_after_a_cancelled_session_the_learning_waits_for_the_next_one_held(either_sandbox: Sandbox) -> None:
    story = told_until_the_draw(either_sandbox)
    audit = reported(story)
    cancelled = case_session(story, "2025-04-08T10:00")
    story.move("sup", cancelled, "cancel", cause="emergency", reason="A child came first.")
    assert story.matter("aud", audit)["state"] == "learning_due"

    replacement = case_session(story, "2025-04-10T10:00")
    story.at("2025-04-10T11:00")
    story.move("sup", replacement, "hold", held_at=london("2025-04-10T11:00"), minutes=60)

    assert story.matter("aud", audit)["state"] == "closed"
    record = story.one("sup", workflow="record", parent=replacement["id"])
    assert record["data"]["audit_learning"] == [audit["id"]]


# -- who sees it
def standings(story: Story, matter: dict[str, Any]) -> dict[str, str]:
    """What everybody gets to see of an audit who sees anything."""
    found = {}
    for who in EVERYBODY:
        answer = story.send(who, "GET", f"/matters/{matter['id']}")
        if answer.status_code != 404:
            found[who] = "reads" if ok(answer)["data"] else "shell"
            if found[who] == "shell":
                assert WORD not in str(story.get(who, f"/matters/{matter['id']}/history"))
        listed = matter["id"] in {m["id"] for m in story.items(who, "/matters", workflow="audit")}
        assert listed == (answer.status_code != 404)
    return found


@pytest.mark.clause("CBC-64", "DAR-25", "NS-21")
@pytest.mark.parametrize("policy", ["central-bedfordshire", "north-somerset"])
def test_an_audit_is_the_auditors_until_it_is_reported_and_then_also_the_parties(
    either_sandbox: Sandbox, policy: str
) -> None:
    category = {"north-somerset": "child-in-need"}.get(policy, CASE["category"])
    story = either_sandbox.story(policy, people=AUDITORS, cases=[{**CASE, "category": category}])
    auditors = {"aud": "reads", "aud2": "reads", "admin": "shell"}
    audit = story.open("aud", "audits", kind="case_sample", case="c1")
    assert standings(story, audit) == auditors
    question = audit["data"]["form"][0]["name"]

    story.move("aud", audit, "take")
    assert standings(story, audit) == auditors
    story.move("aud", audit, "report", findings={question: f"With {WORD}."}, learning=[f"Less {WORD}."])

    assert standings(story, audit) == {**auditors, "wkr": "reads", "sup": "reads"}
    assert WORD not in str([story.items(who, "/notices") for who in EVERYBODY])


def test_the_programmes_are_the_auditors_and_the_administrator_sees_that_they_run(sandbox: Sandbox) -> None:
    story = told_until_the_draw(sandbox)
    programme = next(m for m in story.items("aud", "/matters", workflow="audit") if m["state"] == "running")

    assert standings(story, programme) == {"aud": "reads", "aud2": "reads", "admin": "shell"}
    assert story.get("aud", f"/matters/{programme['id']}/what-if-nothing")["items"]


# -- by hand
def test_only_auditors_open_audits(story: Story) -> None:
    for who in ("sup", "wkr", "hr1", "admin"):
        problem(story.try_open(who, "audits", {"kind": "survey"}), 403, "not_your_move")
    problem(story.try_open("aud", "audits", {"kind": "weather"}), 422, "invalid")


@pytest.mark.clause("CBC-49")
def test_a_sample_from_an_empty_team_is_refused_with_the_clause(story: Story) -> None:
    refused = problem(story.try_open("aud", "audits", {"kind": "case_sample", "team_manager": "sup2"}), 409, "refused")

    assert "(CBC-49)" in str(refused)


@pytest.mark.clause("CBC-49")
def test_a_sample_by_hand_is_drawn_with_the_seed_that_is_given(either_sandbox: Sandbox) -> None:
    cases = [{**CASE, "ref": f"c{number}"} for number in range(1, 6)]
    story = either_sandbox.story(people=AUDITORS, cases=cases)

    audit = story.open("aud", "audits", kind="case_sample", team_manager="sup", seed="winter-2025")

    assert (audit["data"]["seed"], audit["data"]["drawn_from"]) == ("winter-2025", 5)
    assert audit["case"] in {case["ref"] for case in cases}
    problem(story.try_move("sup", audit, "take"), 404, "not_found")


@pytest.mark.clause("CBC-52")
def test_of_a_survey_two_counts_are_kept(story: Story) -> None:
    survey = story.move("aud", story.open("aud", "audits", kind="survey"), "take")

    problem(story.try_move("aud", survey, "close", {"responses": 2, "invited": 3, "said": WORD}), 422, "invalid")
    closed = story.move("aud", survey, "close", responses=21, invited=30)

    assert (closed["state"], closed["data"]["responses"], closed["data"]["invited"]) == ("closed", 21, 30)
