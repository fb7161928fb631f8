"""Agreements, concerns and actions over HTTP: what is sent, what is answered, and who sees it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fixtures.served import Sandbox, Story, deadline, ok, problem

TERMS: dict[str, Any] = {
    "frequency": "calendar month", "location": "the small office", "duration": "90 minutes",
    "supervisee_has_read_policy": True, "supervisor_has_read_policy": True, "handwriting": False,
}  # fmt: skip


# -- agreements
@pytest.mark.clause("CBC-03", "CBC-72", "CBC-80")
def test_the_form_that_the_service_opened_is_filled_in_and_signed_by_both(either_story: Story) -> None:
    begun = either_story.one("wkr", workflow="agreement", party="wkr")
    assert begun["id"] in either_story.inbox("sup")

    filled = either_story.open("sup", "agreements", supervisee="wkr", terms=TERMS)

    assert filled["id"] == begun["id"]
    assert filled["data"]["terms"] == TERMS
    either_story.move("sup", filled, "sign")
    signed = either_story.move("wkr", filled, "sign")
    assert (signed["state"], signed["waiting_for"]) == ("active", [])
    assert deadline(signed, "sign_by")["status"] == "met"
    assert either_story.matter("lm", signed)["data"]["terms"]["location"] == "the small office"
    assert either_story.matter("admin", signed)["data"] == {}


def test_an_agreement_sent_twice_is_filled_in_once(either_story: Story) -> None:
    body, key = {"supervisee": "wkr", "terms": TERMS}, {"Idempotency-Key": "the same"}

    first = ok(either_story.try_open("sup", "agreements", body, key), 201)

    assert ok(either_story.try_open("sup", "agreements", body, key), 201) == first
    assert first["version"] == 2


@pytest.mark.clause("CBC-07", "NS-25", "LDS-39", "DAR-10", "HAR-48")
@pytest.mark.parametrize(
    ("policy", "clause"),
    [
        ("north-somerset", "NS-25"),
        ("leeds", "LDS-38"),
        ("darlington", "DAR-08"),
        ("haringey", "HAR-22"),
        ("central-bedfordshire", "CBC-07"),
    ],
)
def test_six_weekly_supervision_is_refused_with_the_clause(sandbox: Sandbox, policy: str, clause: str) -> None:
    story = sandbox.story(policy)
    body = {"supervisee": "wkr", "terms": {"location": "Room 4.", "every": {"value": 6, "unit": "weeks"}}}

    refused = problem(story.try_open("sup", "agreements", body), 409, "refused")

    assert clause in refused["detail"]


@pytest.mark.parametrize(
    "terms", [{}, {"location": ""}, {"every": {"value": 0, "unit": "weeks"}}, {"Location": "x"}, {"location": 3}]
)
def test_terms_of_no_kind_are_named(story: Story, terms: dict[str, Any]) -> None:
    problem(story.try_open("sup", "agreements", {"supervisee": "wkr", "terms": terms}), 422, "invalid")


# -- concerns
@pytest.mark.clause("CBC-68", "CBC-69")
def test_a_concern_is_settled_above_with_outcomes_or_not_at_all(either_story: Story) -> None:
    concern = either_story.open("wkr", "concerns", about="quality", statement="We never get past the case list.")
    either_story.move("wkr", concern, "attempt", on="2025-03-03", note="Asked for an agenda.")
    either_story.move("wkr", concern, "escalate", reason="Nothing came of it.")

    assert [move["trigger"] for move in either_story.matter("lm", concern)["moves"]] == ["meet", "resolve"]
    problem(either_story.try_move("lm", concern, "resolve", {"outcomes": []}), 422, "invalid")
    settled = either_story.move("lm", concern, "resolve", outcomes=["An agenda.", "change_supervisor"])
    assert settled["state"] == "resolved"
    assert settled["data"]["outcomes"] == "An agenda.\nchange_supervisor"
    assert [child["workflow"] for child in settled["children"]] == ["absence"]


def test_a_concern_is_known_to_the_two_and_the_line_above(story: Story) -> None:
    concern = story.open("wkr", "concerns", about="relationship", statement="No trust.")

    for who in ("sup", "lm", "hos"):
        assert story.matter(who, concern)["data"]["statement"] == "No trust."
    for who in ("wkr2", "sup2", "bs"):
        problem(story.send(who, "GET", f"/matters/{concern['id']}"), 404, "not_found")


# -- actions
@pytest.mark.clause("NS-70", "LDS-36")
def test_a_supervisor_sees_all_open_actions_of_a_worker_on_one_page(either_story: Story) -> None:
    mine, other = (
        either_story.open("sup", "actions", what=what, why="Agreed.", owner=owner, due="2025-03-14", supervisee="wkr")
        for what, owner in (("Ring the school", "wkr"), ("Ask for a place", "sup"))
    )
    done = either_story.open("sup", "actions", what="Write", why="Agreed.", owner="wkr", due="2025-03-14")
    either_story.move("wkr", done, "complete")
    either_story.move("sup", done, "sign_off")

    page = either_story.items("sup", "/people/wkr/actions")

    assert {(one["id"], one["data"]["what"], one["holder"]) for one in page} == {
        (mine["id"], "Ring the school", "wkr"),
        (other["id"], "Ask for a place", "sup"),
    }
    assert either_story.items("wkr2", "/people/wkr/actions") == []


@pytest.mark.clause("HAR-27", "CBC-83")
@pytest.mark.parametrize("missing", ["what", "why", "owner", "due"])
def test_an_action_without_what_why_whose_or_when_is_not_taken(story: Story, missing: str) -> None:
    body = {"what": "Ring", "why": "Agreed.", "owner": "wkr", "due": "2025-03-14"}
    del body[missing]

    problem(story.try_open("sup", "actions", body), 422, "invalid")
