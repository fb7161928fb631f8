"""What a process looks at before it starts, and what is said where it does not."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.integration.terminal import Terminal


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
