"""What a move costs: few statements, and none more for a key, a long history or a full organisation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from tests.acceptance.beginnings import booked, disputed, drafted, raised, sent
from tests.acceptance.browsing import browsing
from tests.fixtures.served import Story, ok

#: The most statements of one move, beside the message that begins its transaction and the commit.
MOST = 10
Move = Callable[[Story], tuple[str, dict[str, Any], str, dict[str, Any]]]


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements that reach PostgreSQL meanwhile, however they are sent; those that begin a transaction apart."""
    found: list[str] = []
    execute = psycopg.Cursor.execute

    def noted(cursor: Any, query: Any, *more: Any, **named: Any) -> Any:
        statement = query.decode() if isinstance(query, bytes) else str(query)
        if not statement.startswith("BEGIN"):
            found.append(statement)
        return execute(cursor, query, *more, **named)

    with monkeypatch.context() as patched:
        patched.setattr(psycopg.Cursor, "execute", noted)
        yield found


def writing(story: Story) -> tuple[str, dict[str, Any], str, dict[str, Any]]:
    return "sup", drafted(story), "write", {"sections": {"personal_discussion": "A quiet week."}}


def circulating(story: Story) -> tuple[str, dict[str, Any], str, dict[str, Any]]:
    return "sup", drafted(story, personal_discussion="A quiet week."), "circulate", {}


def signing(story: Story) -> tuple[str, dict[str, Any], str, dict[str, Any]]:
    return "wkr", sent(story), "sign", {}


def moving(story: Story) -> tuple[str, dict[str, Any], str, dict[str, Any]]:
    return "sup", booked(story), "move", {"starts_at": "2025-03-06T10:00:00+00:00", "reason": "A hearing."}


def escalating(story: Story) -> tuple[str, dict[str, Any], str, dict[str, Any]]:
    return "wkr", raised(story), "escalate", {}


def disputing(story: Story) -> tuple[str, dict[str, Any], str, dict[str, Any]]:
    return "wkr", sent(story), "dispute", {"statement": "That is not what was said."}


def cancelling(story: Story) -> tuple[str, dict[str, Any], str, dict[str, Any]]:
    return "sup", booked(story), "cancel", {"cause": "diary", "reason": "A hearing."}


def filing(story: Story) -> tuple[str, dict[str, Any], str, dict[str, Any]]:
    story.move("wkr", sent(story), "sign")
    return "sup", story.one("sup", workflow="filing"), "acknowledge", {"reference": "BOX-7"}


MOVES = (writing, circulating, signing, moving, escalating, disputing, cancelling, filing)


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "the only one"}], ids=["without a key", "with a key"])
@pytest.mark.parametrize("move", MOVES)
def test_a_move_takes_at_most_ten_statements(
    story: Story, monkeypatch: pytest.MonkeyPatch, move: Move, key: dict[str, str]
) -> None:
    who, matter, trigger, data = move(story)
    story.token(who)

    with counted(monkeypatch) as statements:
        ok(story.try_move(who, matter, trigger, data, key))

    assert 0 < len(statements) <= MOST, statements


def test_a_long_history_costs_no_statement_more(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    who, matter, trigger, data = writing(story)

    costs = []
    for _ in range(8):
        with counted(monkeypatch) as statements:
            ok(story.try_move(who, matter, trigger, data))
        costs.append(len(statements))

    assert len(set(costs[1:])) == 1


def test_a_replay_takes_no_more_than_two_moves(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    who, matter, trigger, data = signing(story)
    key = {"Idempotency-Key": "the only one"}
    ok(story.try_move(who, matter, trigger, data, key))

    with counted(monkeypatch) as statements:
        ok(story.try_move(who, matter, trigger, data, key))

    assert len(statements) <= 2 * MOST


def test_what_is_refused_writes_nothing(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    record = story.move("wkr", sent(story), "sign")

    with counted(monkeypatch) as statements:
        assert story.try_move("wkr", record, "sign").status_code == 409

    assert not [s for s in statements if "INSERT" in s or "UPDATE matters" in s]


@pytest.mark.parametrize("path", ["/matters", "/inbox", "/notices"])
def test_a_list_of_fifty_costs_no_more_statements_than_one_of_one(
    story: Story, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    for _ in range(4):
        disputed(story)
        raised(story)

    costs = {}
    for limit in (1, 50):
        with counted(monkeypatch) as statements:
            assert story.get("wkr", path, limit=limit)["items"]
        costs[limit] = len(statements)

    assert costs[50] <= costs[1] <= MOST


def test_the_start_page_takes_no_more_statements_however_much_waits(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs = []
    with browsing(story, "wkr") as browser:
        for _ in range(3):
            sent(story)
            raised(story)
            browser.get("/")
            with counted(monkeypatch) as statements:
                assert browser.get("/").status_code == 200
            costs.append(len(statements))

    assert max(costs) <= MOST, costs
    assert costs[1] == costs[2]
