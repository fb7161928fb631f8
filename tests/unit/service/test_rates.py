"""Limits: by token, by person and by address, with a Redis that is away."""

from __future__ import annotations

import time
from uuid import UUID

import pytest
from limits.errors import StorageError
from limits.storage import MemoryStorage
from pydantic import SecretStr

from service.identity.counts import OwnCounts
from service.identity.rates import Rates
from service.problems import Problem
from service.settings import Settings

COUNCIL, FIRST, SECOND = UUID(int=1), UUID(int=2), UUID(int=3)


class Away(MemoryStorage):
    """A storage that does not answer, and counts how often it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:  # noqa: ARG002 - the library's
        self.asked += 1
        raise StorageError(ConnectionError("away"))


def rates(requests: int = 3, attempts: int = 2) -> Rates:
    return Rates(None, requests, attempts)


def refused(error: pytest.ExceptionInfo[Problem]) -> None:
    problem = error.value
    assert (problem.status, problem.code) == (429, "too_many")
    assert 1 <= int(str(problem.more["retry_after"])) <= 60


def test_a_token_may_ask_so_often_in_a_minute_and_is_told_when_to_go_on() -> None:
    counted = rates()
    for _ in range(3):
        counted.ask(COUNCIL, "wkr", FIRST)

    with pytest.raises(Problem) as error:
        counted.ask(COUNCIL, "wkr", FIRST)
    refused(error)


def test_a_program_of_somebody_leaves_their_browser_room() -> None:
    counted = rates()
    for _ in range(3):
        counted.ask(COUNCIL, "wkr", FIRST)
    with pytest.raises(Problem):
        counted.ask(COUNCIL, "wkr", FIRST)

    counted.ask(COUNCIL, "wkr", SECOND)


def test_many_tokens_of_one_person_give_them_no_more_than_twice_as_much() -> None:
    counted = rates()
    for number in range(6):
        counted.ask(COUNCIL, "wkr", UUID(int=10 + number))

    with pytest.raises(Problem) as error:
        counted.ask(COUNCIL, "wkr", UUID(int=99))
    refused(error)
    counted.ask(COUNCIL, "sup", UUID(int=100))
    counted.ask(UUID(int=5), "wkr", UUID(int=101))


def test_addresses_are_counted_apart_and_those_of_one_network_of_ipv6_together() -> None:
    counted = rates()
    for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"):
        counted.attempt(address)

    counted.attempt("192.0.2.2")
    for address in ("192.0.2.1", "2001:db8::3"):
        with pytest.raises(Problem):
            counted.attempt(address)


def test_no_limit_is_no_limit() -> None:
    counted = rates(0, 0)
    for _ in range(50):
        counted.ask(COUNCIL, "wkr", FIRST)
        counted.attempt("192.0.2.1")


def test_processes_that_share_a_count_have_one_limit_together() -> None:
    shared, now = MemoryStorage(), time.time()
    first, second = (Rates(shared, 0, 100, clock=lambda: now) for _ in range(2))
    passes = [passed(one) for _ in range(100) for one in (first, second)]

    assert 100 <= sum(passes) <= 104
    assert not passes[-1]
    assert not passes[-2]


def passed(one: Rates) -> bool:
    try:
        one.attempt("192.0.2.1")
    except Problem:
        return False
    return True


def test_while_the_shared_count_is_away_each_process_counts_for_itself_and_does_not_wait_every_time() -> None:
    away, now = Away(), [100.0]
    counted = Rates(away, 3, 3, clock=lambda: now[0])
    for _ in range(3):
        counted.attempt("192.0.2.1")
    with pytest.raises(Problem):
        counted.attempt("192.0.2.1")
    assert away.asked == 1

    now[0] += 11
    counted.attempt("192.0.2.9")
    assert away.asked == 2


def test_after_its_minute_everybody_begins_anew() -> None:
    now = [100.0]
    counted = Rates(None, 0, 1, clock=lambda: now[0])
    counted.attempt("192.0.2.1")
    with pytest.raises(Problem):
        counted.attempt("192.0.2.1")

    now[0] += 60
    counted.attempt("192.0.2.1")


@pytest.mark.parametrize(("sandbox", "said", "passes"), [(True, None, 2_000), (False, None, 1_200), (True, 2, 2)])
def test_a_sandbox_has_no_limits_unless_they_are_said(sandbox: bool, said: int | None, passes: int) -> None:  # noqa: FBT001 - a case
    settings = Settings(
        database_url="sqlite:///x.sqlite3", secret_key=SecretStr("x" * 32), sandbox=sandbox, requests_per_minute=said
    )
    counted = Rates.of(settings)
    for _ in range(passes):
        counted.ask(COUNCIL, "wkr", FIRST)

    if passes < 2_000:
        with pytest.raises(Problem):
            counted.ask(COUNCIL, "wkr", FIRST)


def test_what_is_over_is_forgotten_and_a_count_that_is_open_is_kept() -> None:
    now = [100.0]
    counts = OwnCounts(lambda: now[0])
    for number in range(10_000):
        counts.add(str(number), 60)
    now[0] += 60

    assert counts.add("wkr", 60) == (1, 220.0)
    assert counts.add("wkr", 60) == (2, 220.0)
    assert len(counts) == 1
