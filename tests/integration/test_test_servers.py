"""The servers that tests bring along answer, and leave nothing behind."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import redis
from sqlalchemy import URL, create_engine, make_url, text

from tests.fixtures.children import ServerDidNotStartError, running
from tests.fixtures.postgres import fresh_database, given_postgres, main
from tests.fixtures.postgres_server import answers as postgres_answers
from tests.fixtures.postgres_server import connect, own_postgres
from tests.fixtures.redis import some_redis
from tests.fixtures.redis_server import answers as redis_answers
from tests.fixtures.redis_server import own_redis

SAY_WHERE = """
import sys
from tests.fixtures.{module} import {server}
with {server}() as own:
    print(own.pid, own.directory, flush=True)
    sys.stdin.read()
"""


def family(pid: int) -> list[psutil.Process]:
    """A process and all that it started."""
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def scalar(url: str | URL, query: str) -> object:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return connection.execute(text(query)).scalar_one()
    finally:
        engine.dispose()


def databases(server: URL) -> set[str]:
    with connect(server) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall()}


def test_a_postgres_brought_along_answers_who_has_its_password_and_is_gone_after_use() -> None:
    with own_postgres() as own:
        started = family(own.pid)
        assert scalar(own.url, "SELECT 6 * 7") == 42
        assert not postgres_answers(own.url.set(password="a guess"))  # noqa: S106 - a wrong one on purpose
        assert started[0].uids().effective != 0

    assert not [process for process in started if process.is_running()]
    assert not own.directory.exists()


def test_a_redis_brought_along_answers_who_has_its_password_and_is_gone_after_use() -> None:
    with own_redis() as own:
        started = family(own.pid)
        with redis.Redis.from_url(own.url, decode_responses=True) as client:
            client.set("colour", "green")
            assert client.get("colour") == "green"
        assert not redis_answers(own.url.replace("redis://:", "redis://:not"))
        assert started[0].uids().effective != 0

    assert not [process for process in started if process.is_running()]
    assert not own.directory.exists()


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    broken = [sys.executable, "-c", "raise SystemExit('no such setting')"]

    with (
        pytest.raises(ServerDidNotStartError, match="no such setting"),
        running(broken, tmp_path, None, stdin=b"x" * 2**20, answers=lambda: False, stop=signal.SIGTERM),
    ):
        pytest.fail("it never answered")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
@pytest.mark.parametrize(("module", "server"), [("postgres_server", "own_postgres"), ("redis_server", "own_redis")])
def test_a_server_ends_when_the_tests_that_started_it_are_killed(module: str, server: str) -> None:
    script = SAY_WHERE.format(module=module, server=server)
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        pid, directory = parent.stdout.readline().decode().split()
        started = family(int(pid))
        parent.kill()

    _, alive = psutil.wait_procs(started, timeout=20)
    shutil.rmtree(directory)

    assert alive == []


def test_a_database_is_new_for_each_test_and_dropped_even_while_in_use(postgres_server: URL) -> None:
    with fresh_database(postgres_server) as first, fresh_database(postgres_server) as second:
        names = {make_url(first).database, make_url(second).database}
        assert names <= databases(postgres_server)
        still_there = connect(make_url(first))

    assert not names & databases(postgres_server)
    still_there.close()


def test_the_server_named_in_the_environment_is_used(postgres_server: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    named = postgres_server.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("SUPERVISION_TEST_POSTGRES", named)

    given = given_postgres()

    assert given == postgres_server
    assert scalar(given, "SELECT 1") == 1


def test_the_redis_named_in_the_environment_is_used(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPERVISION_TEST_REDIS", redis_url)

    with some_redis() as used:
        assert used == redis_url


def test_a_command_is_run_on_a_fresh_database_and_its_status_is_passed_on(
    postgres_server: URL, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SUPERVISION_TEST_POSTGRES", postgres_server.render_as_string(hide_password=False))
    say_url_and_fail = "import os; print(os.environ['SUPERVISION_DATABASE_URL']); raise SystemExit(3)"

    status = main(["--", sys.executable, "-c", say_url_and_fail])

    assert status == 3
    database = make_url(capfd.readouterr().out.strip()).database
    assert (database or "").startswith("supervision_test_")
    assert database not in databases(postgres_server)
