"""Policies on the command line: beginning one, and what differs between two."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime

import pytest

from tests.integration.terminal import PEOPLE, Terminal
from workflows.policy_annotated import annotated
from workflows.policy_reader import shipped, shipped_text


# -- beginning one
@pytest.mark.parametrize("policy", shipped())
def test_a_policy_that_is_begun_like_another_can_be_used_as_it_is(policy: str, terminal: Terminal) -> None:
    file = str(terminal.folder / "ours.toml")

    begun = terminal.run("policy", "new", "--like", policy, "-o", file)
    checked = terminal.run("policy", "check", file)

    assert (begun.exit_code, checked.exit_code) == (0, 0), begun.output + checked.output
    assert f"supervision policy check {file}" in begun.output
    assert "can be used" in checked.output


def test_without_a_file_it_is_printed_as_it_would_be_written(terminal: Terminal) -> None:
    said = terminal.run("policy", "new", "--like", "leeds")

    assert said.stdout == annotated(shipped_text("leeds"))


def test_a_file_that_is_there_is_not_written_over(terminal: Terminal) -> None:
    file = terminal.file("ours.toml", "ours")

    said = terminal.run("policy", "new", "--like", "leeds", "-o", file)

    assert said.exit_code == 1
    assert "is there already; nothing was written" in said.output
    assert (terminal.folder / "ours.toml").read_text(encoding="utf-8") == "ours"


def test_a_place_that_cannot_be_written_is_named_with_the_reason(terminal: Terminal) -> None:
    said = terminal.run("policy", "new", "--like", "leeds", "-o", "nowhere/ours.toml")

    assert said.exit_code == 1
    assert "nowhere/ours.toml cannot be written: No such file or directory." in said.output


def test_a_policy_to_begin_with_must_be_one_that_there_is(terminal: Terminal) -> None:
    said = terminal.run("policy", "new", "--like", "york")

    assert said.exit_code == 1
    assert "There is no policy 'york'; the policies are: central-bedfordshire" in said.output


# -- what differs
@pytest.mark.clause("CBC-42")
def test_differences_are_told_with_both_clauses(terminal: Terminal) -> None:
    text = shipped_text("central-bedfordshire")
    window = 'sign_by = { value = 5, unit = "working_days", clause = "CBC-42" }'
    ours = terminal.file("ours.toml", text.replace(window, window.replace("5", "10", 1)))

    said = terminal.run("policy", "diff", "central-bedfordshire", ours)

    assert said.exit_code == 0
    assert said.output.splitlines() == [
        "changed  Record, case, sign by: was 5 working days [CBC-42], is 10 working days [CBC-42].",
        "1 difference.",
    ]


def test_two_that_say_the_same_are_said_to_do_so(terminal: Terminal) -> None:
    assert terminal.run("policy", "diff", "leeds", "leeds").output == "The two say the same.\n"


def test_what_is_no_policy_cannot_be_compared(terminal: Terminal) -> None:
    said = terminal.run("policy", "diff", "leeds", "york")

    assert said.exit_code == 1
    assert "There is no policy and no file 'york'" in said.output


# -- printing
@pytest.mark.clause("DAR-20")
def test_contradictions_are_shown_in_a_chapter_of_their_own(terminal: Terminal) -> None:
    said = terminal.run("policy", "show", "darlington").output
    chapter = said.partition("Where the policy contradicts itself")[2]

    assert "The longest interval is given as 6 months and as 26 weeks. Here: Whichever ends earlier." in chapter
    assert "[DAR-20]" in chapter


# -- applying one
def today() -> str:
    """The day on which a real council's clock stands."""
    return datetime.now(UTC).date().isoformat()


@pytest.fixture
def leeds(terminal: Terminal) -> str:
    """The id of a council with a manager and a worker, live under Leeds' policy."""
    own, _ = terminal.council()
    worker = "p2,Bea Example,bea@council.example,learning_mentor,p1\n"
    taken = terminal.run("import", "people", terminal.file("people.csv", PEOPLE + worker), "--organisation", own)
    assert taken.exit_code == 0, taken.output
    return own


def fortnightly(terminal: Terminal, number: str = "2") -> str:
    """A file with a version of Leeds' policy under which learning mentors are seen every two weeks."""
    text = shipped_text("leeds").replace('version = "1"', f'version = "{number}"')
    row = 'every = { value = 4, unit = "weeks", clause = "LDS-38, LDS-39"'
    assert row in text
    return terminal.file("ours.toml", text.replace(row, 'every = { value = 2, unit = "weeks", clause = "LDS-21"'))


