"""Tokens: shown once, kept only as a hash, good until they are revoked or expire, and of one organisation."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, update

from service.identity.scopes import hash_of
from service.identity.tokens import PREFIX, revoke
from service.storage.council_tables import tokens
from service.storage.matter_tables import idempotency_keys
from tests.acceptance.beginnings import meeting
from tests.fixtures.served import Sandbox, Story, ok, problem


def new_token(story: Story, who: str) -> str:
    body = {"organisation": story.organisation, "person": who}
    token: str = ok(story.client.post("/sandbox/tokens", json=body), 201)["token"]
    return token


def authorized(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_token_is_known_by_its_prefix_and_kept_as_a_hash(either_story: Story) -> None:
    token, own = new_token(either_story, "wkr"), UUID(either_story.organisation)

    with either_story.door.database.read(own) as connection:
        kept = connection.execute(select(tokens).where(tokens.c.organisation_id == own)).all()

    assert token.startswith(PREFIX)
    assert all(len(row.hash) == 32 for row in kept)
    assert token not in str(kept)
    assert token.removeprefix(PREFIX) not in str(kept)


def test_a_revoked_token_opens_nothing_and_the_others_still_do(either_story: Story) -> None:
    own = UUID(either_story.organisation)
    revoked, other = new_token(either_story, "wkr"), new_token(either_story, "wkr")
    with either_story.door.database.write(own) as connection:
        row = connection.execute(select(tokens).where(tokens.c.hash == hash_of(revoked))).one()
        assert revoke(connection, own, row.id, row.created_at)

    problem(either_story.client.get("/me", headers=authorized(revoked)), 401, "unknown_token")
    problem(either_story.client.post("/sessions", headers=authorized(revoked), json=meeting()), 401, "unknown_token")
    assert ok(either_story.client.get("/me", headers=authorized(other)))["ref"] == "wkr"


def test_a_token_is_revoked_once(story: Story) -> None:
    token, own = new_token(story, "wkr"), UUID(story.organisation)

    with story.door.database.write(own) as connection:
        row = connection.execute(select(tokens).where(tokens.c.hash == hash_of(token))).one()
        answers = [revoke(connection, own, row.id, row.created_at) for _ in range(2)]

    assert answers == [True, False]


def test_an_expired_token_opens_nothing(either_story: Story) -> None:
    token, own = new_token(either_story, "wkr"), UUID(either_story.organisation)
    with either_story.door.database.write(own) as connection:
        row = connection.execute(select(tokens).where(tokens.c.hash == hash_of(token))).one()
        past = row.created_at - timedelta(days=1)
        connection.execute(update(tokens).where(tokens.c.hash == hash_of(token)).values(expires_at=past))

    problem(either_story.client.get("/me", headers=authorized(token)), 401, "unknown_token")


def test_a_token_is_of_one_organisation(sandbox: Sandbox) -> None:
    here, there = sandbox.story(), sandbox.story()
    session = here.open("sup", "sessions", **meeting())

    assert here.matter("sup", session)["id"] == session["id"]
    answer = there.client.get(f"/matters/{session['id']}", headers=authorized(there.token("sup")))
    problem(answer, 404, "not_found")


# -- the routes
def made(story: Story, who: str, **token: Any) -> dict[str, Any]:
    body = {"name": "nightly", "scopes": ["read"], **token}
    found: dict[str, Any] = ok(story.send(who, "POST", "/tokens", json=body), 201)
    return found


def as_token(story: Story, token: str, method: str, path: str, **more: Any) -> httpx.Response:
    headers = {**authorized(token), **more.pop("headers", {})}
    return story.client.request(method, path, headers=headers, **more)


def test_a_token_is_made_listed_used_and_ended_by_its_owner(either_story: Story) -> None:
    token = made(either_story, "wkr", days=7)
    assert (token["person"], token["name"], token["scopes"]) == ("wkr", "nightly", ["read"])
    assert token["last_used_at"] is None
    assert ok(as_token(either_story, token["token"], "GET", "/me"))["ref"] == "wkr"

    [listed] = [one for one in either_story.items("wkr", "/tokens") if one["id"] == token["id"]]
    assert listed["last_used_at"] is not None
    assert "token" not in listed

    assert either_story.send("wkr", "DELETE", f"/tokens/{token['id']}").status_code == 204
    problem(as_token(either_story, token["token"], "GET", "/me"), 401, "unknown_token")
    problem(either_story.send("wkr", "DELETE", f"/tokens/{token['id']}"), 404, "not_found")


def test_a_repeated_request_makes_no_second_token_and_shows_no_text_again(story: Story) -> None:
    key = {"Idempotency-Key": "once"}
    body = {"name": "nightly", "scopes": ["read"]}

    first, second = (ok(story.send("wkr", "POST", "/tokens", key, json=body), 201) for _ in range(2))

    assert first["token"].startswith(PREFIX)
    assert second == {**first, "token": None}
    with story.door.database.read(UUID(story.organisation)) as connection:
        kept = connection.execute(select(idempotency_keys)).all()
    assert first["token"] not in str(kept)


@pytest.mark.parametrize(
    ("scope", "method", "path", "status"),
    [
        ("read", "GET", "/inbox", 200), ("write", "GET", "/inbox", 403), ("import", "GET", "/inbox", 403),
        ("admin", "GET", "/inbox", 403), ("all", "GET", "/inbox", 200),
        ("read", "POST", "/sessions", 403), ("write", "POST", "/sessions", 422), ("all", "POST", "/sessions", 422),
        ("write", "POST", "/people/import", 403), ("import", "POST", "/people/import", 415),
        ("all", "POST", "/people/import", 415), ("write", "POST", "/closures", 403),
        ("admin", "POST", "/closures", 422), ("all", "POST", "/closures", 422),
        ("read", "POST", "/tokens", 403), ("admin", "POST", "/tokens", 403), ("all", "POST", "/tokens", 422),
        ("write", "POST", "/me/calendar-feed", 403), ("all", "POST", "/me/calendar-feed", 201),
    ],
)  # fmt: skip
def test_a_token_is_good_for_its_scope_alone(story: Story, scope: str, method: str, path: str, status: int) -> None:
    token = made(story, "admin", scopes=[scope])["token"]

    answer = as_token(story, token, method, path, json={} if method == "POST" else None)

    assert answer.status_code == status
    if status == 403:
        body = problem(answer, 403, "insufficient_scope")
        assert f'scope="{body["scope"]}"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize(
    "wrong",
    [{"scopes": []}, {"scopes": ["browser"]}, {"scopes": ["everything"]}, {"days": 0}, {"days": 367}, {"name": ""}],
)
def test_what_a_token_cannot_be_is_said(story: Story, wrong: dict[str, Any]) -> None:
    body = {"name": "nightly", "scopes": ["read"], **wrong}

    problem(story.send("wkr", "POST", "/tokens", json=body), 422, "invalid")


def test_an_administrator_lists_and_ends_everybodys_and_sees_no_text(story: Story) -> None:
    token = made(story, "wkr")

    everybody = story.items("admin", "/tokens", everybody=True)
    assert {one["person"] for one in everybody} >= {"admin", "wkr"}
    assert token["id"] in [one["id"] for one in story.items("admin", "/tokens", person="wkr")]
    assert all(PREFIX not in str(one) for one in everybody)

    assert story.send("admin", "DELETE", f"/tokens/{token['id']}").status_code == 204
    problem(as_token(story, token["token"], "GET", "/me"), 401, "unknown_token")


def test_nobody_else_lists_or_ends_what_is_not_theirs(story: Story) -> None:
    token = made(story, "wkr")

    for query in ({"everybody": True}, {"person": "wkr"}):
        problem(story.send("sup", "GET", "/tokens", params=query), 403, "not_your_move")
    problem(story.send("sup", "DELETE", f"/tokens/{token['id']}"), 404, "not_found")
    problem(story.send("admin", "DELETE", "/tokens/no-uuid"), 404, "not_found")


def test_an_administrator_needs_a_token_for_that_as_well(story: Story) -> None:
    token = made(story, "admin", scopes=["read"])["token"]

    answer = as_token(story, token, "GET", "/tokens", params={"everybody": True})

    problem(answer, 403, "insufficient_scope")


def test_nobody_has_more_than_fifty_at_once(story: Story) -> None:
    made_until_now = len(story.items("wkr", "/tokens"))
    for _ in range(50 - made_until_now):
        made(story, "wkr")

    body = {"name": "one more", "scopes": ["read"]}
    assert problem(story.send("wkr", "POST", "/tokens", json=body), 409, "refused")["guard"] == "few_tokens"


def test_a_list_of_tokens_is_paged(story: Story) -> None:
    wanted = {made(story, "wkr")["id"] for _ in range(3)}

    listed = [one["id"] for one in story.items("wkr", "/tokens", limit=1)]
    assert len(listed) == len(set(listed))
    assert set(listed) >= wanted
