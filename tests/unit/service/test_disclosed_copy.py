"""What is given out shows everything that is not withheld, and nothing that is."""

from __future__ import annotations

from typing import Any

import pytest

from service.engine.disclosed_copy import Said, newest, parts, sections_of
from workflows.policy_reader import shipped

RULES = shipped()["central-bedfordshire"].disclosure
TEXT = Said("Anna told us that Ben had left.", 4)


def part(start: int, end: int, ground: str = "third_party", step: int = 4) -> dict[str, Any]:
    return {"ground": ground, "step": step, "start": start, "end": end}


def shown(*redactions: dict[str, Any]) -> list[str]:
    return [p.get("text") or f"[{p['withheld']}]" for p in parts(TEXT, redactions, RULES)]


def test_a_text_of_which_nothing_is_withheld_is_shown_whole() -> None:
    assert shown() == [TEXT.text]


def test_an_empty_text_is_shown_as_such() -> None:
    assert parts(Said("", 1), [], RULES) == [{"text": ""}]


@pytest.mark.clause("CBC-67")
def test_a_whole_section_is_withheld_with_its_ground_and_the_clause() -> None:
    assert parts(TEXT, [{"ground": "adoption"}], RULES) == [
        {
            "withheld": "adoption",
            "title": "it is from an adoption record",
            "clause": "CBC-67",
            "goes_to": "the adoption team",
        }
    ]


def test_parts_of_a_text_are_withheld_wherever_they_stand() -> None:
    assert shown(part(0, 4)) == ["[third_party]", " told us that Ben had left."]
    assert shown(part(18, 21), part(0, 4, "crime")) == ["[crime]", " told us that ", "[third_party]", " had left."]
    assert shown(part(22, 400)) == ["Anna told us that Ben ", "[third_party]"]


def test_parts_that_overlap_or_touch_leave_nothing_between_them() -> None:
    assert shown(part(0, 10), part(5, 17, "crime")) == ["[third_party]", "[crime]", " Ben had left."]
    assert shown(part(0, 10), part(2, 6, "crime")) == ["[third_party]", "us that Ben had left."]


def test_where_the_text_was_changed_after_it_was_marked_all_of_it_is_withheld() -> None:
    assert shown(part(0, 4, step=3)) == ["[third_party]"]


def test_a_ground_that_the_policy_no_longer_has_still_withholds() -> None:
    assert parts(TEXT, [{"ground": "old_ground"}], RULES) == [{"withheld": "old_ground"}]


def test_the_newest_text_of_each_section_counts() -> None:
    said = newest({1: {"sections.plan": "One.", "reason": "x"}, 3: {"sections.plan": "Two."}})
    assert sections_of(said) == {"plan": Said("Two.", 3)}
