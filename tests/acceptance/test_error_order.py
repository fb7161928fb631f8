"""Which of several mistakes is answered: who you are, what you may see, whose move it is, what you sent, the rules."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.acceptance.beginnings import booked, drafted, meeting, sent
from tests.fixtures.served import Story, as_moved, ok, problem

NONSENSE: dict[str, Any] = {"trigger": 7, "colour": "red"}
CANCEL = {"cause": "diary", "reason": "A hearing."}
POSTS = (
    "/sessions",
    "/records",
    "/disputes",
    "/frequencies",
    "/absences",
    "/closures",
    "/people/import",
    "/cases/import",
)


def move(story: Story, token: str | None, matter: str, **more: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return story.client.post(f"/matters/{matter}/moves", headers=headers, **more)


# -- 401 before all else
@pytest.mark.parametrize("path", [*POSTS, "/sandbox/clock", "/sandbox/notices/bounce"])
def test_whoever_sends_no_token_is_not_told_what_else_is_wrong(story: Story, path: str) -> None:
    headers = {"Content-Type": "text/plain", "If-Match": "nonsense"}

    problem(story.client.post(path, content=b"{", headers=headers), 401, "no_token")


@pytest.mark.parametrize("path", [*POSTS, "/sandbox/clock", "/sandbox/notices/bounce"])
def test_whoever_sends_an_unknown_token_is_not_told_what_else_is_wrong(story: Story, path: str) -> None:
    headers = {"Content-Type": "text/plain", "Authorization": "Bearer sup_made-up"}

    problem(story.client.post(path, content=b"{", headers=headers), 401, "unknown_token")


def test_a_move_without_a_token_says_nothing_about_the_matter(story: Story) -> None:
    problem(move(story, None, booked(story)["id"], json=NONSENSE), 401, "no_token")
    problem(move(story, "sup_made-up", str(uuid4()), json=NONSENSE), 401, "unknown_token")


def test_no_token_comes_before_a_parameter_that_cannot_be_read(story: Story) -> None:
    problem(story.client.get("/matters", params={"limit": 0}), 401, "no_token")


def test_taking_a_closure_back_without_a_token_is_401_as_well(story: Story) -> None:
    problem(story.client.request("DELETE", "/closures", json=NONSENSE), 401, "no_token")


# -- 404 for whoever may not see the matter
@pytest.mark.parametrize("body", [{"trigger": "cancel", "data": CANCEL}, {"trigger": "fly"}, NONSENSE])
def test_who_may_not_see_the_matter_gets_404_whatever_they_send(story: Story, body: dict[str, Any]) -> None:
    session = booked(story)
    story.move("sup", session, "cancel", **CANCEL)

    answer = story.send("wkr2", "POST", f"/matters/{session['id']}/moves", {"If-Match": '"1"'}, json=body)

    assert problem(answer, 404, "not_found") == problem(
        story.send("wkr2", "POST", f"/matters/{uuid4()}/moves", json=body), 404, "not_found"
    )


def test_a_body_that_cannot_be_read_does_not_tell_that_a_matter_exists(story: Story) -> None:
    problem(story.send("wkr2", "POST", f"/matters/{booked(story)['id']}/moves", content=b"{"), 404, "not_found")


# -- 403 for whoever sees it and has not this move
def test_whose_move_it_is_not_is_not_told_what_is_wrong_with_it(story: Story) -> None:
    record = sent(story)

    problem(story.try_move("sup", record, "sign", {"nonsense": 1}, {"If-Match": '"99"'}), 403, "not_your_move")


def test_whose_move_it_is_not_gets_403_in_every_state(story: Story) -> None:
    record = story.move("wkr", sent(story), "sign")

    problem(story.try_move("sup", record, "sign"), 403, "not_your_move")


def test_a_reader_of_everything_has_no_moves(story: Story) -> None:
    record = sent(story)

    for who in ("admin", "aud", "hos", "hr1"):
        problem(story.try_move(who, record, "sign"), 403, "not_your_move")


@pytest.mark.parametrize("path", ["/people/import", "/cases/import", "/absences/import", "/closures"])
def test_what_only_administrators_do_is_refused_before_it_is_read(story: Story, path: str) -> None:
    headers = {"Content-Type": "text/csv" if "import" in path else "application/json"}

    problem(story.send("hr1", "POST", path, headers, content=b"nonsense"), 403, "not_your_move")


def test_only_administrators_take_closures_back_and_let_notices_bounce(story: Story) -> None:
    problem(story.send("hr1", "DELETE", "/closures", json=NONSENSE), 403, "not_your_move")
    problem(story.send("hr1", "POST", "/sandbox/notices/bounce", json=NONSENSE), 403, "not_your_move")


def test_a_matter_that_is_not_theirs_to_open_is_refused_before_the_rules_are_asked(story: Story) -> None:
    problem(story.try_open("sup2", "sessions", {**meeting(), "cases": ["c9"]}), 403, "not_your_move")
    problem(
        story.try_open("wkr2", "disputes", {"supervisee": "wkr", "about": "record", "statement": "x"}),
        403,
        "not_your_move",
    )


def test_whom_the_list_does_not_have_is_answered_like_whom_one_does_not_supervise(story: Story) -> None:
    unknown = problem(story.try_open("sup", "sessions", meeting(supervisee="nobody")), 403, "not_your_move")

    assert unknown == problem(story.try_open("sup", "sessions", meeting(supervisee="lm")), 403, "not_your_move")


# -- 422 before what the rules say
def test_fields_are_checked_before_the_version(story: Story) -> None:
    session = booked(story)

    problem(story.try_move("sup", session, "cancel", {}, {"If-Match": '"99"'}), 422, "invalid")


def test_fields_are_checked_before_the_rules(story: Story) -> None:
    session = booked(story)
    story.move("sup", session, "cancel", **CANCEL)

    problem(story.try_move("sup", session, "cancel", {}), 422, "invalid")


def test_fields_are_checked_before_a_replay(story: Story) -> None:
    session, key = booked(story), {"Idempotency-Key": "once"}
    ok(story.try_move("sup", session, "cancel", CANCEL, key))

    problem(story.try_move("sup", session, "cancel", {}, key), 422, "invalid")


# -- a replay before the version, the version before the rules
def test_a_replay_comes_before_the_version(story: Story) -> None:
    session, headers = booked(story), {"Idempotency-Key": "once", "If-Match": '"1"'}
    first = story.try_move("sup", session, "cancel", CANCEL, headers)

    again = story.try_move("sup", session, "cancel", CANCEL, headers)

    assert ok(again) == ok(first)


def test_a_reused_key_comes_before_the_version(story: Story) -> None:
    session, headers = booked(story), {"Idempotency-Key": "once", "If-Match": '"1"'}
    ok(story.try_move("sup", session, "cancel", CANCEL, headers))

    other = story.try_move("sup", session, "cancel", {**CANCEL, "reason": "Another."}, headers)

    problem(other, 409, "key_reused")


def test_a_stale_version_comes_before_the_rules(story: Story) -> None:
    session = booked(story)
    story.move("sup", session, "cancel", **CANCEL)

    problem(story.try_move("sup", session, "cancel", CANCEL, {"If-Match": '"1"'}), 412, "stale")
    problem(story.try_move("sup", session, "cancel", CANCEL, {"If-Match": '"2"'}), 409, "refused")


# -- If-Match
def test_a_move_on_the_version_that_was_read_is_taken(story: Story) -> None:
    record = drafted(story)
    answer = story.try_move("sup", record, "circulate", {}, {"If-Match": f'"{record["version"]}"'})

    assert ok(answer)["version"] == record["version"] + 1
    assert answer.headers["etag"] == f'"{record["version"] + 1}"'


@pytest.mark.parametrize("version", ['"0"', '"2"', "2", 'W/"2"'])
def test_a_move_on_another_version_is_stale_and_changes_nothing(story: Story, version: str) -> None:
    record = drafted(story)

    problem(story.try_move("sup", record, "circulate", {}, {"If-Match": version}), 412, "stale")

    assert as_moved(story.matter("sup", record)) == record


def test_a_star_matches_every_version(story: Story) -> None:
    ok(story.try_move("sup", drafted(story), "circulate", {}, {"If-Match": "*"}))
