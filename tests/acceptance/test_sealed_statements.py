"""A sealed referral is looked for as an id that nothing has is: the same statements, and the same answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.fixtures.served import Story

OUTSIDERS = ("wkr", "wkr2", "sup2", "lm", "hos", "aud", "admin")
CLOSE = {"trigger": "close", "data": {"reason": "Guessing."}}
ROUTES: tuple[tuple[str, str, dict[str, Any] | None], ...] = (
    ("GET", "/matters/{}", None),
    ("GET", "/matters/{}/history", None),
    ("GET", "/matters/{}/what-if-nothing", None),
    ("GET", "/matters/{}/views", None),
    ("GET", "/disclosures/{}/copy", None),
    ("GET", "/records/{}/audit-copy", None),
    ("GET", "/matters?parent={}", None),
    ("POST", "/matters/{}/moves", CLOSE),
)


@contextmanager
def statement_log(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement that is sent to PostgreSQL meanwhile, as it is sent, without what is filled in."""
    found: list[str] = []
    execute = psycopg.Cursor.execute

    def noted(self: psycopg.Cursor[Any], query: Any, *more: Any, **named: Any) -> psycopg.Cursor[Any]:
        found.append(query.decode() if isinstance(query, bytes) else str(query))
        return execute(self, query, *more, **named)

    with monkeypatch.context() as patched:
        patched.setattr(psycopg.Cursor, "execute", noted)
        yield found


def asked(
    story: Story, monkeypatch: pytest.MonkeyPatch, who: str, route: tuple[str, str, Any], matter: str
) -> tuple[list[str], int, Any]:
    method, path, body = route
    with statement_log(monkeypatch) as log:
        answer = story.send(who, method, path.format(matter), **({"json": body} if body else {}))
    return log, answer.status_code, answer.json()


@pytest.mark.clause("HAR-37", "HAR-38", "NS-51", "DAR-25", "CBC-64")
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route[0]} {route[1]}")
def test_a_sealed_referral_and_an_unknown_id_run_the_same_statements(
    story: Story, monkeypatch: pytest.MonkeyPatch, route: tuple[str, str, Any]
) -> None:
    body = {"supervisee": "wkr", "about": "record keeping", "facts": "Four visits are not on file."}
    referral, unknown = story.open("sup", "referrals", **body)["id"], str(uuid4())

    for who in OUTSIDERS:
        story.get(who, "/me")
        sealed = asked(story, monkeypatch, who, route, referral)
        nothing = asked(story, monkeypatch, who, route, unknown)

        assert sealed == nothing
        assert sealed[0]


REFERRING: tuple[tuple[str, str, dict[str, Any], str], ...] = (
    ("wkr", "actions", {"what": "Write.", "why": "Late.", "owner": "wkr", "due": "2025-04-01"}, "record"),
    ("sup2", "sessions",
     {"supervisee": "wkr4", "kind": "personal", "starts_at": "2025-03-12T10:00:00+00:00", "minutes": 60}, "follows"),
)  # fmt: skip


@pytest.mark.parametrize(("who", "route", "body", "name"), REFERRING, ids=lambda value: str(value)[:12])
def test_what_is_opened_with_the_id_of_a_sealed_referral_is_answered_as_with_an_unknown_one(
    story: Story, who: str, route: str, body: dict[str, Any], name: str
) -> None:
    story.list_people([{"ref": "wkr4", "job_role": "social_worker", "above": "sup2"}])
    referral = story.open("sup", "referrals", supervisee="wkr", about="visits", facts="Four.")["id"]

    def answered(matter: str) -> tuple[int, Any]:
        answer = story.try_open(who, route, {**body, name: matter})
        return answer.status_code, answer.json()

    status, said = answered(referral)

    assert (status, said) == answered(str(uuid4()))
    assert status == 409
