"""A council begins its policy from another one's text, in which everything is explained and nothing is changed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import pytest

from tests.unit.workflows.councils import COUNCILS
from workflows.policy import Policy
from workflows.policy_annotated import annotated
from workflows.policy_parts import Part
from workflows.policy_reader import part_types, read_policy, shipped, shipped_text


def comments(text: str) -> str:
    """All comments of a text as one line of words."""
    lines = [line.removeprefix("#").strip() for line in text.splitlines() if line.startswith("#")]
    return " ".join(lines)


def parts(part: type[Part]) -> Iterator[type[Part]]:
    """A kind of part and every kind below it."""
    yield part
    for info in part.model_fields.values():
        for inner in part_types(info.annotation):
            yield from parts(inner)


ALL_PARTS = sorted(set(parts(Policy)), key=lambda part: part.__name__)


@pytest.mark.parametrize("council", COUNCILS)
def test_the_explained_text_says_what_the_plain_one_says(council: str) -> None:
    text = annotated(shipped_text(council))

    assert tomllib.loads(text) == tomllib.loads(shipped_text(council))
    assert read_policy(text, "our.toml") == shipped()[council]


@pytest.mark.parametrize("council", COUNCILS)
def test_explaining_a_text_again_changes_nothing(council: str) -> None:
    once = annotated(shipped_text(council))

    assert annotated(once) == once


@pytest.mark.parametrize("council", COUNCILS)
def test_every_key_of_every_section_is_explained_where_it_stands_or_could_stand(council: str) -> None:
    text = annotated(shipped_text(council))
    said = comments(text)
    headers = set(re.findall(r"^\[\[?([a-z_.]+)\]", text, re.MULTILINE))

    for header in headers:
        part = Policy
        for step in header.split("."):
            part = next(part_types(part.model_fields[step].annotation))  # type: ignore[assignment] # goes down
        for key in part.model_fields:
            assert f"{key}: " in said or f"{header}.{key}" in headers, (header, key)


@pytest.mark.parametrize("part", ALL_PARTS, ids=lambda part: part.__name__)
def test_the_model_explains_every_plain_value_and_every_kind_of_part(part: type[Part]) -> None:
    unexplained = [
        key for key, info in part.model_fields.items() if not info.description and not list(part_types(info.annotation))
    ]

    assert part.__doc__
    assert unexplained == [], "give each of these keys a docstring below it"


def test_a_period_is_explained_with_its_units_and_where_the_clause_goes() -> None:
    said = comments(annotated(shipped_text("central-bedfordshire")))

    assert (
        "sign_by: How long the supervisee has to sign or dispute it; left out where the policy has no window. "
        "Written as a period, counted in working_days, calendar_days."
    ) in said
    assert 'clause: The clause that gives the period. A clause, or "product default".' in said
    assert "counted in weeks, months, years, calendar_months" in said


def test_a_choice_of_words_is_listed() -> None:
    said = comments(annotated(shipped_text("leeds")))

    assert "One of line, team_manager, named_person, mediator." in said
    assert "A list of personal, case, combined, group, unplanned." in said


def test_a_key_is_explained_once_however_many_rows_there_are() -> None:
    said = comments(annotated(shipped_text("central-bedfordshire")))

    assert said.count("category: The category as the list of cases has it") == 1
    assert said.count("circulate_by: ") == 1


def test_what_could_be_added_is_said_in_the_section_where_it_would_stand() -> None:
    text = annotated(shipped_text("haringey"))

    before, _, after = text.partition("[absence]")
    assert "May be added, long: " not in before
    assert "May be added, long: " in after.partition("\n[")[0]


def test_comments_of_the_text_itself_are_left_behind() -> None:
    assert "Central Bedfordshire, children's services" in shipped_text("central-bedfordshire").splitlines()[0]
    assert "Central Bedfordshire" not in comments(annotated(shipped_text("central-bedfordshire")))
