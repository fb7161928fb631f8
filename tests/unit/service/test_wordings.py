"""What is contested in a record stands beside what the record says, and beside what it became."""

from __future__ import annotations

from typing import Any

from service.pages.wordings import contested_in

TITLES = {"discussion": "What was discussed", "actions": "Actions"}


def step(trigger: str, **data: str) -> dict[str, Any]:
    """A step of a record's history; sections are named after their form."""
    return {"trigger": trigger, "data": {name.replace("__", "."): text for name, text in data.items()}}


SENT = [
    step("open", sections__discussion="First. We close the case. Last.", sections__actions="None."),
    step("circulate"),
]


def test_contested_words_are_marked_where_they_stand() -> None:
    found = contested_in([*SENT, step("dispute", passages="we close the case.")], TITLES)

    [wording] = found.wordings
    assert wording.title == "What was discussed"
    assert wording.before == (("First. ", False), ("We close the case.", True), (" Last.", False))
    assert (wording.contested, wording.after) == (("we close the case.",), None)
    assert found.elsewhere == ()


def test_words_that_stand_nowhere_are_shown_all_the_same() -> None:
    found = contested_in([*SENT, step("dispute", passages="the second paragraph")], TITLES)

    assert found.wordings == ()
    assert found.elsewhere == ("the second paragraph",)


def test_an_amended_section_is_shown_as_it_was_and_as_it_is() -> None:
    amended = [*SENT, step("dispute", passages=""), step("amend", sections__actions="Ring the school.")]

    [wording] = contested_in(amended, TITLES).wordings

    assert wording.before == (("None.", False),)
    assert wording.after == (("Ring the school.", False),)


def test_what_is_contested_again_is_marked_in_what_was_amended() -> None:
    twice = [
        *SENT,
        step("dispute", passages="We close the case."),
        step("amend", sections__discussion="First. We wait. Last."),
        step("dispute", passages="We wait."),
    ]

    found = contested_in(twice, TITLES)

    [wording] = found.wordings
    assert ("We close the case.", True) in wording.before
    assert wording.after == (("First. ", False), ("We wait.", True), (" Last.", False))
    assert found.elsewhere == ()


def test_a_passage_that_reads_like_a_pattern_is_taken_at_its_word() -> None:
    record = [step("open", sections__discussion="Costs (a+b) rise."), step("dispute", passages="(a+b)")]

    [wording] = contested_in(record, TITLES).wordings

    assert ("(a+b)", True) in wording.before
