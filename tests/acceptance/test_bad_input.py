"""What a browser sends that no field of ours would have sent is answered with a sentence, and what was typed stays."""

from __future__ import annotations

import base64
import html
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.acceptance.beginnings import booked
from tests.acceptance.browsing import browsing, form_on
from tests.acceptance.test_pages_of_incidents import report
from tests.acceptance.test_pages_of_requests import in_review, withhold
from tests.acceptance.test_pages_of_requests import story as story_with_a_case
from tests.fixtures.served import problem

if TYPE_CHECKING:
    from tests.fixtures.served import Story

__all__ = ["story_with_a_case"]

TOO_LONG = "It took an hour to write this. " * 700
HUGE = "9" * 30
NEXT_WEEK = {
    "starts_at-day": "10", "starts_at-month": "3", "starts_at-year": "2025", "starts_at-time": "10:00", "minutes": "60",
}  # fmt: skip


def comes_back(answer: httpx.Response, typed: str) -> str:
    """The page of an answer that asks to mend something and has still what was typed."""
    assert answer.status_code == 422, answer.text[:2_000]
    assert typed.strip() in html.unescape(answer.text)
    said = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))
    assert "There is a problem" in said
    return said


@pytest.mark.parametrize("cookie", ["x", "sup_made-up"])
def test_a_proof_that_nobody_could_have_been_given_is_none(story: Story, cookie: str) -> None:
    with browsing(story, "wkr") as browser:
        assert browser.post("/find", data={"proof": "é", "typed": "x"}).status_code == 403
    base = story.client.base_url.copy_with(path="/")

    with httpx.Client(base_url=base, cookies={"supervision": cookie}) as client:
        assert client.post("/find", data={"proof": "é", "typed": "x"}).status_code in (401, 403)


def test_a_concern_whose_reason_is_too_long_comes_back_with_it(story: Story) -> None:
    with browsing(story, "wkr") as browser:
        form = {
            **form_on(browser.get("/start/concerns")),
            "about": "quality",
            "statement": "My words.",
            "route": "past",
        }
        day = {"tried_on-day": "3", "tried_on-month": "2", "tried_on-year": "2025"}
        answers = [browser.post("/start/concerns", data={**form, **on, "tried": TOO_LONG}) for on in ({}, day)]
        long_ago = browser.post("/start/concerns", data={**form, **day, "tried_on-year": "1700", "tried": "I asked."})

    for answer in answers:
        assert "String should have at most 20000 characters" in comes_back(answer, TOO_LONG)
    comes_back(long_ago, "I asked.")
    assert story.items("wkr", "/matters", workflow="concern") == []


@pytest.mark.parametrize(
    "typed",
    [{"reason": TOO_LONG}, {"cause": "zzz"}, {"whose": "a\tb"}, {"starts_at-day": HUGE}, {"starts_at-year": HUGE},
     {"starts_at-time": f"{HUGE}:00"}, {"starts_at-time": f"10:{HUGE}"}, {"minutes": HUGE}, {"minutes": "9" * 5_000},
     {"starts_at-year": "9999"}, {"starts_at-year": "100"}],
    ids=["reason", "cause", "whose", "day", "year", "hour", "minute", "minutes", "digits", "far", "long ago"],
)  # fmt: skip
def test_a_new_date_that_cannot_be_taken_comes_back_with_what_was_typed(story: Story, typed: dict[str, str]) -> None:
    address = f"/matters/{booked(story)['id']}/moves/rebook"
    given = {**NEXT_WEEK, "cause": "sickness", "reason": "Somebody is ill.", **typed}

    with browsing(story, "sup") as browser:
        answer = browser.post(address, data={**form_on(browser.get(address)), **given})

    comes_back(answer, given["reason"])
    assert story.items("sup", "/matters", workflow="cancellation") == []


def test_an_incident_is_not_let_go_for_a_reason_that_is_too_long(story: Story) -> None:
    report(story, "Nobody was left to ask.")
    [incident] = story.items("admin", "/incidents")
    address = f"/incidents/{incident['id']}/release"

    with browsing(story, "admin") as browser:
        answer = browser.post(address, data={**form_on(browser.get(address)), "reason": TOO_LONG})

    assert "at most 20000 characters" in comes_back(answer, TOO_LONG)
    assert len(story.items("admin", "/incidents", open="true")) == 1


