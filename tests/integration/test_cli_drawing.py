"""Drawings on the command line: as a file for people or other tools, or told in words."""

from __future__ import annotations

import pytest

from diagrams.extract import graph_of
from diagrams.formats import FORMATS, written
from diagrams.outline import as_text
from tests.integration.terminal import Terminal
from workflows.policy_reader import shipped, shipped_text
from workflows.vocabulary import Workflow


@pytest.mark.parametrize("form", FORMATS)
def test_a_workflow_is_drawn_into_a_file_of_any_format(form: str, terminal: Terminal) -> None:
    file = terminal.folder / f"record.{form}"

    said = terminal.run("diagram", "record", "--policy", "central-bedfordshire", "-o", str(file))

    assert said.exit_code == 0, said.output
    assert file.read_bytes() == written(graph_of(Workflow.record, shipped()["central-bedfordshire"]), form)


def test_without_a_file_it_is_told_in_words(terminal: Terminal) -> None:
    said = terminal.run("diagram", "dispute", "--policy", "leeds")

    assert said.stdout == as_text(graph_of(Workflow.dispute, shipped()["leeds"]))


def test_a_councils_own_policy_is_drawn_from_its_file_and_compared(terminal: Terminal) -> None:
    ours = terminal.file("ours.toml", shipped_text("central-bedfordshire"))

    said = terminal.run("diagram", "record", "--policy", ours, "--compare", "north-somerset")

    assert "compared with Supervision policy" in said.stdout
    assert "Deemed accepted" in said.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("oversight", "--policy", "leeds"), "The policy has no use for the workflow oversight."),
        (("record", "--policy", "leeds", "-o", "record.gif"), "record.gif: its ending is none of svg,"),
        (("record", "--policy", "atlantis"), "There is no policy and no file 'atlantis'"),
        (("record", "--policy", "leeds", "-o", "nowhere/record.svg"), "nowhere/record.svg cannot be written"),
    ],
)
def test_what_cannot_be_drawn_is_said(words: tuple[str, ...], sentence: str, terminal: Terminal) -> None:
    said = terminal.run("diagram", *words)

    assert said.exit_code == 1
    assert sentence in said.output
