"""What a process looks at before it starts, and what is said where it does not."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.integration.terminal import Terminal

AWAY = "postgresql+psycopg://nobody@127.0.0.1:1/nowhere"


def stand(terminal: Terminal, workflow: str, state: str, closed_at: str | None = None) -> None:
    """The only matter of a new council stands somewhere else, as if another version had brought it there."""
    with closing(sqlite3.connect(terminal.database)) as database, database:
        database.execute("UPDATE matters SET workflow = ?, state = ?, closed_at = ?", (workflow, state, closed_at))


@pytest.mark.parametrize("process", ["serve", "clock", "work"])
def test_no_process_starts_where_a_matter_is_open_in_a_state_that_it_does_not_know(
    terminal: Terminal, process: str
) -> None:
    terminal.council()
    stand(terminal, "employment", "gone")
    terminal.environment["SUPERVISION_REDIS_URL"] = "redis://127.0.0.1:1"

    said = terminal.run(process)

    assert said.exit_code == 1
    assert "does not know: employment in 'gone'. Start the version that brought them there" in said.output


def test_a_workflow_that_is_not_known_is_named_as_well(terminal: Terminal) -> None:
    terminal.council()
    stand(terminal, "sabbatical", "asked_for")

    said = terminal.run("clock")

    assert said.exit_code == 1
    assert "sabbatical in 'asked_for'" in said.output


def test_what_is_looked_up_and_checked_still_can_be(terminal: Terminal) -> None:
    own, _ = terminal.council()
    stand(terminal, "employment", "gone")

    assert own in terminal.run("organisation", "list").output
    assert "the matter is gone, and its last step led to in_post" in terminal.run("verify").output


def test_what_is_closed_keeps_nobody_from_starting(terminal: Terminal) -> None:
    terminal.council()
    stand(terminal, "employment", "gone", "2025-03-03T09:00:00+00:00")
    terminal.environment["SUPERVISION_REDIS_URL"] = "no address"

    said = terminal.run("clock")

    assert "does not know" not in said.output
    assert "Redis URL must" in said.output


# -- settings and databases that do not fit
@pytest.mark.parametrize("setting", ["DATABASE_URL", "MIGRATE_DATABASE_URL"])
def test_a_database_that_is_away_is_not_migrated_and_is_said_to_be_away(terminal: Terminal, setting: str) -> None:
    terminal.environment[f"SUPERVISION_{setting}"] = AWAY

    said = terminal.run("migrate")

    assert said.exit_code == 1
    assert f"The database that SUPERVISION_{setting} names does not answer: " in said.output


@pytest.mark.parametrize("words", [("verify",), ("checkpoint",), ("keys", "rewrap"), ("organisation", "list")])
def test_where_its_owner_is_not_let_in_the_command_says_so(terminal: Terminal, words: tuple[str, ...]) -> None:
    terminal.council()
    terminal.environment["SUPERVISION_MIGRATE_DATABASE_URL"] = AWAY

    said = terminal.run(*words)

    assert said.exit_code == 1
    assert "The database that SUPERVISION_MIGRATE_DATABASE_URL names does not answer: " in said.output


@pytest.mark.parametrize("command", ["verify", "checkpoint", "serve", "clock", "migrate"])
@pytest.mark.parametrize("key", ["short", "c2hvcnQ=", "no base64 at all!"])
def test_a_signing_key_that_signs_nothing_ends_every_command(terminal: Terminal, command: str, key: str) -> None:
    terminal.environment["SUPERVISION_SIGNING_KEY"] = key

    said = terminal.run(command)

    assert said.exit_code == 2
    assert "SUPERVISION_SIGNING_KEY is 32 random bytes in base64" in said.output
    assert key not in said.output


@pytest.mark.parametrize("command", ["serve", "migrate", "verify"])
@pytest.mark.parametrize("setting", ["DATABASE_URL", "MIGRATE_DATABASE_URL"])
@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("mysql://u:hush@db.invalid/x", "There is no storage on mysql: "),
        ("db.invalid/hush", "This is no address of a database: "),
        ("postgresql://u:hu/sh@db.invalid:hush/x", "This is no address of a database: "),
        ("postgresql+nothing://u:hush@db.invalid/x", "This is no address of a database: "),
        ("sqlite+aiosqlite:///hush.sqlite3", "This is no address of a database: "),
        ("sqlite://", "SQLite needs a file here: "),
    ],
)
def test_what_is_no_database_ends_every_command(
    terminal: Terminal, command: str, setting: str, url: str, why: str
) -> None:
    terminal.environment[f"SUPERVISION_{setting}"] = url

    said = terminal.run(command)

    assert said.exit_code == 2
    assert f"SUPERVISION_{setting}: " in said.output
    assert why in said.output
    assert "hush" not in said.output


@pytest.mark.parametrize("command", ["serve", "migrate", "organisation"])
def test_a_file_that_is_no_database_is_said_to_be_none(terminal: Terminal, command: str) -> None:
    terminal.database.write_text("Buy milk. " * 100, "utf-8")

    said = terminal.run(command, *(("list",) if command == "organisation" else ()))

    assert said.exit_code == 1
    assert "The database that SUPERVISION_DATABASE_URL names does not answer: file is not a database" in said.output


def test_a_folder_that_cannot_be_made_is_named(terminal: Terminal) -> None:
    terminal.file("note", "Buy milk.")
    terminal.environment["SUPERVISION_DATABASE_URL"] = f"sqlite:///{terminal.folder}/note/x.sqlite3"

    for command in (("migrate",), ("organisation", "list")):
        said = terminal.run(*command)
        assert said.exit_code == 1
        assert "The database that SUPERVISION_DATABASE_URL names cannot be made: " in said.output