@pytest.mark.parametrize("opened", ["abc", "2025-13-40", "0001-01-01", HUGE])
def test_no_closure_is_taken_back_on_what_is_no_day(story: Story, opened: str) -> None:
    with browsing(story, "admin") as browser:
        answer = browser.post("/calendar", data={**form_on(browser.get("/calendar")), "open": opened})

    assert answer.status_code == 422
    assert "The council has no closure on" in html.unescape(answer.text)
    assert "Enter the day" not in answer.text


@pytest.mark.parametrize("year", ["9999", "100", "1700", HUGE])
def test_a_closure_too_far_away_to_count_with_is_asked_for_again(story: Story, year: str) -> None:
    day = {"date-day": "1", "date-month": "12", "date-year": year, "reason": "Storm"}

    with browsing(story, "admin") as browser:
        answer = browser.post("/calendar", data={**form_on(browser.get("/calendar")), **day})

    comes_back(answer, "Storm")


@pytest.mark.parametrize("path", ["/", "/notices", "/me/looked", "/incidents", "/matters", "/service/notices"])
@pytest.mark.parametrize("depth", [370, 3_000])
def test_a_cursor_that_is_all_brackets_is_no_cursor(story: Story, path: str, depth: int) -> None:
    cursor = base64.urlsafe_b64encode(b"[" * depth).decode()

    with browsing(story, "admin") as browser:
        assert browser.get(path, params={"cursor": cursor}).status_code in (400, 422)
    assert story.send("admin", "GET", "/notices", params={"cursor": cursor}).status_code in (400, 422)


@pytest.mark.parametrize(
    "given",
    [
        {"since-year": HUGE},
        {"since-year": "9999"},
        {"since-year": "100"},
        {"carry-supervise_by": "zzz"},
        {"text": "a = " + "[" * 900},
    ],
    ids=["huge", "far", "long ago", "carry", "brackets"],
)
def test_a_policy_that_cannot_be_applied_so_comes_back(story: Story, given: dict[str, str]) -> None:
    wanted = {"since-day": "1", "since-month": "4", "since-year": "2025", "text": "id = 3", **given}

    with browsing(story, "admin") as browser:
        form = re.findall(r'name="(proof|key)" value="([^"]*)"', browser.get("/policies/apply").text)
        answer = browser.post("/policies/apply", data={**dict(form), **wanted})

    comes_back(answer, wanted["text"])


@pytest.mark.parametrize("body", ["a = " + "[" * 3_000 + "]" * 3_000, "a." * 3_000 + "b = 1", "a = " + "9" * 5_000,
                                  "a = {" + "b = {" * 900 + "}" * 901, "[" + "a." * 3_000 + "b]", "a = " + "9" * 4_000],
                         ids=["brackets", "dots", "digits", "tables", "headings", "fewer digits"])  # fmt: skip
def test_a_policy_nested_without_end_is_refused_with_a_sentence(story: Story, body: str) -> None:
    asked: Any = {"params": {"in_force_from": "2025-04-01", "dry_run": "true"}, "content": body}

    refused = problem(
        story.send("admin", "POST", "/policies", headers={"Content-Type": "application/toml"}, **asked), 422, "invalid"
    )

    assert refused["errors"]


@pytest.mark.parametrize("ground", ["zzz!", "g" * 20_001, "two words"])
def test_a_ground_that_nobody_offered_withholds_nothing(story_with_a_case: Story, ground: str) -> None:
    request, record = in_review(story_with_a_case)
    with browsing(story_with_a_case, "hr1") as browser:
        answer = withhold(browser, request, record, "case_discussion", ground=ground, words="afraid")

    comes_back(answer, "afraid")


@pytest.mark.parametrize("year", ["9999", "100", HUGE])
def test_neither_packs_nor_the_clock_are_asked_for_days_that_nobody_can_count_with(story: Story, year: str) -> None:
    with browsing(story, "aud") as browser:
        day = {"as_at-day": "31", "as_at-month": "12", "as_at-year": year}
        pack = browser.post("/inspection", data={**form_on(browser.get("/inspection")), **day})
        proof = re.findall(r'name="proof" value="([^"]*)"', browser.get("/clock").text)[0]
        at = {"to-day": "31", "to-month": "12", "to-year": year, "to-time": "23:30"}
        clock = browser.post("/clock", data={"proof": proof, **at})

    assert (pack.status_code, clock.status_code) == (422, 422)
