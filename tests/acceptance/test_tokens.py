"""Tokens: shown once, kept only as a hash, good until they are revoked or expire, and of one organisation."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from service.identity.tokens import PREFIX, hash_of, revoke
from service.storage.tables import tokens
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
