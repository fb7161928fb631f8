"""Policies on the command line: beginning one, and what differs between two."""

from __future__ import annotations

import pytest

from tests.integration.terminal import Terminal
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