def versions(terminal: Terminal) -> list[str]:
    with sqlite3.connect(terminal.database) as database:
        found = [version for (version,) in database.execute("SELECT version FROM policies ORDER BY version")]
    database.close()
    return found


@pytest.mark.clause("LDS-21", "LDS-38")
def test_a_dry_run_lists_whose_dates_would_move_from_what_to_what(terminal: Terminal, leeds: str) -> None:
    said = terminal.run(
        "policy", "apply", fortnightly(terminal), "--organisation", leeds, "--from", today(), "--dry-run",
        "--deadline", "supervise_by=restart",
    )  # fmt: skip

    assert said.exit_code == 0, said.output
    assert re.search(
        r"entitlement \(supervisee p2, supervisor p1\), supervise_by: "
        r"\d{4}-\d\d-\d\d \[LDS-38, LDS-39\] becomes \d{4}-\d\d-\d\d \[LDS-21\]",
        said.output,
    )  # fmt: skip
    assert f"Version 2 of leeds, in force from {today()}: 1 date would move; nothing was kept." in said.output
    assert versions(terminal) == ["1"]


def test_applying_says_how_many_dates_moved_and_the_history_still_verifies(terminal: Terminal, leeds: str) -> None:
    said = terminal.run(
        "policy", "apply", fortnightly(terminal), "--organisation", leeds, "--from", today(),
        "--deadline", "supervise_by=restart",
    )  # fmt: skip

    assert said.exit_code == 0, said.output
    assert "1 date moved." in said.output
    assert versions(terminal) == ["1", "2"]
    assert "all hold" in terminal.run("verify").output


def test_what_does_not_fit_is_said_and_nothing_is_kept(terminal: Terminal, leeds: str) -> None:
    past = terminal.run("policy", "apply", fortnightly(terminal), "--organisation", leeds, "--from", "2020-01-01")
    same = terminal.run("policy", "apply", fortnightly(terminal, "1"), "--organisation", leeds, "--from", today())
    wrong = terminal.run(
        "policy", "apply", terminal.file("x.toml", "id = 1"), "--organisation", leeds, "--from", today()
    )

    assert [said.exit_code for said in (past, same, wrong)] == [1, 1, 1]
    assert "2020-01-01 is past" in past.output
    assert "Version 1 does not come after version 1" in same.output
    assert "x.toml: id: found 1, expected text in quotes." in wrong.output
    assert all("Nothing was kept." in said.output for said in (past, same, wrong))
    assert versions(terminal) == ["1"]


def test_a_council_may_begin_with_a_policy_of_its_own(terminal: Terminal) -> None:
    terminal.run("migrate")
    text = annotated(shipped_text("leeds")).replace('id = "leeds"', 'id = "ours"')
    made = terminal.run(
        "organisation", "create", "--name", "Ours", "--policy", terminal.file("first.toml", text),
        "--live-from", "2025-03-03",
    )  # fmt: skip
    own = re.findall(r"[0-9a-f-]{36}", made.output)[0]
    next_one = terminal.file("next.toml", text.replace('version = "1"', 'version = "2"'))

    applied = terminal.run("policy", "apply", next_one, "--organisation", own, "--from", today())

    assert (made.exit_code, applied.exit_code) == (0, 0), made.output + applied.output
    assert "Version 2 of ours" in applied.output
    assert "ours" in terminal.run("organisation", "list").output


def test_a_policy_with_mistakes_begins_no_council(terminal: Terminal) -> None:
    terminal.run("migrate")
    made = terminal.run(
        "organisation", "create", "--name", "Ours", "--policy", terminal.file("x.toml", "id = 1"), "--live-from",
        "2025-03-03",
    )  # fmt: skip

    assert made.exit_code == 1
    assert "x.toml: id: found 1, expected text in quotes." in made.output


@pytest.mark.parametrize("how", ["supervise_by", "supervise_by=later", "sign_by=keep", "=keep"])
def test_what_becomes_of_a_deadline_must_be_said_in_the_words_that_there_are(
    how: str, terminal: Terminal, leeds: str
) -> None:
    said = terminal.run(
        "policy", "apply", fortnightly(terminal), "--organisation", leeds, "--from", today(), "--deadline", how
    )

    assert said.exit_code == 1
    assert f"--deadline {how!r}: expected one of supervise_by, " in said.output
    assert "keep, recompute, restart" in said.output
