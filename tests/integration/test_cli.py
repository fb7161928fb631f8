"""The command line: what people type, what they are told, and how a command ends."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import httpx
import pytest

from tests.architecture.source import ROOT
from tests.fixtures.children import free_port
from tests.integration.terminal import PEOPLE, TOKEN, Terminal
from workflows.policy_reader import shipped

#: Seconds that a started service may take to say something; it takes one or two.
_PATIENCE = 60.0
#: How a service ends that is told to; 3 where it is told while it still starts.
_TOLD_TO_END = (0, -signal.SIGINT, 130, 3)


# -- help and settings
@pytest.mark.parametrize(
    "words",
    [
        (), ("settings",), ("serve",), ("work",), ("clock",), ("migrate",), ("import",), ("verify",), ("checkpoint",),
        ("organisation",),
        ("organisation", "create"), ("organisation", "list"), ("policy",), ("policy", "check"), ("policy", "show"),
        ("policy", "new"), ("policy", "diff"), ("policy", "apply"),
        ("keys",), ("keys", "backup"), ("keys", "restore"), ("keys", "public"),
        ("token",), ("token", "create"), ("token", "list"), ("token", "revoke"),
        ("organisation", "sign-in"), ("organisation", "sign-in", "set"), ("organisation", "sign-in", "show"),
        ("organisation", "sign-in", "remove"), ("organisation", "sign-in", "forget"),
    ],
)  # fmt: skip
def test_every_command_explains_itself(words: tuple[str, ...], terminal: Terminal) -> None:
    said = terminal.run(*words, "--help")

    assert said.exit_code == 0
    assert "Usage:" in said.output
    assert len(said.output.split()) > 20


def test_settings_that_do_not_fit_are_named_with_what_to_do(terminal: Terminal) -> None:
    said = Terminal(terminal.folder, terminal.environment | {"SUPERVISION_SECRET_KEY": "short"}).run("migrate")

    assert said.exit_code == 2
    assert "SUPERVISION_SECRET_KEY" in said.output
    assert "short" not in said.output


def test_a_database_that_is_not_migrated_is_refused_with_what_to_do(terminal: Terminal) -> None:
    said = terminal.run("organisation", "list")

    assert said.exit_code == 1
    assert "supervision migrate" in said.output


def test_a_sandbox_is_not_taken_for_a_real_council(terminal: Terminal) -> None:
    terminal.run("migrate")
    said = Terminal(terminal.folder, terminal.environment | {"SUPERVISION_SANDBOX": "1"}).run("organisation", "list")

    assert said.exit_code == 1
    assert "SUPERVISION_SANDBOX" in said.output


def test_the_page_of_settings_is_what_the_code_says(terminal: Terminal) -> None:
    said = terminal.run("settings")

    assert said.exit_code == 0
    assert (ROOT / "docs/settings.md").read_text(encoding="utf-8") == said.output, "run `make settings`"
    assert all(row.count("|") == 4 and not row.endswith("|  |") for row in said.output.splitlines()[7:])


def test_workers_without_redis_are_told_what_to_do(terminal: Terminal) -> None:
    terminal.run("migrate")
    said = terminal.run("work")

    assert said.exit_code == 1
    assert "SUPERVISION_REDIS_URL" in said.output


def test_a_database_that_does_not_answer_is_said_so(terminal: Terminal) -> None:
    away = {"SUPERVISION_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/nowhere"}
    said = Terminal(terminal.folder, terminal.environment | away).run("clock")

    assert said.exit_code == 1
    assert "does not answer" in said.output


# -- organisations and their lists
def test_a_council_is_created_with_a_token_that_is_shown_once(terminal: Terminal) -> None:
    own, token = terminal.council()
    listed = terminal.run("organisation", "list").output

    assert own in listed
    assert "Exampleshire" in listed
    assert token not in listed
    assert token.encode() not in terminal.database.read_bytes()


def test_an_unknown_policy_is_refused_with_those_that_there_are(terminal: Terminal) -> None:
    terminal.run("migrate")
    said = terminal.run("organisation", "create", "--name", "X", "--policy", "york", "--live-from", "2025-03-03")

    assert said.exit_code == 1
    assert "central-bedfordshire" in said.output


def test_a_list_is_imported_and_a_dry_run_keeps_nothing(terminal: Terminal) -> None:
    own, _ = terminal.council()
    people = terminal.file("people.csv", PEOPLE)
    words = ("import", "people", people, "--organisation", own)

    for dry_run in (("--dry-run",), ()):
        assert "added: 1" in terminal.run(*words, *dry_run).output
    assert "unchanged: 1" in terminal.run(*words).output


def test_every_mistake_in_a_list_is_named_by_its_line_and_nothing_is_kept(terminal: Terminal) -> None:
    own, _ = terminal.council()
    rows = "p1,,ann@council.example,team_manager,\np2,Ben,no address,social_worker,p9\n"
    people = terminal.file("people.csv", PEOPLE.splitlines()[0] + "\n" + rows)
    said = terminal.run("import", "people", people, "--organisation", own)

    assert said.exit_code == 1
    assert re.findall(r"line (\d), (\w+):", said.output) == [("2", "name"), ("3", "email"), ("3", "supervisor_ref")]


def test_a_list_for_a_council_that_is_not_there_is_refused(terminal: Terminal) -> None:
    terminal.council()
    people = terminal.file("people.csv", PEOPLE)
    said = terminal.run("import", "people", people, "--organisation", "00000000-0000-7000-8000-000000000000")

    assert said.exit_code == 1
    assert "no organisation" in said.output


# -- policies
def test_a_policy_without_mistakes_can_be_used(terminal: Terminal) -> None:
    file = ROOT / "workflows/policies/leeds.toml"
    said = terminal.run("policy", "check", str(file))

    assert said.exit_code == 0
    assert "can be used" in said.output


def test_every_mistake_in_a_policy_is_named_with_its_key_and_what_was_expected(terminal: Terminal) -> None:
    text = (ROOT / "workflows/policies/leeds.toml").read_text(encoding="utf-8")
    wrong = text.replace('service = "schools"', 'service = "school"').replace("amend_by", "amended_by", 1)
    said = terminal.run("policy", "check", terminal.file("wrong.toml", wrong))

    assert said.exit_code == 1
    for key in ("service", "record.amend_by", "record.amended_by"):
        assert f"wrong.toml: {key}: found" in said.output
    assert "expected one of" in said.output


@pytest.mark.parametrize("policy", shipped())
def test_a_policy_is_shown_in_sentences_with_their_clauses(policy: str, terminal: Terminal) -> None:
    said = terminal.run("policy", "show", policy).output

    assert shipped()[policy].stated_clause in said
    assert "[product default]" in said


def test_a_policy_that_is_not_there_is_answered_with_those_that_are(terminal: Terminal) -> None:
    said = terminal.run("policy", "show", "york")

    assert said.exit_code == 1
    assert "north-somerset" in said.output


# -- serving
@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[tuple[str, Callable[[str], str]]]:
    """A started service, told to end when the block does: its address, and a wait for a line that it prints."""
    port = free_port()
    environment = {"PATH": os.defpath, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **settings}
    command = [sys.executable, "-m", "workers", "serve", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{port}", _waiting(process.stdout)
        finally:
            process.send_signal(signal.SIGINT)
            with suppress(ValueError):
                process.stdout.read()
            assert process.wait(_PATIENCE) in _TOLD_TO_END


def _waiting(output: IO[str]) -> Callable[[str], str]:
    """Reads lines up to one that has a pattern; what it found."""

    def wait_for(pattern: str) -> str:
        said = []
        for line in output:
            said.append(line)
            found = re.search(pattern, line)
            if found:
                return found[0]
        raise AssertionError(f"it ended without {pattern!r}:\n{''.join(said)}")

    return wait_for


def test_without_any_setting_somebody_of_an_example_council_can_sign_in_at_once(tmp_path: Path) -> None:
    with serving(tmp_path) as (address, wait_for):
        token = wait_for(TOKEN.pattern)
        wait_for("is being played")
        answer = httpx.get(f"{address}/api/v1/me", headers={"Authorization": f"Bearer {token}"}, timeout=_PATIENCE)

    assert answer.status_code == 200
    assert answer.json()["job_role"] == "social_worker"
    assert (tmp_path / "var" / "supervision.sqlite3").exists()


def test_a_second_start_goes_on_with_the_councils_that_are_there(tmp_path: Path) -> None:
    for _ in range(2):
        with serving(tmp_path) as (_, wait_for):
            wait_for("is being played")
    with sqlite3.connect(tmp_path / "var" / "supervision.sqlite3") as database:
        names = [name for (name,) in database.execute("SELECT name FROM organisations")]
    database.close()

    assert names == ["Example council under the Central Bedfordshire policy"]


def test_examples_can_be_left_out(tmp_path: Path) -> None:
    with serving(tmp_path, SUPERVISION_EXAMPLES="0") as (address, wait_for):
        wait_for("Serving")
        answer = _patiently(f"{address}/api/v1/openapi.json")

    assert answer.status_code == 200
    with sqlite3.connect(tmp_path / "var" / "supervision.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM organisations").fetchone() == (0,)
    database.close()


def _patiently(address: str) -> httpx.Response:
    """An answer of a service that is about to listen."""
    transport = httpx.HTTPTransport(retries=10)
    with httpx.Client(transport=transport, timeout=_PATIENCE) as client:
        return client.get(address)


# -- keys
def test_wrapped_keys_are_kept_apart_and_brought_back(terminal: Terminal) -> None:
    own, _ = terminal.council()

    kept = terminal.run("keys", "backup", "keys.jsonl", "--organisation", own)
    again = terminal.run("keys", "backup", "keys.jsonl", "--organisation", own)
    back = terminal.run("keys", "restore", "keys.jsonl", "--organisation", own)

    assert (kept.exit_code, again.exit_code, back.exit_code) == (0, 1, 0)
    assert "wrapped keys kept in keys.jsonl" in kept.output
    assert "cannot be made" in again.output
    assert "0 keys brought back" in back.output
    assert (terminal.folder / "keys.jsonl").stat().st_mode & 0o077 == 0


def test_what_is_no_backup_of_keys_is_refused(terminal: Terminal) -> None:
    own, _ = terminal.council()
    said = terminal.run("keys", "restore", terminal.file("notes.txt", "Buy milk."), "--organisation", own)

    assert said.exit_code == 1
    assert "nothing was brought back" in said.output


#: 32 bytes in base64.
SIGNING_KEY = "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="


def test_a_secret_is_replaced_by_another_and_every_text_still_opens(terminal: Terminal) -> None:
    old, new = "the-secret-until-now-and-long-enough", "the-next-secret-and-long-enough-as-well"
    terminal.environment.update(SUPERVISION_SECRET_KEY=old)
    own, _ = terminal.council()
    terminal.environment.update(SUPERVISION_SECRET_KEY=new, SUPERVISION_SECRET_KEYS_ALSO=old)
    terminal.environment["SUPERVISION_SIGNING_KEY"] = SIGNING_KEY

    assert f"{own}: its key is wrapped anew." in terminal.run("keys", "rewrap").output

    del terminal.environment["SUPERVISION_SECRET_KEYS_ALSO"]
    assert "all hold" in terminal.run("verify").output
    terminal.environment["SUPERVISION_SECRET_KEY"] = old
    assert "does not open" in terminal.run("verify").output


def test_a_secret_is_not_replaced_while_signatures_follow_from_it(terminal: Terminal) -> None:
    terminal.council()
    terminal.environment["SUPERVISION_SECRET_KEYS_ALSO"] = terminal.environment["SUPERVISION_SECRET_KEY"]

    refused = terminal.run("keys", "rewrap")

    assert refused.exit_code == 1
    assert "SUPERVISION_SIGNING_KEY" in refused.output
